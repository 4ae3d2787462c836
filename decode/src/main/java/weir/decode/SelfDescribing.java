package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object {@code {"schema":"iglu:VENDOR/NAME/jsonschema/VERSION","data":...}}. Schemas are
 * names here: they are not fetched.
 *
 * @param schema as it was sent
 * @param fields of the data, if that is an object; each a property's value
 * @param other the data, if it is something else
 */
record SelfDescribing(String schema, Map<String, Object> fields, @Nullable Object other) {
  private static final String SCHEME = "iglu:";

  /** Reads the object that is the current token; null if it is none of these. */
  static @Nullable SelfDescribing read(JsonBody json) throws IOException {
    String schema = null;
    Map<String, Object> fields = Map.of();
    Object other = null;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("schema") && json.isText()) {
        schema = json.text();
      } else if (!field.equals("data")) {
        json.skip();
      } else if (json.isObject()) {
        fields = fields(json);
        other = null;
      } else {
        fields = Map.of();
        other = json.value();
      }
    }
    return schema == null || name(schema) == null
        ? null
        : new SelfDescribing(schema, fields, other);
  }

  /** The properties that the object which is the current token has. */
  static Map<String, Object> fields(JsonBody json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
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

  /** The schema's own name in lower snake case. */
  String name() {
    return String.valueOf(name(schema));
  }

  /** What a schema describes, vendor and name, without format and version. */
  static String vendorAndName(String schema) {
    int end = schema.indexOf('/', schema.indexOf('/') + 1);
    return schema.substring(SCHEME.length(), end);
  }

  /** A schema's own name in lower snake case; null if it is no schema's address. */
  static @Nullable String name(String schema) {
    int from = schema.startsWith(SCHEME) ? schema.indexOf('/') : -1;
    int to = from < 0 ? -1 : schema.indexOf('/', from + 1);
    String name = to < 0 ? "" : EventKinds.fold(schema.substring(from + 1, to));
    return name.isEmpty() ? null : name;
  }
}
