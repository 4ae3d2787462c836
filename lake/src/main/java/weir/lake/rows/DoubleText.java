package weir.lake.rows;

import java.nio.charset.StandardCharsets;

/**
 * Doubles as texts that are read as the same doubles.
 *
 * <p>Finding the fewest digits of any double takes long. Most that are sent are whole or have few
 * places after the point, such as prices, and of these the digits are simply written: a whole
 * number n divided by a power of ten is the double nearest to that decimal, since both are exact
 * and a division rounds to the nearest.
 */
final class DoubleText {
  /** Whole numbers up to here, and these divided, are exact. */
  private static final double MOST = 1e15;

  private static final int[] POWERS = {100, 10_000, 1_000_000};
  private static final int[] PLACES = {2, 4, 6};
  private static final long[] POWERS_OF_TEN = powersOfTen();
  private static final long NEGATIVE_ZERO = Double.doubleToRawLongBits(-0.0);

  private DoubleText() {}

  static byte[] of(double value) {
    if (Math.abs(value) < MOST && Double.doubleToRawLongBits(value) != NEGATIVE_ZERO) {
      long whole = (long) value;
      if (whole == value) {
        return ascii(Long.toString(whole));
      }
      for (int i = 0; i < POWERS.length; i++) {
        double scaled = Math.rint(value * POWERS[i]);
        if (Math.abs(scaled) < MOST && scaled / POWERS[i] == value) {
          return withPoint((long) scaled, PLACES[i]);
        }
      }
    }
    return ascii(Double.toString(value));
  }

  /** The digits of a whole number with a point before the last ones. */
  private static byte[] withPoint(long number, int places) {
    long left = Math.abs(number);
    int digits = places + 1;
    while (left >= POWERS_OF_TEN[digits]) {
      digits++;
    }
    int sign = number < 0 ? 1 : 0;
    byte[] text = new byte[sign + digits + 1];
    int at = text.length;
    for (int written = 0; written < digits; written++) {
      if (written == places) {
        text[--at] = '.';
      }
      text[--at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    if (sign == 1) {
      text[0] = '-';
    }
    return text;
  }

  private static long[] powersOfTen() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
