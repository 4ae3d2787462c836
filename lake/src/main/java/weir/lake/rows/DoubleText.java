package weir.lake.rows;

import java.math.BigDecimal;
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
          return ascii(BigDecimal.valueOf((long) scaled, PLACES[i]).toString());
        }
      }
    }
    return ascii(Double.toString(value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
