package weir.query.hottail;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds of a hot tail.
 *
 * @param maxBytes memory for rows; beyond it nothing more is read until the lake has committed some
 * @param generationRows a generation with so many rows is followed by a new one
 * @param lakeEvery how often it is looked whether the lake has committed something
 * @param kept how long rows stay that the lake has committed, while there is room: so long, what
 *     the lake held before can be asked beside them
 */
public record TailOptions(long maxBytes, int generationRows, Duration lakeEvery, Duration kept) {
  public TailOptions {
    Objects.requireNonNull(lakeEvery, "lakeEvery");
    Objects.requireNonNull(kept, "kept");
    if (maxBytes <= 0 || generationRows <= 0 || lakeEvery.isNegative() || kept.isNegative()) {
      throw new IllegalArgumentException(
          "not positive: " + maxBytes + ", " + generationRows + ", " + lakeEvery + ", " + kept);
    }
  }

  /** Bounds of one that keeps nothing that the lake has. */
  public TailOptions(long maxBytes, int generationRows, Duration lakeEvery) {
    this(maxBytes, generationRows, lakeEvery, Duration.ZERO);
  }

  /** The same, but for how long rows stay that the lake has committed. */
  public TailOptions keeping(Duration time) {
    return new TailOptions(maxBytes, generationRows, lakeEvery, time);
  }

  /** 384 MiB, generations of 100,000 rows, twice a second. */
  public static TailOptions defaults() {
    return new TailOptions(384L << 20, 100_000, Duration.ofMillis(500));
  }
}
