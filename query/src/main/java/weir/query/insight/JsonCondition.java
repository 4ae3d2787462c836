package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import weir.event.EventColumn;
import weir.event.WrittenNumber;
import weir.query.JsonNumbers;

/**
 * Conditions on a value in JSON: of a number what holds of a column of numbers, of true and false
 * what holds of a column of those, of all else what holds of texts.
 */
final class JsonCondition {
  private static final String JSON = EventColumn.PROPERTIES.columnName();

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
                .map(JsonNumbers::text)
                .distinct()
                .map(dialect::text)
                .collect(Collectors.joining(", ", " IN (", ")")));
    List<String> numbers = new ArrayList<>();
    List<String> fractions = new ArrayList<>();
    for (JsonNode scalar : scalars) {
      Optional<WrittenNumber> number = JsonNumbers.read(scalar);
      number.map(WrittenNumber::jsonTexts).orElse(List.of()).stream()
          .filter(each -> !each.equals(JsonNumbers.text(scalar)))
          .forEach(each -> numbers.add(dialect.text(each)));
      number
          .filter(is -> is.asDouble().isPresent())
          .ifPresent(is -> fractions.add("CAST('" + is.asDouble().getAsDouble() + "' AS DOUBLE)"));
    }
    if (!numbers.isEmpty()) {
      conditions.add(
          text
              + " IN ("
              + String.join(", ", numbers)
              + ") AND "
              + dialect.isJsonNumber(JSON, name));
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

  /** How the value compares with a scalar. */
  String compare(String operator, JsonNode right) {
    if (operator.equals("=")) {
      return in(List.of(right));
    }
    String asText = right.asText();
    String number =
        JsonNumbers.read(right)
            .map(is -> Numbers.compareText(text, operator, is, dialect))
            .orElse("false");
    if (right.isNumber()) {
      return number;
    }
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
