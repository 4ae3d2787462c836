package weir.process;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Event time by the collector's clock. The client says when the event was and when it sent it, both
 * by its own clock, however wrong; their difference is right. A clock that is off by no more than
 * the tolerance is right, and what it seems off by is the time that the request took: corrected,
 * each request's events would move by its own latency and pass those of another. All times are in
 * microseconds.
 */
final class ClockCorrection {
  static final long EARLIEST =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2000-01-01T00:00:00Z"));
  static final long MOST_AHEAD = TimeUnit.DAYS.toMicros(1);

  private ClockCorrection() {}

  /**
   * The event's time.
   *
   * @param original the client's event time, if it sent one
   * @param sentAt when the client sent the request, if it said so
   * @param correct whether sentAt may be used
   * @param tolerance how far a clock may be off to be taken for right
   * @return empty if the time cannot be: before 2000, or more than a day ahead of receivedAt
   */
  static OptionalLong timestamp(
      @Nullable Long original,
      @Nullable Long sentAt,
      boolean correct,
      long tolerance,
      long receivedAt) {
    try {
      long timestamp;
      if (original == null) {
        timestamp = receivedAt;
      } else if (correct && sentAt != null && isOff(sentAt, tolerance, receivedAt)) {
        timestamp = Math.subtractExact(receivedAt, Math.subtractExact(sentAt, original));
      } else {
        timestamp = original;
      }
      return isPossible(timestamp, receivedAt) ? OptionalLong.of(timestamp) : OptionalLong.empty();
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Whether an event may be of this time: from 2000 on, at most a day ahead of receivedAt. */
  static boolean isPossible(long timestamp, long receivedAt) {
    return timestamp >= EARLIEST && timestamp <= Math.addExact(receivedAt, MOST_AHEAD);
  }

  private static boolean isOff(long sentAt, long tolerance, long receivedAt) {
    return sentAt < receivedAt - tolerance || sentAt > receivedAt + tolerance;
  }
}
