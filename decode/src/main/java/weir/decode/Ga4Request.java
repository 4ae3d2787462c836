package weir.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request of the Measurement Protocol says of all its events, and where they lie: it may say
 * so behind them. Of a field that is sent twice the last one counts.
 */
final class Ga4Request {
  /** Where an event lies in the body. */
  record Range(int from, int to, boolean isObject) {}

  private final boolean full;
  private final List<Range> events = new ArrayList<>();
  private @Nullable String clientId;
  private @Nullable String userId;
  private @Nullable String time;
  private @Nullable String address;
  private @Nullable String userAgent;
  private Map<String, Object> device = Map.of();
  private Map<String, Object> location = Map.of();
  private final Map<String, Object> rest = new LinkedHashMap<>();

  /**
   * @param full whether more is to be kept than what the door asks for
   */
  Ga4Request(boolean full) {
    this.full = full;
  }

  /** Reads the object that is the current token. */
  void read(JsonBody json) throws IOException, MalformedException {
    boolean found = false;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      switch (field) {
        case "events" -> {
          if (found || !json.isArray()) {
            throw new MalformedException("\"events\" must be one array of events");
          }
          found = true;
          readEvents(json);
        }
        case "client_id", "app_instance_id" -> clientId = text(json, clientId);
        case "user_id" -> userId = text(json, userId);
        default -> readDetail(field, json);
      }
    }
    if (!found) {
      throw new MalformedException("the object has no \"events\": send {\"events\":[...]}");
    }
  }

  private void readEvents(JsonBody json) throws IOException, MalformedException {
    while (json.nextInArray()) {
      if (events.size() == Ga4Decoder.MAX_EVENTS) {
        throw new MalformedException(
            "the request holds more than " + Ga4Decoder.MAX_EVENTS + " events: send several");
      }
      int from = json.start();
      if (json.isObject()) {
        json.skip();
        events.add(new Range(from, json.end(), true));
      } else {
        int length = json.sourceBytes();
        events.add(new Range(from, from + length, false));
      }
    }
  }

  private void readDetail(String field, JsonBody json) throws IOException {
    if (!full) {
      json.skip();
      return;
    }
    switch (field) {
      case "timestamp_micros" -> time = text(json, time);
      case "ip_override" -> address = text(json, address);
      case "user_agent" -> userAgent = text(json, userAgent);
      case "device" -> device = fields(field, json, device);
      case "user_location" -> location = fields(field, json, location);
      default -> keep(field, json);
    }
  }

  private Map<String, Object> fields(String field, JsonBody json, Map<String, Object> before)
      throws IOException {
    if (json.isObject()) {
      return SelfDescribing.fields(json);
    }
    keep(field, json);
    return before;
  }

  private void keep(String field, JsonBody json) throws IOException {
    Object value = json.value();
    if (value != null) {
      rest.put(Utf8.wellFormed(field), value);
    }
  }

  private @Nullable String text(JsonBody json, @Nullable String before) throws IOException {
    if (json.isObject() || json.isArray()) {
      json.skip();
      return before;
    }
    String text = json.text();
    return text == null || text.isBlank() ? before : text;
  }

  List<Range> events() {
    return events;
  }

  /** The browser's or the app instance's id. */
  @Nullable String clientId() {
    return clientId;
  }

  @Nullable String userId() {
    return userId;
  }

  @Nullable String time() {
    return time;
  }

  @Nullable String address() {
    return address;
  }

  @Nullable String userAgent() {
    return userAgent;
  }

  Map<String, Object> device() {
    return device;
  }

  Map<String, Object> location() {
    return location;
  }

  /** What else it says. */
  Map<String, Object> rest() {
    return rest;
  }
}
