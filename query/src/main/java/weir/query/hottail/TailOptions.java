package weir.query.hottail;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds of a hot tail.
 *
 * @param maxBytes memory for rows; beyond it nothing more is read until the lake has committed some
 * @param generationRows a generation with so many rows is followed by a new one
 * @param lakeEvery how often it is looked whether the lake has committed something
 */
public record TailOptions(long maxBytes, int generationRows, Duration lakeEvery) {
  public TailOptions {
    Objects.requireNonNull(lakeEvery, "lakeEvery");
    if (maxBytes <= 0 || generationRows <= 0 || lakeEvery.isNegative()) {
      throw new IllegalArgumentException(
          "not positive: " + maxBytes + ", " + generationRows + ", " + lakeEvery);
    }
  }

  /** 384 MiB, generations of 100,000 rows, twice a second. */
  public static TailOptions defaults() {
    return new TailOptions(384L << 20, 100_000, Duration.ofMillis(500));
  }
}
