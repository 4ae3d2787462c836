package weir.decode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One CloudEvent as it was sent. Skimmed, it holds what the door asks for; read in full,
 * everything. Of an attribute that is sent twice the last one counts.
 */
final class CloudEvent implements WalkedEvent {
  private static final String BASE64 = "data_base64";

  private final boolean full;
  private @Nullable String id;
  private @Nullable String source;
  private @Nullable String type;
  private @Nullable String specVersion;
  private @Nullable String contentType;
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /** Fields of the data, if that is a JSON object. */
  private Map<String, Object> fields = Map.of();

  /** The data as one property, if it is something else. */
  private final Map<String, Object> other = new LinkedHashMap<>();

  /**
   * @param full whether more is to be kept than what the door asks for
   */
  CloudEvent(boolean full) {
    this.full = full;
  }

  /** Reads the object that is the current token: attributes, and the data among them. */
  void read(JsonBody json) throws IOException {
    String encoded = null;
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      boolean required = isRequired(name);
      if (!full && !required) {
        json.skip();
      } else if (name.equals("data")) {
        data(json);
      } else if (name.equals(BASE64) && json.isText()) {
        encoded = json.text();
      } else if (json.isObject() || json.isArray()) {
        attributes.put(Utf8.wellFormed(name), new Decoded.Json(json.wellFormedSource()));
      } else if (required || name.equals("datacontenttype")) {
        String text = json.scalar();
        attribute(name, text == null ? "" : text);
      } else {
        Object value = json.value();
        if (value != null) {
          attributes.put(Utf8.wellFormed(name), value);
        }
      }
    }
    if (encoded != null) {
      encodedData(encoded);
    }
  }

  private static boolean isRequired(String name) {
    return switch (name) {
      case "id", "source", "type", "specversion" -> true;
      default -> false;
    };
  }

  /** Takes an attribute that was sent as text. */
  void attribute(String name, String text) {
    if (text.isEmpty()) {
      return;
    }
    switch (name) {
      case "id" -> id = text;
      case "source" -> source = text;
      case "type" -> type = text;
      case "specversion" -> specVersion = text;
      default -> {
        if (full) {
          if (name.equals("datacontenttype")) {
            contentType = text;
          }
          attributes.put(name, text);
        }
      }
    }
  }

  private void data(JsonBody json) throws IOException {
    fields = Map.of();
    other.clear();
    if (json.isObject()) {
      fields = SelfDescribing.fields(json);
    } else {
      keepOther("data", json.value());
    }
  }

  private void keepOther(String name, @Nullable Object value) {
    if (value != null) {
      other.put(name, value);
    }
  }

  private void encodedData(String encoded) {
    byte[] bytes = null;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      // stays as it was sent
    }
    if (bytes == null || !MediaType.isJson(contentType) || !readJson(bytes)) {
      other.put(BASE64, encoded);
    }
  }

  /**
   * Takes the body that the data is: JSON where the content-type says so or nothing else, text
   * where it is UTF-8, else base64.
   *
   * @throws MalformedException if it is to be JSON and is none
   */
  void binaryData(@Nullable String type, byte[] body) throws IOException, MalformedException {
    if (full && type != null) {
      attributes.put("datacontenttype", type);
    }
    if (body.length == 0) {
      return;
    }
    if (MediaType.isJson(type)) {
      JsonDocument.requireUtf8(body);
      try (JsonBody json = JsonDocument.open(body)) {
        if (json.next() == null) {
          throw new MalformedException("the body has no JSON but blanks");
        }
        if (full) {
          data(json);
        } else {
          json.skip();
        }
        JsonDocument.requireEnd(json);
      }
    } else if (full && !(type == null && readJson(body))) {
      boolean text = Utf8.firstInvalid(body, 0, body.length) < 0;
      other.put(
          text ? "data" : BASE64,
          text
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    }
  }

  /** Whether the bytes are a JSON object, which is then the data. */
  private boolean readJson(byte[] bytes) {
    if (Utf8.firstInvalid(bytes, 0, bytes.length) >= 0) {
      return false;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    Map<String, Object> read = new EncodedJson(text, false).read(SelfDescribing::fields);
    fields = read == null ? Map.of() : read;
    return read != null;
  }

  /** Why it cannot become an event. */
  SegmentDoor.@Nullable Fault fault() {
    if (type == null) {
      return new SegmentDoor.Fault("no_event_name", "a CloudEvent needs its \"type\"");
    }
    List<String> missing = new ArrayList<>();
    if (id == null) {
      missing.add("id");
    }
    if (source == null) {
      missing.add("source");
    }
    if (specVersion == null) {
      missing.add("specversion");
    }
    if (!missing.isEmpty()) {
      return new SegmentDoor.Fault(
          "missing_attribute", "a CloudEvent needs " + String.join(", ", missing));
    }
    if (!String.valueOf(specVersion).startsWith("1.")) {
      return new SegmentDoor.Fault(
          "unknown_version", "of CloudEvents, version 1.0 is read; send specversion 1.0");
    }
    return EventNames.tooLong(type);
  }

  /** Source and id, which are one event's alone together; a source has no spaces. */
  @Override
  public @Nullable String id() {
    return source == null || id == null ? null : source + " " + id;
  }

  @Override
  public @Nullable String name() {
    return type;
  }

  @Nullable String source() {
    return source;
  }

  @Nullable String specVersion() {
    return specVersion;
  }

  /** All other attributes, the extensions too. */
  Map<String, Object> attributes() {
    return attributes;
  }

  Map<String, Object> fields() {
    return fields;
  }

  Map<String, Object> other() {
    return other;
  }
}
