package weir.server.plugins;

import java.time.Duration;

/**
 * Keeps the plug-ins of a project from slowing down everybody: of each minute they may lose so much
 * time, by processes that end and by events that take longer than events should. Beyond that they
 * rest, and one event then tries whether they are well again; each time that it is not, they rest
 * twice as long. Used by one thread at a time; times are in nanoseconds.
 */
final class Suspension {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final long budget;
  private final long shortestRest;
  private final long longestRest;

  private double lost;
  private long lostAt;
  private boolean resting;
  private boolean trying;
  private long since;
  private long rest;
  private long wellSince;

  /** What may be done now. */
  enum Turn {
    /** As many events as there are. */
    RUN,
    /** One, as a trial. */
    TRY,
    /** None. */
    REST
  }

  /**
   * @param budget what may be lost a minute
   * @param shortestRest the first one
   */
  Suspension(Duration budget, Duration shortestRest, Duration longestRest, long now) {
    this.budget = budget.toNanos();
    this.shortestRest = shortestRest.toNanos();
    this.longestRest = Math.max(longestRest.toNanos(), this.shortestRest);
    this.rest = this.shortestRest;
    this.lostAt = now;
    this.wellSince = now;
  }

  Turn turn(long now) {
    if (resting && now - since >= rest) {
      trying = true;
    }
    if (!resting) {
      return Turn.RUN;
    }
    return trying ? Turn.TRY : Turn.REST;
  }

  /** Time was lost; whether they rest from now on, and did not before. */
  boolean lose(long nanos, long now) {
    lost = Math.max(0, lost - (double) budget * (now - lostAt) / MINUTE) + nanos;
    lostAt = now;
    boolean begins = !resting && lost > budget;
    if (begins) {
      rest = now - wellSince > rest ? shortestRest : rest;
      begin(now);
    }
    return begins;
  }

  private void begin(long now) {
    resting = true;
    trying = false;
    since = now;
  }

  /** They cannot be run at all, or a trial has failed. */
  void fail(long now) {
    if (resting) {
      rest = Math.min(longestRest, rest * 2);
    }
    begin(now);
  }

  /** A trial went well. */
  void succeed(long now) {
    resting = false;
    trying = false;
    lost = 0;
    wellSince = now;
  }

  /** How long it lasts. */
  Duration rest() {
    return Duration.ofNanos(rest);
  }
}
