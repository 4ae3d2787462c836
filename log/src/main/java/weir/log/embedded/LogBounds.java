package weir.log.embedded;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.log.files.FreeSpace;

/**
 * How large frames, batches, segments and the log may become. No segment takes more than a quarter
 * of the log's bound, and no batch more than half of it: so there is room for the next batch once
 * all that can be released is released, although the newest segment stays.
 */
final class LogBounds {
  private final LogDirectory directory;
  private final LogOptions options;
  private final long segmentBytes;
  private final long batchBytes;
  private long earliest;
  private int segments;

  LogBounds(LogDirectory directory, LogOptions options) {
    this.directory = directory;
    this.options = options;
    this.segmentBytes = Math.min(options.segmentBytes(), options.maxBytes() / 4);
    this.batchBytes =
        Math.min(Integer.MAX_VALUE, options.maxBytes() / 2 - 2L * SegmentHeader.BYTES);
  }

  /** The bytes that a batch takes in the log. */
  long require(List<byte[]> batch) {
    long bytes = 0;
    for (byte[] frame : batch) {
      if (frame.length == 0 || frame.length > options.maxFrameBytes()) {
        throw new IllegalArgumentException(
            "a frame has " + frame.length + " bytes, not 1 to " + options.maxFrameBytes());
      }
      bytes += FrameCodec.HEADER + frame.length;
    }
    if (bytes > batchBytes) {
      throw new IllegalArgumentException(
          "a batch of " + bytes + " bytes is larger than the log takes at once: " + batchBytes);
    }
    return bytes;
  }

  /** The bytes of a segment's frames. */
  long segmentBytes() {
    return segmentBytes;
  }

  /** Whether a spare segment may be made, and the segment in use become full beside it. */
  boolean hasRoomForSpare(long end) {
    try {
      return total(end, 2 * segmentBytes, false) <= options.maxBytes()
          && (!(directory.files() instanceof FreeSpace space)
              || space.usableBytes(directory.path()) - 2 * segmentBytes >= options.reserveBytes());
    } catch (IOException e) {
      return false; // where the room is not known, none is taken
    }
  }

  boolean outgrows(long segment) {
    return segment > segmentBytes;
  }

  /** Looks again at what there is: other processes release too. */
  void refresh() throws IOException {
    TreeSet<Long> bases = directory.bases();
    segments = bases.size();
    earliest = bases.isEmpty() ? 0 : bases.first();
  }

  /**
   * Why a batch of so many bytes finds no room, or null if it does.
   *
   * @param spare whether a spare segment takes room
   */
  @Nullable String full(long end, long bytes, boolean spare) throws IOException {
    if (total(end, bytes, spare) > options.maxBytes()) {
      refresh();
      if (total(end, bytes, spare) > options.maxBytes()) {
        return "the log in " + directory.path() + " has reached " + options.maxBytes() + " bytes";
      }
    }
    if (directory.files() instanceof FreeSpace space
        && space.usableBytes(directory.path()) - bytes < options.reserveBytes()) {
      return "less than " + options.reserveBytes() + " bytes are left for " + directory.path();
    }
    return null;
  }

  /** How far a segment may be filled ahead of a batch at its end without touching any bound. */
  long ahead(long base, long end, long bytes, boolean spare) throws IOException {
    long room =
        Math.min(base + segmentBytes - end - bytes, options.maxBytes() - total(end, bytes, spare));
    return directory.files() instanceof FreeSpace space
        ? Math.min(room, space.usableBytes(directory.path()) - options.reserveBytes())
        : room;
  }

  private long total(long end, long bytes, boolean spare) {
    return end
        - earliest
        + bytes
        + (spare ? segmentBytes : 0)
        + (segments + 1L) * SegmentHeader.BYTES;
  }
}
