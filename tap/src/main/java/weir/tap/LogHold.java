package weir.tap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.Seekable;

/**
 * From where on the clean log is kept for those who read along: bounded by age and by size, so that
 * nobody who stays away fills a disk. Used by one thread.
 */
public final class LogHold {
  private final EventLog clean;
  private final Duration age;
  private final long bytes;
  private final InstantSource clock;
  private Position held = Position.START;

  /**
   * @param age what is older is not kept
   * @param bytes what lies further before the end is not kept
   */
  public LogHold(EventLog clean, Duration age, long bytes, InstantSource clock) {
    this.clean = clean;
    this.age = age;
    this.bytes = bytes;
    this.clock = clock;
  }

  /** The log from here on is needed; never goes back. */
  public Position holdsFrom() {
    try {
      if (clean instanceof Seekable log) {
        moveTo(log.positionBefore(bytes));
        moveTo(log.positionAt(clock.instant().minus(age)));
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
