package weir.lake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that a test moves. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  public ManualClock() {
    this(Instant.parse("2026-03-01T12:00:00Z"));
  }

  private ManualClock(Instant now) {
    this.now = now;
  }

  /** One that starts at the machine's time, which is what files and snapshots bear. */
  public static ManualClock atSystemTime() {
    return new ManualClock(InstantSource.system().instant());
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration by) {
    now = now.plus(by);
  }
}
