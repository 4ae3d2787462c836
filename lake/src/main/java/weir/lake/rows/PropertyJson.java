package weir.lake.rows;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON object in the column {@code properties}. */
final class PropertyJson {
  private PropertyJson() {}

  /**
   * Adds members to an object.
   *
   * @param object a JSON object, or null for none
   * @param members Boolean, Double and String values
   */
  static String with(@Nullable String object, Map<String, Object> members) {
    StringBuilder json = new StringBuilder();
    int end = object == null ? -1 : object.lastIndexOf('}');
    if (object == null || end < 0) {
      json.append('{');
    } else {
      json.append(object, 0, end);
    }
    boolean first = json.toString().strip().equals("{");
    for (Map.Entry<String, Object> member : members.entrySet()) {
      if (!first) {
        json.append(',');
      }
      first = false;
      quote(json, member.getKey());
      json.append(':');
      switch (member.getValue()) {
        case Double number when number.isNaN() || number.isInfinite() ->
            quote(json, number.toString());
        case String text -> quote(json, text);
        default -> json.append(member.getValue());
      }
    }
    return json.append('}').toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
