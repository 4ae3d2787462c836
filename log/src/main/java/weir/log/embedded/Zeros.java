package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import weir.log.files.FileHandle;

/** Zeros, by which a file gets its blocks before they are needed. */
final class Zeros {
  private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(256 << 10).asReadOnlyBuffer();

  private Zeros() {}

  /** Writes zeros from an offset of a file to another, without a sync. */
  static void write(FileHandle file, long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      ByteBuffer zeros = CHUNK.duplicate();
      zeros.limit((int) Math.min(zeros.capacity(), to - at));
      long next = at + zeros.remaining();
      file.write(zeros, at);
      at = next;
    }
  }
}
