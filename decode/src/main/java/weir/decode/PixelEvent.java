package weir.decode;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/** The event in a pixel's address. Of a field that is there twice the last one counts. */
final class PixelEvent implements WalkedEvent {
  private static final String PROPERTY = "prop.";

  /** Those that are Weir's to fill. */
  private static final Set<EventColumn> OTHERS =
      EnumSet.of(
          EventColumn.EVENT,
          EventColumn.EVENT_ID,
          EventColumn.KIND,
          EventColumn.TIMESTAMP,
          EventColumn.ORIGINAL_TIMESTAMP,
          EventColumn.RECEIVED_AT,
          EventColumn.PROCESSED_AT,
          EventColumn.ACTOR,
          EventColumn.SOURCE,
          EventColumn.PROTOCOL,
          EventColumn.ASN,
          EventColumn.IP,
          EventColumn.IS_BOT,
          EventColumn.RAW_POSITION,
          EventColumn.PROPERTIES);

  /** A number that has no other spelling: 7, -0.5, not 007 or 7.50e0. */
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,9})?");

  private final boolean full;
  private @Nullable String name;
  private @Nullable String id;
  private @Nullable String time;
  private final Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
  private final Map<String, Object> properties = new LinkedHashMap<>();

  /**
   * @param full whether more is to be kept than what the door asks for
   */
  PixelEvent(boolean full) {
    this.full = full;
  }

  /** Takes a field; an empty value says nothing. */
  void field(String field, String value) {
    if (value.isEmpty()) {
      return;
    }
    switch (field) {
      case "write_key" -> {}
      case "event" -> name = value.isBlank() ? null : value;
      case "event_id" -> id = value;
      case "timestamp" -> time = value;
      default -> {
        if (full && !putColumn(field, value)) {
          String property = field.startsWith(PROPERTY) ? field.substring(PROPERTY.length()) : field;
          properties.put(property, valueOf(value));
        }
      }
    }
  }

  private boolean putColumn(String field, String value) {
    EventColumn column = EventColumn.named(field).orElse(null);
    if (column == null || OTHERS.contains(column)) {
      return false;
    }
    Object fitting =
        switch (column.type()) {
          case STRING -> value;
          case DOUBLE -> WrittenValue.number(value);
          case INTEGER -> WrittenValue.side(value);
          default -> null;
        };
    if (fitting != null) {
      columns.put(column, fitting);
    }
    return fitting != null;
  }

  private static Object valueOf(String value) {
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    Double number = NUMBER.matcher(value).matches() ? WrittenValue.number(value) : null;
    return number == null ? value : number;
  }

  /** Why it cannot become an event. */
  SegmentDoor.@Nullable Fault fault() {
    return name == null
        ? new SegmentDoor.Fault("no_event_name", "a pixel needs its event's name in \"event\"")
        : EventNames.tooLong(name);
  }

  /**
   * Builds the event; used once.
   *
   * @throws UnusableEventException if its time is none
   */
  Decoded.Event event(RawRequest request, int index) throws UnusableEventException {
    String event = String.valueOf(name);
    columns.put(EventColumn.EVENT, event);
    columns.put(EventColumn.EVENT_ID, id != null ? id : RequestEventId.of(request.id(), index));
    columns.put(EventColumn.PROTOCOL, request.protocol());
    columns.put(EventColumn.IP, request.address());
    fill(EventColumn.KIND, EventKinds.of(event));
    fill(EventColumn.PAGE_URL, request.header("referer"));
    fillHost(EventColumn.PAGE_URL, EventColumn.PAGE_HOST);
    fillHost(EventColumn.REFERRER, EventColumn.REFERRER_HOST);
    if (time != null) {
      OptionalLong said = ClientTime.parse(time);
      if (said.isEmpty()) {
        throw new UnusableEventException(
            "invalid_timestamp",
            "the event's time is not one; send ISO 8601 or milliseconds since 1970");
      }
      columns.put(EventColumn.ORIGINAL_TIMESTAMP, said.getAsLong());
    }
    String header = request.header("user-agent");
    boolean browsers = UserAgentHeader.isBrowsers(header);
    String agent = browsers ? header : null;
    AddedProperties.add(properties, "user_agent", agent);
    return new Decoded.Event(columns, null, true, properties, new Decoded.Person(agent, browsers));
  }

  private void fill(EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.putIfAbsent(column, value);
    }
  }

  private void fillHost(EventColumn url, EventColumn host) {
    if (columns.get(url) instanceof String address) {
      fill(host, SegmentMapping.host(address));
    }
  }

  @Override
  public @Nullable String id() {
    return id;
  }

  @Override
  public @Nullable String name() {
    return name;
  }
}
