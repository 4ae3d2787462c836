package weir.lake.rows;

import java.nio.charset.StandardCharsets;

/**
 * Doubles as texts that read back as the same doubles; those that come again and again, as prices
 * and amounts do, are made once. Bounded; for one thread.
 */
final class NumberTexts {
  private static final int PLACES = 4_096;
  private static final double EXACT_INTEGERS = 1L << 53;

  private final long[] bits = new long[PLACES];
  private final byte[][] texts = new byte[PLACES][];

  /** In ASCII; not to be changed. */
  byte[] of(long doubleBits) {
    long hash = doubleBits * 0x9E3779B97F4A7C15L;
    int place = (int) (hash >>> 52);
    byte[] text = texts[place];
    if (text == null || bits[place] != doubleBits) {
      text = text(Double.longBitsToDouble(doubleBits)).getBytes(StandardCharsets.ISO_8859_1);
      texts[place] = text;
      bits[place] = doubleBits;
    }
    return text;
  }

  private static String text(double value) {
    boolean integer =
        value == Math.rint(value)
            && Math.abs(value) < EXACT_INTEGERS
            && (value != 0 || Double.doubleToRawLongBits(value) == 0);
    return integer ? Long.toString((long) value) : Double.toString(value);
  }
}
