package weir.process;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.EventTime;

/**
 * Event time by the collector's clock. The client says when the event was and when it sent it, both
 * by its own clock, however wrong; their difference is right. A clock that is off by no more than
 * the tolerance is right, and what it seems off by is the time that the request took: corrected,
 * each request's events would move by its own latency and pass those of another. All times are in
 * microseconds.
 */
final class ClockCorrection {
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
      return EventTime.isPossible(timestamp, receivedAt)
          ? OptionalLong.of(timestamp)
          : OptionalLong.empty();
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean isOff(long sentAt, long tolerance, long receivedAt) {
    return sentAt < receivedAt - tolerance || sentAt > receivedAt + tolerance;
  }
}
