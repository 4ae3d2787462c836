package weir.query.insight;

import java.math.BigDecimal;
import java.util.Optional;
import weir.event.WrittenNumber;

/** SQL that compares numbers of events, which are doubles, with those of requests. */
final class Numbers {
  private static final BigDecimal EXACT_INTEGERS = BigDecimal.valueOf(1L << 53);
  private static final BigDecimal MOST = new BigDecimal(Double.MAX_VALUE);

  /** A decimal of no more digits and no more of them behind the point becomes its double. */
  private static final int EXACT_DIGITS = 15;

  /** The longest whole number that has a type in SQL. */
  private static final int MOST_DIGITS = 38;

  private Numbers() {}

  /** A literal of a double. */
  static String literal(double value) {
    if (value == Math.rint(value) && Math.abs(value) <= 1L << 53) {
      return String.valueOf((long) value);
    }
    BigDecimal shortest = BigDecimal.valueOf(value);
    return shortest.precision() <= EXACT_DIGITS
            && shortest.scale() > 0
            && shortest.scale() <= EXACT_DIGITS
        ? shortest.toPlainString()
        : "CAST('" + value + "' AS DOUBLE)";
  }

  /** How an expression of doubles compares with a number, also with one between two doubles. */
  static String compare(String expression, String operator, WrittenNumber number) {
    if (number.asDouble().isPresent()) {
      return expression + " " + operator + " " + literal(number.asDouble().getAsDouble());
    }
    if (operator.equals("=")) {
      return "false";
    }
    BigDecimal exact = number.exact();
    double nearest = exact.max(MOST.negate()).min(MOST).doubleValue();
    boolean isBelow = new BigDecimal(nearest).compareTo(exact) < 0;
    boolean isLess = operator.startsWith("<");
    String around = isLess == isBelow ? (isLess ? "<=" : ">=") : (isLess ? "<" : ">");
    return expression + " " + around + " " + literal(nearest);
  }

  /**
   * How the number that a text is compares with another one: by their digits where both are whole
   * and so large that doubles do not tell them apart.
   */
  static String compareText(String text, String operator, WrittenNumber number, Dialect dialect) {
    String asDoubles = compare(dialect.number(text), operator, number);
    Optional<String> digits =
        number.digits().filter(is -> is.length() <= MOST_DIGITS).filter(is -> isLarge(number));
    String whole = dialect.wholeNumber(text);
    return digits.isEmpty()
        ? asDoubles
        : "CASE WHEN %s IS NOT NULL THEN %s %s %s ELSE %s END"
            .formatted(whole, whole, operator, digits.get(), asDoubles);
  }

  private static boolean isLarge(WrittenNumber number) {
    return number.exact().abs().compareTo(EXACT_INTEGERS) >= 0;
  }
}
