package weir.process;

import java.time.Duration;

/**
 * How long and how event ids are remembered.
 *
 * @param window an id counts as seen for at least so long after an accepted event bore it, and for
 *     less than one slice more
 * @param slice ids are kept and forgotten in slices of received_at of this length
 * @param unsaved how many ids are kept in memory before they are written to disk; 20 to 40 bytes
 *     each
 */
public record DuplicateOptions(Duration window, Duration slice, int unsaved) {
  private static final long LONGEST_SLICES = 1_000;

  public DuplicateOptions {
    if (window.isNegative() || window.isZero() || slice.toMillis() < 1 || unsaved < 1) {
      throw new IllegalArgumentException(
          "window, slice and unsaved must be positive: " + window + ", " + slice + ", " + unsaved);
    }
    if (window.dividedBy(slice) > LONGEST_SLICES) {
      throw new IllegalArgumentException(
          "a window may have at most " + LONGEST_SLICES + " slices: " + window + ", " + slice);
    }
  }

  public static DuplicateOptions defaults() {
    return new DuplicateOptions(Duration.ofDays(7), Duration.ofDays(1), 1 << 20);
  }
}
