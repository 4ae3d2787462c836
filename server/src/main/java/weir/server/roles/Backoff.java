package weir.server.roles;

import java.time.Duration;

/**
 * How long to wait before a role is started again: not at all the first time, then 0.5 s, doubling
 * to 30 s. A role that has run for a minute starts afresh.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private Duration next = Duration.ZERO;

  Duration after(Duration ranFor) {
    if (ranFor.compareTo(STEADY) >= 0) {
      next = Duration.ZERO;
    }
    Duration wait = next;
    Duration doubled = wait.isZero() ? FIRST : wait.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return wait;
  }
}
