package weir.tap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.Seekable;

/**
 * From where on the clean log is kept for those who read along: bounded by age and by size, so that
 * nobody who stays away fills a disk. A clock that leaps ahead makes nothing older at once: it is
 * caught up with at twice its pace, so that one that is set right again has cost little. Used by
 * one thread.
 */
public final class LogHold {
  private final EventLog clean;
  private final Duration age;
  private final long bytes;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private Position held = Position.START;

  /** The time that ages are counted from, and when it was that. */
  private Instant now;

  private long ticked;

  /**
   * @param age what is older is not kept
   * @param bytes what lies further before the end is not kept
   * @param ticker nanoseconds, for durations
   */
  public LogHold(
      EventLog clean, Duration age, long bytes, InstantSource clock, LongSupplier ticker) {
    this.clean = clean;
    this.age = age;
    this.bytes = bytes;
    this.clock = clock;
    this.ticker = ticker;
    this.now = clock.instant();
    this.ticked = ticker.getAsLong();
  }

  private Instant followed() {
    long tick = ticker.getAsLong();
    Instant most = now.plusNanos(2 * (tick - ticked));
    Instant wall = clock.instant();
    now = wall.isAfter(most) ? most : wall;
    ticked = tick;
    return now;
  }

  /** The log from here on is needed; never goes back. */
  public Position holdsFrom() {
    try {
      if (clean instanceof Seekable log) {
        moveTo(log.positionBefore(bytes));
        moveTo(log.positionAt(followed().minus(age)));
      }
      return held;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void moveTo(Position position) {
    held = held.isBefore(position) ? position : held;
  }
}
