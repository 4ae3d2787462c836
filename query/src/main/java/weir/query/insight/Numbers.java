package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
import weir.query.ExactNumber;

/** Numbers of requests beside numbers of events, which are doubles. */
final class Numbers {
  private Numbers() {}

  /** The number that a text is; empty if it is none that a double can be near to. */
  static Optional<BigDecimal> read(String text) {
    try {
      BigDecimal number = new BigDecimal(text.strip());
      return Double.isFinite(number.doubleValue()) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether a scalar is a whole number that lies between two doubles, and so equals none. */
  static boolean isBetweenDoubles(JsonNode scalar) {
    return read(scalar.asText()).filter(number -> !ExactNumber.isDouble(number)).isPresent();
  }

  /** How a column of doubles compares with a number between two of them, exactly. */
  static String compare(String column, String operator, JsonNode between) {
    if (operator.equals("=")) {
      return "false";
    }
    BigDecimal number = read(between.asText()).orElseThrow();
    double nearest = number.doubleValue();
    boolean isBelow = new BigDecimal(nearest).compareTo(number) < 0;
    boolean isLess = operator.startsWith("<");
    String exact = isLess == isBelow ? (isLess ? "<=" : ">=") : (isLess ? "<" : ">");
    return column + " " + exact + " CAST('" + nearest + "' AS DOUBLE)";
  }
}
