package weir.decode;

import java.io.ByteArrayOutputStream;

/** Brotli streams (RFC 7932) of stored meta-blocks, for want of an encoder. */
final class BrotliStored {
  private static final int BLOCK = 1 << 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int pending;
  private int pendingBits;

  private BrotliStored() {}

  static byte[] encode(byte[] plain) {
    BrotliStored stream = new BrotliStored();
    stream.bits(0, 1); // a window of 2^16
    for (int from = 0; from < plain.length; from += BLOCK) {
      int length = Math.min(BLOCK, plain.length - from);
      stream.bits(0, 1); // not the last
      stream.bits(0, 2); // four nibbles of length
      stream.bits(length - 1, 16);
      stream.bits(1, 1); // stored
      stream.align();
      stream.out.write(plain, from, length);
    }
    stream.bits(0b11, 2); // the last, and empty
    stream.align();
    return stream.out.toByteArray();
  }

  private void bits(int value, int count) {
    pending |= value << pendingBits;
    pendingBits += count;
    while (pendingBits >= 8) {
      out.write(pending);
      pending >>>= 8;
      pendingBits -= 8;
    }
  }

  private void align() {
    if (pendingBits > 0) {
      bits(0, 8 - pendingBits);
    }
  }
}
