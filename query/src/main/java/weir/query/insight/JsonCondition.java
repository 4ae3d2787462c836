package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.event.EventColumn;
import weir.query.ExactNumber;

/**
 * Conditions on a value in JSON: of a number what holds of a column of numbers, of true and false
 * what holds of a column of those, of all else what holds of texts.
 */
final class JsonCondition {
  private static final String JSON = EventColumn.PROPERTIES.columnName();

  /** The longest whole number that is compared by its digits. */
  private static final int MOST_DIGITS = 400;

  private final String text;
  private final String name;
  private final Dialect dialect;

  JsonCondition(Properties.Part part, Dialect dialect) {
    this.text = part.sql();
    this.name = part.json().orElseThrow();
    this.dialect = dialect;
  }

  /** Whether the value is one of some scalars. */
  String in(List<JsonNode> scalars) {
    if (scalars.isEmpty()) {
      return "false";
    }
    List<String> conditions = new ArrayList<>();
    conditions.add(
        text
            + scalars.stream()
                .map(JsonNode::asText)
                .distinct()
                .map(dialect::text)
                .collect(Collectors.joining(", ", " IN (", ")")));
    List<String> digits = new ArrayList<>();
    List<String> fractions = new ArrayList<>();
    for (JsonNode scalar : scalars) {
      Optional<BigDecimal> number = Numbers.read(scalar.asText());
      number
          .flatMap(JsonCondition::digits)
          .filter(whole -> !whole.equals(scalar.asText()))
          .ifPresent(whole -> digits.add(dialect.text(whole)));
      number
          .filter(ExactNumber::isDouble)
          .ifPresent(is -> fractions.add("CAST('" + is.doubleValue() + "' AS DOUBLE)"));
    }
    if (!digits.isEmpty()) {
      conditions.add(
          text + " IN (" + String.join(", ", digits) + ") AND " + dialect.isJsonNumber(JSON, name));
    }
    if (!fractions.isEmpty()) {
      conditions.add(
          dialect.isJsonFraction(JSON, name)
              + " AND "
              + dialect.number(text)
              + " IN ("
              + String.join(", ", fractions)
              + ")");
    }
    return Sql.any(conditions);
  }

  private static Optional<String> digits(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    return plain.scale() > 0 || plain.precision() - plain.scale() > MOST_DIGITS
        ? Optional.empty()
        : Optional.of(plain.toBigInteger().toString());
  }

  /** How the value compares with a scalar. */
  String compare(String operator, JsonNode right) {
    if (operator.equals("=")) {
      return in(List.of(right));
    }
    String asText = right.asText();
    if (right.isNumber()) {
      return dialect.number(text) + " " + operator + " " + asText;
    }
    String number =
        Numbers.read(asText)
            .map(is -> dialect.number(text) + " " + operator + " " + is)
            .orElse("false");
    boolean isBoolean = asText.equals("true") || asText.equals("false");
    String truth =
        isBoolean ? "TRY_CAST(" + text + " AS BOOLEAN) " + operator + " " + asText : "false";
    return "CASE WHEN %s THEN %s WHEN %s THEN %s ELSE %s END"
        .formatted(
            dialect.isJsonNumber(JSON, name),
            number,
            dialect.isJsonBoolean(JSON, name),
            truth,
            text + " " + operator + " " + dialect.text(asText));
  }
}
