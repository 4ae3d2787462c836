package weir.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the self-describing objects that Snowplow calls contexts or entities.
 *
 * @param schema its address, which has a name
 * @param data JSON of any kind
 */
record SnowplowEntity(String schema, String data) {
  /** Reads those in the object that wraps them; null if one of them is none. */
  static @Nullable List<SnowplowEntity> readAll(JsonBody json) throws IOException {
    List<SnowplowEntity> found = new ArrayList<>();
    boolean whole = false;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (!field.equals("data") || !json.isArray()) {
        json.skip();
        continue;
      }
      whole = true;
      while (json.nextInArray()) {
        SnowplowEntity entity = json.isObject() ? read(json) : null;
        if (entity == null) {
          json.skip();
          whole = false;
        } else {
          found.add(entity);
        }
      }
    }
    return whole ? found : null;
  }

  private static @Nullable SnowplowEntity read(JsonBody json) throws IOException {
    String schema = null;
    String data = "null";
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("schema") && json.isText()) {
        schema = json.text();
      } else if (field.equals("data")) {
        data = json.wellFormedSource();
      } else {
        json.skip();
      }
    }
    return schema == null || SelfDescribing.name(schema) == null
        ? null
        : new SnowplowEntity(schema, data);
  }

  /** The schema's own name in lower snake case. */
  String name() {
    return String.valueOf(SelfDescribing.name(schema));
  }

  /** The fields of its data; empty if that is no object. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new EncodedJson(data, false).read(SelfDescribing::fields);
    return fields == null ? Map.of() : fields;
  }

  /** Its data as one object that names its schema as {@code _schema}. */
  String described() {
    String start = "{\"_schema\":" + JsonText.quoted(schema);
    if (!data.startsWith("{")) {
      return start + ",\"data\":" + data + "}";
    }
    boolean empty = data.substring(1, data.length() - 1).isBlank();
    return start + (empty ? "}" : "," + data.substring(1));
  }
}
