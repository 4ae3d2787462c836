package weir.query;

import java.math.BigDecimal;

/** Whether numbers can be compared as doubles. */
public final class ExactNumber {
  private ExactNumber() {}

  /**
   * Whether a double tells a number from all others: a whole number is told so only if it is the
   * double's very value; of others the nearest double is meant.
   */
  public static boolean isDouble(BigDecimal number) {
    double nearest = number.doubleValue();
    if (!Double.isFinite(nearest)) {
      return false;
    }
    return number.stripTrailingZeros().scale() > 0
        || new BigDecimal(nearest).compareTo(number) == 0;
  }
}
