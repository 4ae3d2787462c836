package weir.server.roles;

import java.time.Duration;

/**
 * How long to wait before a role is started again: not at all the first time, then 0.5 s, doubling
 * to 30 s. A role that has run for a minute starts afresh.
 *
 * <p>An end that somebody ordered says nothing against the next start: no wait, and it does not
 * count. But for one that comes within seconds of the start, and may come there every time.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofMinutes(1);
  private static final Duration UP = Duration.ofSeconds(3);

  private Duration next = Duration.ZERO;

  /**
   * @param ordered whether somebody wanted that end
   */
  Duration after(Duration ranFor, boolean ordered) {
    if (ordered && ranFor.compareTo(UP) >= 0) {
      return Duration.ZERO;
    }
    if (ranFor.compareTo(STEADY) >= 0) {
      next = Duration.ZERO;
    }
    Duration wait = next;
    Duration doubled = wait.isZero() ? FIRST : wait.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return wait;
  }
}
