package weir.log.embedded;

import weir.log.Appended;
import weir.log.files.Files;
import weir.log.files.FreeSpace;

/**
 * Bounds of an embedded log.
 *
 * @param segmentBytes a segment takes no further group once it would grow past this; a single group
 *     that is larger gets a segment of its own
 * @param maxBytes the hard bound of all segments together: an append that would pass it is answered
 *     {@link Appended.Full}
 * @param reserveBytes an append that would leave less than this usable on the file system is
 *     answered {@link Appended.Full}; not looked at where the {@link Files} lack {@link FreeSpace}
 * @param maxFrameBytes the longest frame that is accepted
 */
public record LogOptions(long segmentBytes, long maxBytes, long reserveBytes, int maxFrameBytes) {
  public LogOptions {
    positive("segmentBytes", segmentBytes);
    positive("maxBytes", maxBytes);
    positive("maxFrameBytes", maxFrameBytes);
    if (reserveBytes < 0) {
      throw new IllegalArgumentException("reserveBytes is negative: " + reserveBytes);
    }
  }

  /** Segments of 64 MiB, 10 GiB in all, 512 MiB left to others, frames of at most 16 MiB. */
  public static LogOptions defaults() {
    return new LogOptions(64L << 20, 10L << 30, 512L << 20, 16 << 20);
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }
}
