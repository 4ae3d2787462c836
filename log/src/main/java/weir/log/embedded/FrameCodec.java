package weir.log.embedded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A frame: a header of 16 bytes, then the payload.
 *
 * <pre>
 *   0  length   u32  of the payload, at least 1
 *   4  back     u32  distance to the start of the write group, which was the durable end then
 *   8  head     u32  CRC32C of (salt XOR position, length, back)
 *  12  body     u32  CRC32C of (length, back, head, payload)
 * </pre>
 *
 * The header has a checksum of its own, so that a search for frames in damaged bytes costs a fixed
 * amount per byte, whatever the bytes pretend to be. Big-endian. Used by one thread at a time.
 */
final class FrameCodec {
  static final int HEADER = 16;
  private static final int UNCHECKED = 4;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private final byte[] scratch = new byte[16];
  private final long salt;

  FrameCodec(long salt) {
    this.salt = salt;
  }

  /** Writes the header of a frame at a position into {@code header}. */
  void encode(long position, int back, byte[] payload, byte[] header) {
    INTS.set(header, 0, payload.length);
    INTS.set(header, 4, back);
    INTS.set(header, 8, head(position, payload.length, back));
    INTS.set(header, 12, body(header, 0, payload, 0, payload.length));
  }

  static int length(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long back(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at + 4) & 0xFFFF_FFFFL;
  }

  /** Whether the 16 bytes there are the header of a frame at a position of a segment. */
  boolean isHeader(byte[] bytes, int at, long position, long base) {
    int length = length(bytes, at);
    long back = back(bytes, at);
    return length > 0
        && back <= position - base
        && (int) INTS.get(bytes, at + 8) == head(position, length, (int) back);
  }

  /** Whether a payload is the one that a header, which is one, tells of. */
  boolean isBody(byte[] header, int at, byte[] payload, int from, int length) {
    return (int) INTS.get(header, at + 12) == body(header, at, payload, from, length);
  }

  private int head(long position, int length, int back) {
    LONGS.set(scratch, 0, salt ^ position);
    INTS.set(scratch, 8, length);
    INTS.set(scratch, 12, back);
    crc.reset();
    crc.update(scratch, 0, scratch.length);
    return (int) crc.getValue();
  }

  private int body(byte[] header, int at, byte[] payload, int from, int length) {
    crc.reset();
    crc.update(header, at, HEADER - UNCHECKED);
    crc.update(payload, from, length);
    return (int) crc.getValue();
  }
}
