package weir.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.event.WellFormedText;
import weir.event.WrittenNumber;
import weir.query.sql.ParquetSql;
import weir.query.sql.PropertySql;

/**
 * The rows of {@code events} that somebody may see: those whose property has one value. To them the
 * project is as if it held no other events.
 *
 * <p>A property is a column of events; where that is null, or there is none, what the client sent
 * by this name. Values are compared as texts, where one side is a number as numbers, exactly: 17 is
 * "17", and 17.0 where the property is a number. A row without the property is not seen. A property
 * is the one of exactly this name, never another one whose name folds to the same.
 *
 * @param property whose value counts
 * @param value as text: a string itself, a boolean as JSON writes it, a number as {@link
 *     WrittenNumber#text()} does
 */
public record RowLimit(String property, String value) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The longest whole number that has a type in SQL. */
  private static final int MOST_DIGITS = 38;

  public RowLimit {
    property = WellFormedText.of(Objects.requireNonNull(property, "property"));
    value = WellFormedText.of(Objects.requireNonNull(value, "value"));
    if (property.isEmpty()) {
      throw new IllegalArgumentException("property is empty");
    }
  }

  /**
   * A limit to a value in JSON.
   *
   * @throws IllegalArgumentException if it is no string, number or boolean
   */
  public static RowLimit parse(String property, String json) {
    JsonNode value;
    try {
      value = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("value is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
      throw new IllegalArgumentException("value must be a string, number or boolean");
    }
    return new RowLimit(property, JsonNumbers.text(value));
  }

  private Optional<WrittenNumber> number() {
    return WrittenNumber.read(value);
  }

  private Optional<String> real() {
    return number()
        .filter(is -> is.asDouble().isPresent())
        .map(is -> "CAST('" + is.asDouble().getAsDouble() + "' AS DOUBLE)");
  }

  private ProjectProperties.Place place(
      Map<String, ColumnType> types, ProjectProperties properties) {
    return properties.exactPlace(property, types::containsKey);
  }

  /**
   * The columns of {@code events} that the property's values may be in.
   *
   * @param types of the columns of the rows
   */
  public Set<String> columns(Map<String, ColumnType> types, ProjectProperties properties) {
    ProjectProperties.Place place = place(types, properties);
    Set<String> columns = new TreeSet<>();
    place.column().ifPresent(columns::add);
    if (!place.jsonNames().isEmpty()) {
      columns.add(PropertySql.JSON);
    }
    EventColumn.named(property).ifPresent(fixed -> columns.add(fixed.columnName()));
    columns.retainAll(types.keySet());
    return columns;
  }

  /**
   * The condition in SQL; true of no row where the property can have no such value.
   *
   * @param types of the columns of the rows
   */
  public String condition(Map<String, ColumnType> types, ProjectProperties properties) {
    ProjectProperties.Place place = place(types, properties);
    String condition =
        place.column().map(column -> equal(column, known(types, column))).orElse("false");
    for (String name : place.jsonNames().reversed()) {
      condition = orElse(PropertySql.text(name), inJson(name), condition);
    }
    return EventColumn.named(property).isPresent() && types.containsKey(property)
        ? orElse(ParquetSql.name(property), equal(property, known(types, property)), condition)
        : condition;
  }

  private static ColumnType known(Map<String, ColumnType> types, String column) {
    return Objects.requireNonNull(types.get(column), column);
  }

  /** What holds of a value if there is one, else another condition. */
  private static String orElse(String value, String holds, String otherwise) {
    return otherwise.equals("false")
        ? holds
        : "(%s OR (%s IS NULL AND %s))".formatted(holds, value, otherwise);
  }

  private String equal(String column, ColumnType type) {
    String name = ParquetSql.name(column);
    return switch (type) {
      case STRING -> name + " = " + ParquetSql.text(value);
      case BOOLEAN ->
          value.equals("true") || value.equals("false") ? "(" + name + ") = " + value : "false";
      case INTEGER, LONG ->
          number()
              .flatMap(WrittenNumber::digits)
              .filter(is -> is.length() <= MOST_DIGITS)
              .map(is -> name + " = " + is)
              .orElse("false");
      case DOUBLE -> real().map(is -> name + " = " + is).orElse("false");
      case TIMESTAMP -> "false";
    };
  }

  /** Whole numbers are compared by their digits: as doubles, neighbours are one. */
  private String inJson(String name) {
    String text = PropertySql.text(name);
    String type = PropertySql.type(name);
    List<String> conditions = new ArrayList<>();
    conditions.add(text + " = " + ParquetSql.text(value));
    number().map(WrittenNumber::jsonTexts).orElse(List.of()).stream()
        .filter(each -> !each.equals(value))
        .forEach(each ->
            conditions.add(
                "%s IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') AND %s = '%s'"
                    .formatted(type, text, each)));
    real()
        .ifPresent(is ->
            conditions.add(
                "%s = 'DOUBLE' AND regexp_matches(%s, '[.eE]') AND TRY_CAST(%s AS DOUBLE) = %s"
                    .formatted(type, text, text, is)));
    return "(" + String.join(" OR ", conditions) + ")";
  }
}
