package weir.process;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.RawPosition;
import weir.log.Position;

/** Decisions that were read together and are not known to be in the tables. */
final class LedgerRound {
  final Map<LedgerCount.Key, LedgerCount> counts = new HashMap<>();

  /** The requests' events that these decisions have passed, counted from the raw log. */
  final LedgerSums passed = new LedgerSums();

  private Position end;
  private @Nullable RawPosition decided;

  LedgerRound(Position end, @Nullable RawPosition decided) {
    this.end = end;
    this.decided = decided;
  }

  LedgerCount of(LedgerCount.Key key) {
    return counts.computeIfAbsent(key, k -> new LedgerCount());
  }

  /** Makes this round and the one after it one. */
  void extend(LedgerRound next) {
    next.counts.forEach((key, count) -> of(key).add(count));
    passed.addAll(next.passed);
    moveTo(next.end, next.decided);
  }

  void moveTo(Position newEnd, @Nullable RawPosition lastDecided) {
    end = newEnd;
    decided = lastDecided;
  }

  /** Up to where the clean log was read for it. */
  Position end() {
    return end;
  }

  /** The last decision before its end. */
  @Nullable RawPosition decided() {
    return decided;
  }

  int size() {
    return counts.size() + passed.size();
  }
}
