package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.tools.importing.ImportOptions.ValueType;

/**
 * What values mean. Of columns whose type is told: that or nothing. Of a CSV file's others: numbers
 * or truth values if all in the sample are, else text; ids and codes stay text: columns named id or
 * ending so, and digits with a zero before them. Other files' values have types of their own.
 *
 * <p>NaN is no value; infinities, which JSON does not have, are text. Two that type all values
 * alike are equal.
 */
final class TextTypes {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?([eE][+-]?\\d{1,2})?");
  private static final Pattern ANY_NUMBER =
      Pattern.compile("[+-]?\\d{1,100}(\\.\\d{1,100})?([eE][+-]?\\d{1,3})?");
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?\\d{1,3}(\\.\\d{3})+(,\\d+)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("nan|[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern ID = Pattern.compile("(?i)(.*[_\\- ])?id|.*[a-z]I[dD]");

  private final Map<String, ValueType> found;
  private final Map<String, ValueType> told;
  private final boolean text;
  private final char decimal;

  private TextTypes(Map<String, ValueType> found, ImportOptions.Values values, boolean text) {
    this.found = found;
    this.told = values.types();
    this.text = text;
    this.decimal = values.decimal();
  }

  /**
   * @param text whether all values of the file are text, as in CSV
   */
  static TextTypes of(List<ObjectNode> sample, ImportOptions.Values values, boolean text) {
    TextTypes types = new TextTypes(new HashMap<>(), values, text);
    if (text) {
      sample.forEach(row ->
          row.properties().forEach(each -> types.see(each.getKey(), each.getValue().asText())));
    }
    return types;
  }

  private void see(String name, String value) {
    if (!value.isEmpty() && !NOT_FINITE.matcher(value).matches()) {
      found.merge(name, of(name, value), (a, b) -> a == b ? a : ValueType.TEXT);
    }
  }

  private ValueType of(String name, String value) {
    if (!ID.matcher(name).matches() && NUMBER.matcher(withPoint(value)).matches()) {
      return ValueType.NUMBER;
    }
    return isBoolean(value) ? ValueType.BOOLEAN : ValueType.TEXT;
  }

  /** With a point before its fraction, and nothing between thousands. */
  private String withPoint(String value) {
    if (decimal == '.') {
      return value;
    }
    if (THOUSANDS.matcher(value).matches()) {
      return value.replace(".", "").replace(',', '.');
    }
    return value.indexOf('.') < 0 ? value.replace(',', '.') : value;
  }

  private static boolean isBoolean(String value) {
    return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
  }

  /**
   * The value as its column's type; as it was where a type that was found does not fit it, null
   * where it is none, and missing where it is not of the type that was told.
   */
  JsonNode typed(String name, JsonNode value) {
    if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
      return Double.isNaN(value.doubleValue())
          ? NullNode.instance
          : TextNode.valueOf(Double.toString(value.doubleValue()));
    }
    if (value.isNull() || text && value.asText().isEmpty()) {
      return NullNode.instance;
    }
    ValueType type = told.get(name);
    if (type != null) {
      return told(type, value);
    }
    return text ? found(name, value) : value;
  }

  private JsonNode found(String name, JsonNode value) {
    return switch (found.getOrDefault(name, ValueType.TEXT)) {
      case NUMBER -> {
        String written = withPoint(value.asText());
        if (NUMBER.matcher(written).matches()) {
          yield DecimalNode.valueOf(new BigDecimal(written));
        }
        yield notFinite(value.asText(), value);
      }
      case BOOLEAN ->
          isBoolean(value.asText())
              ? BooleanNode.valueOf(Boolean.parseBoolean(value.asText()))
              : value;
      default -> value;
    };
  }

  private static JsonNode notFinite(String value, JsonNode otherwise) {
    if (!NOT_FINITE.matcher(value).matches()) {
      return otherwise;
    }
    return switch (Character.toLowerCase(value.charAt(0))) {
      case 'n' -> NullNode.instance;
      case '-' -> TextNode.valueOf("-Infinity");
      default -> TextNode.valueOf("Infinity");
    };
  }

  private JsonNode told(ValueType type, JsonNode value) {
    if (value.isContainerNode()) {
      return type == ValueType.TEXT
          ? TextNode.valueOf(value.toString())
          : MissingNode.getInstance();
    }
    String written = value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
    String stripped = value.isNumber() ? written : withPoint(written.strip());
    return switch (type) {
      case TEXT -> TextNode.valueOf(written);
      case BOOLEAN ->
          isBoolean(stripped)
              ? BooleanNode.valueOf(Boolean.parseBoolean(stripped))
              : MissingNode.getInstance();
      case NUMBER ->
          ANY_NUMBER.matcher(stripped).matches()
              ? DecimalNode.valueOf(new BigDecimal(stripped))
              : notFinite(stripped, MissingNode.getInstance());
      case INTEGER -> {
        BigDecimal number =
            ANY_NUMBER.matcher(stripped).matches() ? new BigDecimal(stripped) : null;
        yield number == null || number.stripTrailingZeros().scale() > 0
            ? MissingNode.getInstance()
            : BigIntegerNode.valueOf(number.toBigInteger());
      }
    };
  }

  /** Which type was told of a column that has a value of another one. */
  String toldType(String name) {
    ValueType type = told.get(name);
    return type == null ? "" : type.name().toLowerCase(Locale.ROOT);
  }

  /** The type in brackets where it is not text. */
  String label(String name) {
    ValueType type = told.get(name);
    if (type == null) {
      type = found.getOrDefault(name, ValueType.TEXT);
      return type == ValueType.TEXT ? "" : " (" + type.name().toLowerCase(Locale.ROOT) + ")";
    }
    return " (" + type.name().toLowerCase(Locale.ROOT) + ", as told)";
  }

  /** The first column that a type was told of and that the file does not have. */
  @Nullable String unknown(Set<String> names) {
    return told.keySet().stream().filter(name -> !names.contains(name)).findFirst().orElse(null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TextTypes types
        && types.found.equals(found)
        && types.told.equals(told)
        && types.text == text
        && types.decimal == decimal;
  }

  @Override
  public int hashCode() {
    return Objects.hash(found, told, text, decimal);
  }
}
