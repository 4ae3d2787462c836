package weir.decode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/** Makes the event of one call of the tracker protocol. Used once. */
final class SnowplowMapping {
  private final RawRequest request;
  private final int index;
  private final SnowplowCall call;
  private final Map<EventColumn, Object> columns;

  SnowplowMapping(RawRequest request, int index, SnowplowCall call) {
    this.request = request;
    this.index = index;
    this.call = call;
    this.columns = call.columns();
  }

  Decoded.Event event() throws UnusableEventException {
    SelfDescribing data = data();
    Map<String, Object> properties = data == null ? new LinkedHashMap<>() : data.fields();
    String name = data == null ? String.valueOf(call.name()) : data.schema().name();
    SegmentDoor.Fault tooLong = EventNames.tooLong(name);
    if (tooLong != null) {
      throw new UnusableEventException(tooLong.reason(), tooLong.message());
    }
    if (data != null) {
      AddedProperties.add(properties, "data", data.other());
      AddedProperties.add(properties, "_schema", data.schema().address());
    }
    columns.put(EventColumn.EVENT, name);
    columns.put(
        EventColumn.EVENT_ID,
        call.id() != null ? call.id() : RequestEventId.of(request.id(), index));
    columns.put(EventColumn.PROTOCOL, request.protocol());
    put(EventColumn.KIND, SnowplowKinds.of(String.valueOf(call.type()), name, properties));
    if (name.equals("screen_view") && properties.get("name") instanceof String screen) {
      columns.put(EventColumn.SCREEN_NAME, screen);
    }
    worthOfItem();
    putTime(properties);
    Long sentAt = sentAt(properties);
    putTracker();
    call.properties().forEach((field, value) -> AddedProperties.add(properties, field, value));
    putPlatform();
    addContexts(properties);
    if (call.appId() != null && !call.appId().equals(request.key())) {
      columns.put(EventColumn.APP_NAME, call.appId());
    }
    SegmentMapping.putHost(columns, EventColumn.PAGE_URL, EventColumn.PAGE_HOST);
    SegmentMapping.putHost(columns, EventColumn.REFERRER, EventColumn.REFERRER_HOST);
    Decoded.Person person = person(properties);
    return new Decoded.Event(columns, sentAt, call.happened() == null, properties, person);
  }

  private @Nullable SelfDescribing data() throws UnusableEventException {
    if (!"ue".equals(call.type())) {
      return null;
    }
    EncodedJson sent = call.data();
    SelfDescribing data = sent == null ? null : sent.read(SelfDescribing::readWrapped);
    if (data == null) {
      throw new UnusableEventException(
          "invalid_self_describing_event",
          "\"ue_pr\" must be, and \"ue_px\" in base64, JSON such as"
              + " {\"schema\":\"iglu:.../unstruct_event/...\",\"data\":{\"schema\":"
              + "\"iglu:VENDOR/NAME/jsonschema/1-0-0\",\"data\":{}}}");
    }
    return data;
  }

  /** An item's worth is its price times how many there are. */
  private void worthOfItem() {
    if (call.properties().get("ti_price") instanceof Double price) {
      double quantity = call.properties().get("ti_quantity") instanceof Double many ? many : 1;
      columns.putIfAbsent(EventColumn.VALUE, price * quantity);
    }
  }

  private void putTime(Map<String, Object> properties) throws UnusableEventException {
    String said = call.happened() != null ? call.happened() : call.created();
    if (said != null) {
      OptionalLong time = ClientTime.parse(said);
      if (time.isEmpty()) {
        throw new UnusableEventException(
            "invalid_timestamp",
            "the event's time is not one; \"dtm\" and \"ttm\" are milliseconds since 1970");
      }
      columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
    }
    if (call.happened() != null) {
      AddedProperties.add(properties, "dvce_created_tstamp", call.created());
    }
  }

  private @Nullable Long sentAt(Map<String, Object> properties) {
    String said = call.sent();
    OptionalLong time = said == null ? OptionalLong.empty() : ClientTime.parse(said);
    if (time.isPresent()) {
      return time.getAsLong();
    }
    AddedProperties.add(properties, "stm", said);
    return null;
  }

  /** A tracker's name and version are one text: js-4.10.0. */
  private void putTracker() {
    String tracker = call.tracker();
    if (tracker == null) {
      return;
    }
    int version = tracker.length();
    for (int i = tracker.indexOf('-'); i > 0; i = tracker.indexOf('-', i + 1)) {
      if (i + 1 < tracker.length() && Character.isDigit(tracker.charAt(i + 1))) {
        version = i;
        break;
      }
    }
    columns.put(EventColumn.LIBRARY, tracker.substring(0, version));
    if (version < tracker.length()) {
      columns.put(EventColumn.LIBRARY_VERSION, tracker.substring(version + 1));
    }
  }

  private void putPlatform() {
    if (call.platform() == null) {
      return;
    }
    String platform =
        switch (call.platform()) {
          case "srv" -> "server";
          case "mob" -> "mobile";
          case "pc" -> "desktop";
          case "cnsl" -> "console";
          default -> call.platform();
        };
    columns.put(EventColumn.PLATFORM, platform);
  }

  private void addContexts(Map<String, Object> properties) {
    EncodedJson sent = call.contexts();
    if (sent == null) {
      return;
    }
    List<SnowplowEntity> entities = call.contextsReader().read(sent);
    if (entities == null) {
      AddedProperties.add(properties, sent.base64() ? "cx" : "co", Utf8.wellFormed(sent.text()));
    } else {
      SnowplowContexts contexts = new SnowplowContexts(columns);
      contexts.addAll(entities);
      contexts.addTo(properties);
    }
  }

  private Decoded.Person person(Map<String, Object> properties) {
    boolean spokenFor = "server".equals(columns.get(EventColumn.PLATFORM));
    boolean anonymous = request.header(SnowplowDecoder.ANONYMOUS) != null;
    boolean statesAddress = columns.containsKey(EventColumn.IP);
    if (!statesAddress && !anonymous) {
      columns.put(EventColumn.IP, request.address());
    }
    String header = request.header("user-agent");
    String browsers = UserAgentHeader.isBrowsers(header) ? header : null;
    String agent = call.userAgent() != null || spokenFor ? call.userAgent() : browsers;
    AddedProperties.add(properties, "user_agent", agent);
    return new Decoded.Person(agent, statesAddress || !spokenFor);
  }

  private void put(EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.put(column, value);
    }
  }
}
