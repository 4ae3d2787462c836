package weir.lake.sidecar;

import java.util.Arrays;

/** Writes numbers of few bits one after another, the lowest bit of each first. */
final class BitWriter {
  private byte[] bytes = new byte[64];
  private int size;
  private long pending;
  private int filled;

  /** How many bits a number that is not negative takes. */
  static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(value);
  }

  /**
   * Adds a number.
   *
   * @param bits {@link Sidecar#MOST_BITS} at most
   */
  void add(long value, int bits) {
    pending |= value << filled;
    filled += bits;
    while (filled >= Byte.SIZE) {
      put((byte) pending);
      pending >>>= Byte.SIZE;
      filled -= Byte.SIZE;
    }
  }

  /** Goes on at the next byte. */
  void align() {
    if (filled > 0) {
      put((byte) pending);
      pending = 0;
      filled = 0;
    }
  }

  private void put(byte value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = value;
  }

  /** All that was written, up to a whole byte. */
  byte[] bytes() {
    align();
    return Arrays.copyOf(bytes, size);
  }
}
