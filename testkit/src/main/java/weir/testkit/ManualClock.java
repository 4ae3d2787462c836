package weir.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A clock that stands still until it is moved. Safe for use by several threads. */
public final class ManualClock implements InstantSource {
  private record Time(Instant wall, long ticks) {}

  private volatile Time time;

  public ManualClock(Instant start) {
    time = new Time(start, 0);
  }

  @Override
  public Instant instant() {
    return time.wall();
  }

  /** Nanoseconds for the measuring of durations; moves with {@link #advance} alone. */
  public LongSupplier ticker() {
    return () -> time.ticks();
  }

  /** Lets time pass, for the wall and the ticker. */
  public synchronized void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration is negative: " + duration);
    }
    time = new Time(time.wall().plus(duration), time.ticks() + duration.toNanos());
  }

  /** Sets the wall, forwards or backwards, as an administrator or NTP may; not the ticker. */
  public synchronized void setWall(Instant wall) {
    time = new Time(wall, time.ticks());
  }
}
