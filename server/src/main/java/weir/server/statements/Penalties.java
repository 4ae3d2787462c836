package weir.server.statements;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long keys wait whose statements ended their processes: a second after the first time, doubled
 * each time up to half a minute. Ten minutes without another end are forgiven. Safe for use by
 * several threads.
 */
final class Penalties {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration FORGIVEN = Duration.ofMinutes(10);

  private final LongSupplier nanoTicker;
  private final Map<String, Penalty> penalties = new LinkedHashMap<>();

  /** A wait of a length from a time on. */
  private record Penalty(long since, Duration length) {}

  Penalties(LongSupplier nanoTicker) {
    this.nanoTicker = nanoTicker;
  }

  /** A statement of a key ended its process just now. */
  synchronized void blame(String key) {
    forget();
    Penalty before = penalties.remove(key);
    Duration wait = before == null ? FIRST : before.length().multipliedBy(2);
    penalties.put(
        key, new Penalty(nanoTicker.getAsLong(), wait.compareTo(LONGEST) > 0 ? LONGEST : wait));
  }

  /** How long a key has to wait from now on. */
  synchronized Duration left(String key) {
    Penalty penalty = penalties.get(key);
    if (penalty == null) {
      return Duration.ZERO;
    }
    Duration left = penalty.length().minus(age(penalty));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void forget() {
    Iterator<Penalty> oldest = penalties.values().iterator();
    while (oldest.hasNext() && age(oldest.next()).compareTo(FORGIVEN) > 0) {
      oldest.remove();
    }
  }

  private Duration age(Penalty penalty) {
    return Duration.ofNanos(nanoTicker.getAsLong() - penalty.since());
  }
}
