package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call as it was sent. Skimmed, it holds what the door asks for; read in full, everything. Of a
 * field that is sent twice the last one counts.
 */
final class SegmentCall {
  private final boolean full;
  private final @Nullable CallType typeOfPath;

  private @Nullable String type;
  private @Nullable String event;
  private @Nullable String messageId;
  private @Nullable String userId;
  private @Nullable String anonymousId;
  private @Nullable String groupId;
  private @Nullable String previousId;
  private @Nullable String writeKey;

  private @Nullable String timestamp;
  private @Nullable String originalTimestamp;
  private @Nullable String sentAt;
  private @Nullable String name;
  private @Nullable String channel;
  private @Nullable CallContext context;
  private final Map<String, Object> properties;
  private final Map<String, Object> traits;

  /** What has no meaning here, or not the type that it must have. */
  private final Map<String, Object> rest;

  /**
   * @param full whether more is to be kept than what the door asks for
   * @param typeOfPath what every call of the request is, whatever it says itself
   */
  SegmentCall(boolean full, @Nullable CallType typeOfPath) {
    this.full = full;
    this.typeOfPath = typeOfPath;
    this.properties = full ? new LinkedHashMap<>() : Map.of();
    this.traits = full ? new LinkedHashMap<>() : Map.of();
    this.rest = full ? new LinkedHashMap<>() : Map.of();
  }

  /** Reads the object that is the current token, to its end. */
  void read(JsonBody json) throws IOException {
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      switch (field) {
        case "type" -> type = text(field, json);
        case "event" -> event = text(field, json);
        case "messageId" -> messageId = text(field, json);
        case "userId" -> userId = text(field, json);
        case "anonymousId" -> anonymousId = text(field, json);
        case "groupId" -> groupId = text(field, json);
        case "previousId" -> previousId = text(field, json);
        case "writeKey" -> writeKey = text(field, json);
        default -> {
          if (full) {
            readDetail(field, json);
          } else {
            json.skip();
          }
        }
      }
    }
  }

  private void readDetail(String field, JsonBody json) throws IOException {
    switch (field) {
      case "timestamp" -> timestamp = text(field, json);
      case "originalTimestamp" -> originalTimestamp = text(field, json);
      case "sentAt" -> sentAt = text(field, json);
      case "name" -> name = text(field, json);
      case "channel" -> channel = text(field, json);
      case "properties" -> readProperties(field, properties, json);
      case "traits" -> readProperties(field, traits, json);
      case "context" -> {
        context = null;
        if (json.isObject()) {
          context = new CallContext();
          context.read(json);
        } else {
          keep(field, json);
        }
      }
      default -> keep(field, json);
    }
  }

  private @Nullable String text(String field, JsonBody json) throws IOException {
    if (json.isObject() || json.isArray()) {
      if (full) {
        keep(field, json);
      } else {
        json.skip();
      }
      return null;
    }
    String text = json.text();
    if (text == null && full) {
      keep(field, json);
    }
    return text == null || text.isBlank() ? null : text;
  }

  private void readProperties(String field, Map<String, Object> into, JsonBody json)
      throws IOException {
    into.clear();
    if (!json.isObject()) {
      keep(field, json);
      return;
    }
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      Object value = json.value();
      if (value != null) {
        into.put(Utf8.wellFormed(name), value);
      } else {
        into.remove(Utf8.wellFormed(name));
      }
    }
  }

  private void keep(String field, JsonBody json) throws IOException {
    Object value = json.value();
    if (value != null) {
      rest.put(Utf8.wellFormed(field), value);
    }
  }

  /** What the call is; null if it says none that there is. */
  @Nullable CallType type() {
    return typeOfPath != null ? typeOfPath : CallType.named(type);
  }

  /** The type that the call itself names. */
  @Nullable String typeName() {
    return type;
  }

  @Nullable String event() {
    return event;
  }

  @Nullable String messageId() {
    return messageId;
  }

  @Nullable String userId() {
    return userId;
  }

  @Nullable String anonymousId() {
    return anonymousId;
  }

  @Nullable String groupId() {
    return groupId;
  }

  @Nullable String previousId() {
    return previousId;
  }

  @Nullable String writeKey() {
    return writeKey;
  }

  @Nullable String timestamp() {
    return timestamp;
  }

  @Nullable String originalTimestamp() {
    return originalTimestamp;
  }

  @Nullable String sentAt() {
    return sentAt;
  }

  @Nullable String name() {
    return name;
  }

  @Nullable String channel() {
    return channel;
  }

  /** The call's context, an empty one if it sent none. */
  CallContext context() {
    return context == null ? new CallContext() : context;
  }

  Map<String, Object> properties() {
    return properties;
  }

  Map<String, Object> traits() {
    return traits;
  }

  Map<String, Object> rest() {
    return rest;
  }
}
