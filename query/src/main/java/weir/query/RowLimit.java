package weir.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.PropertyName;

/**
 * The rows of {@code events} that somebody may see: those whose property has one value. To them the
 * project is as if it held no other events.
 *
 * <p>A property is a column of events; where that is null, or there is none, what the client sent
 * by this name. Values are compared as texts, where one side is a number as numbers: 17 is "17",
 * and 17.0 where the property is a number. A row without the property is not seen.
 *
 * @param property whose value counts
 * @param value as text: a string itself, a number or boolean as JSON writes it
 */
public record RowLimit(String property, String value) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  public RowLimit {
    Objects.requireNonNull(property, "property");
    Objects.requireNonNull(value, "value");
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
    return new RowLimit(property, value.isNumber() ? plain(value.decimalValue()) : value.asText());
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private Optional<BigDecimal> number() {
    try {
      return Optional.of(new BigDecimal(value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The columns of {@code events} that the property's values may be in. */
  Set<String> columns() {
    Set<String> columns = new TreeSet<>(Set.of(PropertyName.PREFIX + PropertyName.fold(property)));
    columns.add(EventColumn.PROPERTIES.columnName());
    EventColumn.named(property).ifPresent(fixed -> columns.add(fixed.columnName()));
    return columns;
  }

  /**
   * The condition in SQL; true of no row where the property can have no such value.
   *
   * @param types of the columns of the rows
   */
  String condition(Map<String, ColumnType> types) {
    String json = EventColumn.PROPERTIES.columnName();
    String condition = types.containsKey(json) ? inJson(json) : "false";
    String column = PropertyName.PREFIX + PropertyName.fold(property);
    condition = orElse(column, types.get(column), condition);
    return EventColumn.named(property).isPresent()
        ? orElse(property, types.get(property), condition)
        : condition;
  }

  /** A column's value if it has one, else another condition. */
  private String orElse(String column, @Nullable ColumnType type, String otherwise) {
    return type == null
        ? otherwise
        : "(%s OR (%s IS NULL AND %s))"
            .formatted(equal(column, type), ParquetSql.name(column), otherwise);
  }

  private String equal(String column, ColumnType type) {
    String name = ParquetSql.name(column);
    return switch (type) {
      case STRING -> name + " = " + ParquetSql.text(value);
      case BOOLEAN ->
          value.equals("true") || value.equals("false") ? "(" + name + ") = " + value : "false";
      case INTEGER, LONG, DOUBLE -> number().map(is -> name + " = " + real(is)).orElse("false");
      case TIMESTAMP -> "false";
    };
  }

  private String inJson(String json) {
    String pointer = ParquetSql.text("/" + property.replace("~", "~0").replace("/", "~1"));
    String text = "json_extract_string(" + json + ", " + pointer + ")";
    String same = text + " = " + ParquetSql.text(value);
    return number()
        .map(is ->
            "(%s OR (json_type(%s, %s) IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT') AND TRY_CAST(%s AS DOUBLE) = %s))"
                .formatted(same, json, pointer, text, real(is)))
        .orElse(same);
  }

  private static String real(BigDecimal number) {
    return "CAST(" + ParquetSql.text(number.toPlainString()) + " AS DOUBLE)";
  }
}
