package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event of the Measurement Protocol. Of a field that is sent twice the last one counts. */
final class Ga4Event implements WalkedEvent {
  private final Ga4Request request;
  private final boolean full;
  private @Nullable String name;
  private @Nullable String time;
  private Map<String, Object> params = new LinkedHashMap<>();
  private final Map<String, Object> rest = new LinkedHashMap<>();

  /**
   * @param request what it says of all its events
   * @param full whether more is to be kept than what the door asks for
   */
  Ga4Event(Ga4Request request, boolean full) {
    this.request = request;
    this.full = full;
  }

  /** Reads the object that is the current token. */
  void read(JsonBody json) throws IOException {
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      if (field.equals("name")) {
        name = json.isText() ? json.text() : null;
        name = name == null || name.isBlank() ? null : name;
        json.skip();
      } else if (!full) {
        json.skip();
      } else if (field.equals("params") && json.isObject()) {
        params = SelfDescribing.fields(json);
      } else if (field.equals("timestamp_micros") && !json.isObject() && !json.isArray()) {
        time = json.text();
      } else {
        Object value = json.value();
        if (value != null) {
          rest.put(Utf8.wellFormed(field), value);
        }
      }
    }
  }

  /** Why it cannot become an event. */
  SegmentDoor.@Nullable Fault fault() {
    if (name == null) {
      return new SegmentDoor.Fault("no_event_name", "an event needs its name in \"name\"");
    }
    SegmentDoor.Fault tooLong = EventNames.tooLong(name);
    if (tooLong != null || request.clientId() != null || request.userId() != null) {
      return tooLong;
    }
    return new SegmentDoor.Fault(
        "no_identity",
        "send \"client_id\", \"app_instance_id\" or \"user_id\" with the events: who did it?");
  }

  @Override
  public @Nullable String id() {
    return null;
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  /** Its own time, else the request's. */
  @Nullable String time() {
    return time != null ? time : request.time();
  }

  Ga4Request request() {
    return request;
  }

  Map<String, Object> params() {
    return params;
  }

  /** What it says beside its parameters. */
  Map<String, Object> rest() {
    return rest;
  }
}
