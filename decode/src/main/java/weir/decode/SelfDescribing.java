package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object {@code {"schema":"iglu:...","data":...}}.
 *
 * @param fields of the data, if that is an object; each a property's value; to be changed by
 *     whoever reads it
 * @param other the data, if it is something else
 */
record SelfDescribing(IgluSchema schema, Map<String, Object> fields, @Nullable Object other) {
  /** Reads the object that is the current token; null if it is none of these. */
  static @Nullable SelfDescribing read(JsonBody json) throws IOException {
    IgluSchema schema = null;
    Map<String, Object> fields = null;
    Object other = null;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("schema") && json.isText()) {
        schema = IgluSchema.of(json.text());
      } else if (!field.equals("data")) {
        json.skip();
      } else if (json.isObject()) {
        fields = fields(json);
        other = null;
      } else {
        fields = null;
        other = json.value();
      }
    }
    return schema == null
        ? null
        : new SelfDescribing(schema, fields == null ? new LinkedHashMap<>() : fields, other);
  }

  /** The properties that the object which is the current token has. */
  static Map<String, Object> fields(JsonBody json) throws IOException {
    Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(24); // others are added to them
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      Object value = json.value();
      if (value != null) {
        fields.put(Utf8.wellFormed(name), value);
      }
    }
    return fields;
  }

  /** Reads the event within the object that wraps it; null if it is none. */
  static @Nullable SelfDescribing readWrapped(JsonBody json) throws IOException {
    SelfDescribing found = null;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("data") && json.isObject()) {
        found = read(json);
      } else {
        json.skip();
      }
    }
    return found;
  }
}
