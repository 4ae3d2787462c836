package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import weir.event.Position;
import weir.log.files.FileHandle;

/**
 * The first bytes of a segment file, kept twice in two sectors.
 *
 * @param base the position of the segment's first frame
 * @param created wall-clock milliseconds; no frame of the segment is older
 * @param salt a random number that enters every checksum of the segment, so that neither a payload
 *     nor the remains of another file in a reused block can pass for a frame
 */
record SegmentHeader(long base, long created, long salt) {
  /** Frames begin here. */
  static final int BYTES = 1024;

  private static final int COPY = 512;
  private static final int USED = 40;
  private static final int VERSION = 1;
  private static final byte[] MAGIC = {'W', 'E', 'I', 'R', 'L', 'O', 'G', '\n'};

  static long offset(long base, long position) {
    return BYTES + position - base;
  }

  void write(FileHandle file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    for (int at = 0; at < BYTES; at += COPY) {
      bytes.position(at).put(MAGIC).putInt(VERSION).putLong(base).putLong(created).putLong(salt);
      bytes.putInt(checksum(bytes, at));
    }
    file.write(bytes.clear(), 0);
  }

  /**
   * Reads the header of the segment that begins at a base; empty if neither copy is whole.
   *
   * @throws IOException also if it is whole, but of a version that is not known here
   */
  static Optional<SegmentHeader> read(FileHandle file, long base) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    int there = file.read(bytes, 0);
    for (int at = 0; at + USED <= there; at += COPY) {
      byte[] magic = new byte[MAGIC.length];
      bytes.position(at).limit(BYTES).get(magic);
      int version = bytes.getInt();
      SegmentHeader header = new SegmentHeader(bytes.getLong(), bytes.getLong(), bytes.getLong());
      if (Arrays.equals(magic, MAGIC)
          && bytes.getInt() == checksum(bytes, at)
          && header.base == base) {
        if (version != VERSION) {
          throw new IOException("segment " + new Position(base) + " has version " + version);
        }
        return Optional.of(header);
      }
    }
    return Optional.empty();
  }

  private static int checksum(ByteBuffer bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), at, USED - Integer.BYTES);
    return (int) crc.getValue();
  }
}
