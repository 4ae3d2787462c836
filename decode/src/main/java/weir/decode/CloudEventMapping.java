package weir.decode;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/**
 * Makes the event of one CloudEvent. Used once. The fields of its data are properties, its
 * attributes are properties named {@code ce_...}, as its headers are.
 */
final class CloudEventMapping {
  private static final List<String> USERS = List.of("userid", "userId", "user_id");
  private static final List<String> VISITORS =
      List.of("anonymousid", "anonymousId", "anonymous_id");
  private static final List<String> GROUPS = List.of("groupid", "groupId", "group_id");
  private static final List<String> SESSIONS = List.of("sessionid", "sessionId", "session_id");

  private final RawRequest request;
  private final int index;
  private final CloudEvent event;
  private final Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);

  CloudEventMapping(RawRequest request, int index, CloudEvent event) {
    this.request = request;
    this.index = index;
    this.event = event;
  }

  Decoded.Event event() throws UnusableEventException {
    String name = String.valueOf(event.name());
    String id = event.id();
    columns.put(EventColumn.EVENT, name);
    columns.put(EventColumn.EVENT_ID, id != null ? id : RequestEventId.of(request.id(), index));
    columns.put(EventColumn.PROTOCOL, request.protocol());
    put(EventColumn.KIND, EventKinds.of(name));
    putFirst(EventColumn.USER_ID, USERS);
    putFirst(EventColumn.ANONYMOUS_ID, VISITORS);
    putFirst(EventColumn.GROUP_ID, GROUPS);
    putFirst(EventColumn.SESSION_ID, SESSIONS);
    Map<String, Object> properties = new LinkedHashMap<>(event.fields());
    putWorth(properties);
    event.other().forEach((field, value) -> AddedProperties.add(properties, field, value));
    AddedProperties.add(properties, "ce_source", event.source());
    if (!"1.0".equals(event.specVersion())) {
      AddedProperties.add(properties, "ce_specversion", event.specVersion());
    }
    Object time = event.attributes().get("time");
    event
        .attributes()
        .forEach((attribute, value) -> {
          if (!attribute.equals("time") || !(value instanceof String)) {
            AddedProperties.add(properties, "ce_" + attribute, value);
          }
        });
    if (time instanceof String said) {
      putTime(said);
    }
    return new Decoded.Event(columns, null, true, properties, person(properties));
  }

  /** The first that an extension or a field of the data bears, as a text or a number. */
  private void putFirst(EventColumn column, List<String> names) {
    for (Map<String, Object> said : List.of(event.attributes(), event.fields())) {
      for (String name : names) {
        Object value = said.get(name);
        if (value instanceof Double number) {
          value = WrittenNumber.text(number);
        }
        if (value instanceof String text && !text.isBlank()) {
          columns.put(column, text);
          return;
        }
      }
    }
  }

  private void putWorth(Map<String, Object> properties) {
    for (String name : List.of("revenue", "value", "total")) {
      Double worth =
          switch (properties.get(name)) {
            case Double number -> number;
            case String text -> WrittenValue.number(text);
            case null, default -> null;
          };
      if (worth != null) {
        columns.put(EventColumn.VALUE, worth);
        break;
      }
    }
    if (properties.get("currency") instanceof String currency && !currency.isEmpty()) {
      columns.put(EventColumn.CURRENCY, currency);
    }
  }

  private void putTime(String said) throws UnusableEventException {
    OptionalLong time = ClientTime.parse(said);
    if (time.isEmpty()) {
      throw new UnusableEventException(
          "invalid_timestamp",
          "the event's time is not one; send RFC 3339, such as 2026-01-31T12:34:56.789Z");
    }
    columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
  }

  private Decoded.Person person(Map<String, Object> properties) {
    columns.put(EventColumn.IP, request.address());
    String header = request.header("user-agent");
    boolean browsers = UserAgentHeader.isBrowsers(header);
    String agent = browsers ? header : null;
    AddedProperties.add(properties, "user_agent", agent);
    return new Decoded.Person(agent, browsers);
  }

  private void put(EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.put(column, value);
    }
  }
}
