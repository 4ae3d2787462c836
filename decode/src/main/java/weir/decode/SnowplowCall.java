package weir.decode;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * One event of the tracker protocol as it was sent. Skimmed, it holds what the door asks for; read
 * in full, everything. Of a field that is sent twice the last one counts.
 */
final class SnowplowCall implements WalkedEvent {
  private static final Set<String> TYPES = Set.of("pv", "pp", "se", "ue", "tr", "ti");

  private final boolean full;
  private final SnowplowContextsReader reader;
  private @Nullable String type;
  private @Nullable String eventId;
  private @Nullable String appId;
  private @Nullable String action;

  /** What self-describing data the event has and needs, plain or in base64. */
  private @Nullable String data;

  private @Nullable String encodedData;
  private @Nullable String contexts;
  private @Nullable String encodedContexts;
  private @Nullable String created;
  private @Nullable String happened;
  private @Nullable String sent;
  private @Nullable String platform;
  private @Nullable String tracker;
  private @Nullable String userAgent;

  private final Map<EventColumn, Object> columns;
  private final Map<String, Object> properties;

  /**
   * @param full whether more is to be kept than what the door asks for
   * @param reader the same for all events of a request
   */
  SnowplowCall(boolean full, SnowplowContextsReader reader) {
    this.full = full;
    this.reader = reader;
    this.columns = full ? new EnumMap<>(EventColumn.class) : Map.of();
    this.properties = full ? new LinkedHashMap<>() : Map.of();
  }

  /** Reads the object that is the current token, to its end. */
  void read(JsonBody json) throws IOException {
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      if (json.isObject() || json.isArray()) {
        if (full) {
          properties.put(Utf8.wellFormed(name), new Decoded.Json(json.wellFormedSource()));
        } else {
          json.skip();
        }
      } else if (full || isOfDoor(name)) {
        String text = isEncoded(name) ? json.rawScalar() : json.scalar();
        if (text != null) {
          field(name, text);
        }
      }
    }
  }

  /** Whether a value is a text that is read again. */
  private static boolean isEncoded(String name) {
    return switch (name) {
      case "ue_pr", "ue_px", "co", "cx" -> true;
      default -> false;
    };
  }

  private static boolean isOfDoor(String name) {
    return switch (name) {
      case "e", "eid", "aid", "se_ac", "ue_pr", "ue_px" -> true;
      default -> false;
    };
  }

  /** Takes a field; an empty value says nothing. */
  void field(String name, String text) {
    if (text.isEmpty()) {
      return;
    }
    switch (name) {
      case "e" -> type = text;
      case "eid" -> eventId = text;
      case "aid" -> appId = text;
      case "se_ac" -> action = text;
      case "ue_pr" -> data = text;
      case "ue_px" -> encodedData = text;
      default -> {
        if (full) {
          detail(name, text);
        }
      }
    }
  }

  private void detail(String name, String text) {
    switch (name) {
      case "co" -> contexts = text;
      case "cx" -> encodedContexts = text;
      case "dtm" -> created = text;
      case "ttm" -> happened = text;
      case "stm" -> sent = text;
      case "p" -> platform = text;
      case "tv" -> tracker = text;
      case "ua" -> userAgent = text;
      default -> SnowplowFields.put(name, text, columns, properties);
    }
  }

  /** Why it cannot become an event, as far as it can be seen without its self-describing data. */
  SegmentDoor.@Nullable Fault fault() {
    if (type == null || !TYPES.contains(type)) {
      return new SegmentDoor.Fault(
          "unknown_type", "an event's \"e\" must be one of pv, pp, se, ue, tr, ti");
    }
    if (type.equals("ue") && data == null && encodedData == null) {
      return new SegmentDoor.Fault(
          "no_event_name", "a self-describing event needs its data in \"ue_pr\" or \"ue_px\"");
    }
    if (type.equals("se")) {
      return action == null
          ? new SegmentDoor.Fault(
              "no_event_name", "a structured event needs its action in \"se_ac\": it is its name")
          : EventNames.tooLong(action);
    }
    return null;
  }

  @Override
  public @Nullable String id() {
    return eventId;
  }

  /** The name; null for a self-describing event, whose schema has it. */
  @Override
  public @Nullable String name() {
    return switch (type == null ? "" : type) {
      case "pv" -> "page_viewed";
      case "pp" -> "page_ping";
      case "se" -> action;
      case "tr" -> "transaction";
      case "ti" -> "transaction_item";
      default -> null;
    };
  }

  @Nullable String type() {
    return type;
  }

  @Nullable String appId() {
    return appId;
  }

  /** The self-describing event, plain or in base64; null if there is neither. */
  @Nullable EncodedJson data() {
    return EncodedJson.of(data, encodedData);
  }

  /** The contexts, likewise. */
  @Nullable EncodedJson contexts() {
    return EncodedJson.of(contexts, encodedContexts);
  }

  SnowplowContextsReader contextsReader() {
    return reader;
  }

  /** When the device made it, by its clock. */
  @Nullable String created() {
    return created;
  }

  /** When it happened, where the client knows that for certain. */
  @Nullable String happened() {
    return happened;
  }

  @Nullable String sent() {
    return sent;
  }

  @Nullable String platform() {
    return platform;
  }

  @Nullable String tracker() {
    return tracker;
  }

  @Nullable String userAgent() {
    return userAgent;
  }

  Map<EventColumn, Object> columns() {
    return columns;
  }

  Map<String, Object> properties() {
    return properties;
  }
}
