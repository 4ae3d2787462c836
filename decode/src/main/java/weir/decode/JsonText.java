package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.WrittenNumber;

/** Values of properties, written as JSON and read of it. */
final class JsonText {
  private JsonText() {}

  /** An object of values as {@link Decoded.Event#properties()} has them. */
  static Decoded.Json object(Map<String, Object> fields) {
    StringBuilder json = new StringBuilder();
    char separator = '{';
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      json.append(separator);
      quote(field.getKey(), json);
      json.append(':');
      json.append(of(field.getValue()));
      separator = ',';
    }
    return new Decoded.Json(json.isEmpty() ? "{}" : json.append('}').toString());
  }

  /** The fields of an object in their order, without nulls; none of other JSON. */
  static Map<String, Object> fields(Decoded.Json object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    byte[] bytes = object.text().getBytes(StandardCharsets.UTF_8);
    try (JsonBody json = new JsonBody(bytes, 0, bytes.length)) {
      if (json.next() != JsonToken.START_OBJECT) {
        return fields;
      }
      for (String name = json.nextField(); name != null; name = json.nextField()) {
        Object value = json.value();
        if (value != null) {
          fields.put(Utf8.wellFormed(name), value);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a property is no JSON", e);
    }
    return fields;
  }

  /** The first field of an object that is a text; null if there is none. */
  static @Nullable String firstText(Decoded.Json object) {
    return fields(object).values().stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .findFirst()
        .orElse(null);
  }

  /** A property's value. */
  static String of(Object value) {
    return switch (value) {
      case Decoded.Json json -> json.text();
      case Double number -> WrittenNumber.text(number);
      case Boolean flag -> flag.toString();
      default -> quoted(value.toString());
    };
  }

  /** A text as JSON's string. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2);
    quote(text, json);
    return json.toString();
  }

  /** Writes a text with its quotes. */
  static void quote(String text, StringBuilder json) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(Utf8.wellFormed(text), json);
    json.append('"');
  }
}
