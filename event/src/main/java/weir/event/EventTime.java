package weir.event;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Which times an event may have. All are in microseconds since the epoch. */
public final class EventTime {
  /** The first one: what is before comes of a clock that was never set. */
  public static final long EARLIEST = EpochMicros.of(Instant.parse("2000-01-01T00:00:00Z"));

  /** How far ahead of its receipt an event may be. */
  public static final long MOST_AHEAD = TimeUnit.DAYS.toMicros(1);

  private EventTime() {}

  /** Whether an event may be of this time: from 2000 on, at most a day ahead of receivedAt. */
  public static boolean isPossible(long timestamp, long receivedAt) {
    return timestamp >= EARLIEST && timestamp <= Math.addExact(receivedAt, MOST_AHEAD);
  }
}
