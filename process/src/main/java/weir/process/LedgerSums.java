package weir.process;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/** A number for each ledger row; rows whose number is 0 take no memory. Used by one thread. */
final class LedgerSums {
  private final Map<LedgerCount.Key, Long> sums = new HashMap<>();

  void add(LedgerCount.Key key, long n) {
    if (n != 0) {
      sums.merge(key, n, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  void addAll(LedgerSums others) {
    others.sums.forEach(this::add);
  }

  void subtractAll(LedgerSums others) {
    others.sums.forEach((key, n) -> add(key, -n));
  }

  long get(LedgerCount.Key key) {
    return sums.getOrDefault(key, 0L);
  }

  void forEach(ObjLongConsumer<LedgerCount.Key> action) {
    sums.forEach(action::accept);
  }

  void clear() {
    sums.clear();
  }

  int size() {
    return sums.size();
  }
}
