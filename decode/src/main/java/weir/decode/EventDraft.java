package weir.decode;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/**
 * An event's columns and properties while its fields are read. What fits no column becomes a
 * property, so that nothing is lost but the fields that say nothing: nulls, and empty texts for
 * columns.
 */
final class EventDraft {
  private static final List<String> WORTHS = List.of("revenue", "value", "total");

  private final Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final Map<String, Object> others = new LinkedHashMap<>();

  Map<EventColumn, Object> columns() {
    return columns;
  }

  Map<String, Object> properties() {
    return properties;
  }

  /** Reads a value into the column that the table has for its name, else into a property. */
  void read(Map<String, EventColumn> table, String name, JsonBody json) throws IOException {
    EventColumn column = table.get(name);
    if (column == null || !readColumn(column, json)) {
      property(name, json);
    }
  }

  /** The same for a field that is none of the event's properties. */
  void readOther(Map<String, EventColumn> table, String name, JsonBody json) throws IOException {
    EventColumn column = table.get(name);
    if (column == null || !readColumn(column, json)) {
      other(name, json.value());
    }
  }

  /** Whether the value was one of the column's, or said nothing. */
  private boolean readColumn(EventColumn column, JsonBody json) throws IOException {
    if (json.isNull()) {
      return true;
    }
    if (json.isObject() || json.isArray()) {
      return false;
    }
    if (json.isText() && Objects.requireNonNull(json.text()).isEmpty()) {
      return true;
    }
    Object value = columnValue(column, json);
    if (value != null) {
      columns.put(column, value);
    }
    return value != null;
  }

  private static @Nullable Object columnValue(EventColumn column, JsonBody json)
      throws IOException {
    if (column.type() == ColumnType.STRING || json.isText()) {
      String text = json.text();
      return text == null ? null : value(column, text);
    }
    return json.value() instanceof Double number ? value(column, number) : null;
  }

  /** A text or a number as it was written, as the column's class; null if it cannot be one. */
  private static @Nullable Object value(EventColumn column, String text) {
    return switch (column.type()) {
      case STRING -> text;
      case DOUBLE, INTEGER -> {
        Double number = number(text);
        yield number == null ? null : value(column, number);
      }
      default -> throw new IllegalArgumentException(column.columnName());
    };
  }

  private static @Nullable Object value(EventColumn column, Double number) {
    if (column.type() == ColumnType.DOUBLE) {
      return number;
    }
    return Math.abs(number) < Integer.MAX_VALUE ? (Object) (int) Math.round(number) : null;
  }

  /** The number that a text is; null if it is none. */
  static @Nullable Double number(String text) {
    String stripped = text.strip();
    if (WrittenNumber.read(stripped).isEmpty()) {
      return null;
    }
    double number = Double.parseDouble(stripped);
    return Double.isFinite(number) ? number : null;
  }

  /** Sets a column, if the text is not empty. */
  void column(EventColumn column, @Nullable String text) {
    Object value = text == null || text.isEmpty() ? null : value(column, text);
    if (value != null) {
      columns.put(column, value);
    }
  }

  /** Sets a column that has no value yet, if the text is not empty. */
  void fill(EventColumn column, @Nullable String text) {
    if (!columns.containsKey(column)) {
      column(column, text);
    }
  }

  /** Reads one of the event's own properties. */
  void property(String name, JsonBody json) throws IOException {
    property(name, json.value());
  }

  /** One of the event's own properties. */
  void property(String name, @Nullable Object value) {
    if (value == null) {
      properties.remove(Utf8.wellFormed(name));
    } else {
      properties.put(Utf8.wellFormed(name), value);
    }
  }

  /** Something that becomes a property, under a name that none of the event's own has. */
  void other(String name, @Nullable Object value) {
    if (value != null) {
      others.put(Utf8.wellFormed(name), value);
    }
  }

  /** Takes a property out; null if there is none of that name. */
  @Nullable Object take(String name) {
    return properties.remove(name);
  }

  /** Puts all properties into one, an object, so that the event's own can be others. */
  void nestProperties(String name) {
    if (!properties.isEmpty()) {
      other(name, JsonText.object(properties));
      properties.clear();
    }
  }

  /**
   * The event's time.
   *
   * @throws UnusableEventException if the text is none
   */
  void time(@Nullable String text) throws UnusableEventException {
    if (text == null) {
      return;
    }
    OptionalLong time = ClientTime.parse(text);
    if (time.isEmpty()) {
      throw new UnusableEventException(
          "invalid_timestamp",
          "the event's time is not one: \""
              + (text.length() <= 60 ? text : text.substring(0, 60) + "...")
              + "\"; send ISO 8601, such as 2026-01-31T12:34:56.789Z, or milliseconds since 1970");
    }
    columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
  }

  /** When the client says that it sent the request; a text that is no time is kept. */
  @Nullable Long sentAt(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    OptionalLong time = ClientTime.parse(text);
    if (time.isEmpty()) {
      other(name, text);
      return null;
    }
    return time.getAsLong();
  }

  /** Sets what the event is worth by its own properties, where nothing else has said it. */
  void fillWorth() {
    for (String name : WORTHS) {
      if (columns.containsKey(EventColumn.VALUE)) {
        break;
      }
      Double worth =
          switch (properties.get(name)) {
            case Double number -> number;
            case String text -> number(text);
            case Decoded.Json json -> number(json.text());
            case null, default -> null;
          };
      if (worth != null) {
        columns.put(EventColumn.VALUE, worth);
      }
    }
    if (properties.get("currency") instanceof String currency) {
      fill(EventColumn.CURRENCY, currency);
    }
  }

  /** What every event has: its name, kind, id and protocol. */
  void identify(RawRequest request, int index, String name, @Nullable String id) {
    columns.put(EventColumn.EVENT, name);
    String kind = columns.containsKey(EventColumn.KIND) ? null : EventKinds.of(name);
    if (kind != null) {
      columns.put(EventColumn.KIND, kind);
    }
    columns.put(EventColumn.EVENT_ID, id == null ? RequestEventId.of(request.id(), index) : id);
    columns.put(EventColumn.PROTOCOL, request.protocol());
  }

  /**
   * The event.
   *
   * @param agent what is known of the user's program
   * @param spokenFor whether a server has sent it for a person
   */
  Decoded.Event event(
      RawRequest request, @Nullable Long sentAt, @Nullable String agent, boolean spokenFor) {
    others.forEach((name, value) -> AddedProperties.add(properties, name, value));
    boolean stated = columns.putIfAbsent(EventColumn.IP, request.address()) != null;
    String header = request.header("user-agent");
    String own = spokenFor || !UserAgentHeader.isBrowsers(header) ? null : header;
    Decoded.Person person = new Decoded.Person(agent == null ? own : agent, stated || !spokenFor);
    return new Decoded.Event(columns, sentAt, true, properties, person);
  }
}
