package weir.server.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the text values of a CSV column mean: numbers or truth values if all in the sample are, else
 * text. Ids and codes stay text: columns named id or ending so, and digits with a zero before them.
 */
final class TextTypes {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?([eE][+-]?\\d{1,2})?");
  private static final Pattern ID = Pattern.compile("(?i)(.*[_\\- ])?id|.*[a-z]I[dD]");

  private enum Type {
    TEXT,
    NUMBER,
    BOOLEAN
  }

  private final Map<String, Type> types;

  private TextTypes(Map<String, Type> types) {
    this.types = types;
  }

  /** Values have types of their own. */
  static TextTypes none() {
    return new TextTypes(Map.of());
  }

  static TextTypes of(List<ObjectNode> sample) {
    Map<String, Type> types = new HashMap<>();
    for (ObjectNode row : sample) {
      row.properties()
          .forEach(each -> {
            String text = each.getValue().asText();
            if (!text.isEmpty()) {
              types.merge(each.getKey(), of(each.getKey(), text), (a, b) -> a == b ? a : Type.TEXT);
            }
          });
    }
    return new TextTypes(types);
  }

  private static Type of(String name, String text) {
    if (!ID.matcher(name).matches() && NUMBER.matcher(text).matches()) {
      return Type.NUMBER;
    }
    return isBoolean(text) ? Type.BOOLEAN : Type.TEXT;
  }

  private static boolean isBoolean(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  /** The value as its column's type, or as it was where it is not one. */
  JsonNode typed(String name, JsonNode value) {
    Type type = types.getOrDefault(name, Type.TEXT);
    if (type == Type.NUMBER && NUMBER.matcher(value.asText()).matches()) {
      return DecimalNode.valueOf(new BigDecimal(value.asText()));
    }
    if (type == Type.BOOLEAN && isBoolean(value.asText())) {
      return BooleanNode.valueOf(Boolean.parseBoolean(value.asText()));
    }
    return value;
  }

  /** The type in brackets where it is not text. */
  String label(String name) {
    Type type = types.getOrDefault(name, Type.TEXT);
    return type == Type.TEXT ? "" : " (" + type.name().toLowerCase(Locale.ROOT) + ")";
  }
}
