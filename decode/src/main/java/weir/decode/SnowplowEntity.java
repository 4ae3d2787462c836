package weir.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the self-describing objects that Snowplow calls contexts or entities.
 *
 * @param data JSON of any kind
 * @param fields of the data, where that is an object and they were read with it
 */
record SnowplowEntity(IgluSchema schema, String data, @Nullable Map<String, Object> fields) {
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
    IgluSchema schema = null;
    String data = "null";
    Map<String, Object> fields = null;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("schema") && json.isText()) {
        schema = IgluSchema.of(json.text());
      } else if (!field.equals("data")) {
        json.skip();
      } else if (json.isObject() && schema != null && SnowplowContexts.reads(schema)) {
        int from = json.start();
        fields = SelfDescribing.fields(json);
        data = json.wellFormedSource(from);
      } else {
        fields = null;
        data = json.wellFormedSource();
      }
    }
    return schema == null ? null : new SnowplowEntity(schema, data, fields);
  }

  /** The fields of its data; empty if that is no object. */
  Map<String, Object> allFields() {
    Map<String, Object> read =
        fields != null ? fields : new EncodedJson(data, false).read(SelfDescribing::fields);
    return read == null ? Map.of() : read;
  }

  /** Its data as one object that names its schema as {@code _schema}. */
  String described() {
    String start = "{\"_schema\":" + JsonText.quoted(schema.address());
    if (!data.startsWith("{")) {
      return start + ",\"data\":" + data + "}";
    }
    boolean empty = data.substring(1, data.length() - 1).isBlank();
    return start + (empty ? "}" : "," + data.substring(1));
  }
}
