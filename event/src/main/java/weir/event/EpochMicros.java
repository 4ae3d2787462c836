package weir.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as events, logs and tables hold them: whole microseconds since the epoch. */
public final class EpochMicros {
  private EpochMicros() {}

  /**
   * The microseconds of a time; what is finer is left out.
   *
   * @throws ArithmeticException if it is some 292,000 years off
   */
  public static long of(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** The time of so many microseconds. */
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
