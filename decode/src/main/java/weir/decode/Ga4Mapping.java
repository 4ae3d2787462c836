package weir.decode;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/** Makes the event of one event of the Measurement Protocol. Used once. */
final class Ga4Mapping {
  private static final Map<String, EventColumn> OF_PARAMS =
      Map.ofEntries(
          Map.entry("session_id", EventColumn.SESSION_ID),
          Map.entry("ga_session_id", EventColumn.SESSION_ID),
          Map.entry("page_location", EventColumn.PAGE_URL),
          Map.entry("page_path", EventColumn.PAGE_PATH),
          Map.entry("page_title", EventColumn.PAGE_TITLE),
          Map.entry("page_referrer", EventColumn.REFERRER),
          Map.entry("screen_name", EventColumn.SCREEN_NAME),
          Map.entry("firebase_screen", EventColumn.SCREEN_NAME),
          Map.entry("language", EventColumn.LOCALE),
          Map.entry("currency", EventColumn.CURRENCY),
          Map.entry("gclid", EventColumn.CLICK_ID),
          Map.entry("app_version", EventColumn.APP_VERSION));

  /** Those of the event campaign_details alone: elsewhere the names mean anything. */
  private static final Map<String, EventColumn> OF_CAMPAIGN =
      Map.of(
          "source", EventColumn.UTM_SOURCE,
          "medium", EventColumn.UTM_MEDIUM,
          "campaign", EventColumn.UTM_CAMPAIGN,
          "term", EventColumn.UTM_TERM,
          "content", EventColumn.UTM_CONTENT);

  private static final Map<String, EventColumn> OF_DEVICE =
      Map.of(
          "category", EventColumn.DEVICE_TYPE,
          "language", EventColumn.LOCALE,
          "operating_system", EventColumn.OS,
          "operating_system_version", EventColumn.OS_VERSION,
          "model", EventColumn.DEVICE_MODEL,
          "browser", EventColumn.BROWSER,
          "browser_version", EventColumn.BROWSER_VERSION);

  private static final Map<String, EventColumn> OF_LOCATION =
      Map.of(
          "city", EventColumn.CITY,
          "region_id", EventColumn.REGION,
          "country_id", EventColumn.COUNTRY);

  private final RawRequest sent;
  private final int index;
  private final Ga4Event event;
  private final Ga4Request request;
  private final String name;
  private final Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
  private final Map<String, Object> properties = new LinkedHashMap<>();

  Ga4Mapping(RawRequest sent, int index, Ga4Event event) {
    this.sent = sent;
    this.index = index;
    this.event = event;
    this.request = event.request();
    this.name = String.valueOf(event.name());
  }

  Decoded.Event event() throws UnusableEventException {
    columns.put(EventColumn.EVENT, name);
    columns.put(EventColumn.EVENT_ID, RequestEventId.of(sent.id(), index));
    columns.put(EventColumn.PROTOCOL, sent.protocol());
    put(EventColumn.KIND, name.equals("user_engagement") ? "user_engagement" : EventKinds.of(name));
    put(EventColumn.USER_ID, request.userId());
    put(EventColumn.ANONYMOUS_ID, request.clientId());
    boolean campaign = name.equals("campaign_details");
    event.params().forEach((param, value) -> fromParam(param, value, campaign));
    fromObject("device", request.device(), OF_DEVICE);
    fromObject("user_location", request.location(), OF_LOCATION);
    request.rest().forEach(this::add);
    event.rest().forEach(this::add);
    PercentQuery.read(sent.query(), this::fromQuery);
    putTime();
    SegmentMapping.putHost(columns, EventColumn.PAGE_URL, EventColumn.PAGE_HOST);
    SegmentMapping.putHost(columns, EventColumn.REFERRER, EventColumn.REFERRER_HOST);
    Decoded.Person person = person();
    return new Decoded.Event(columns, null, true, properties, person);
  }

  private void fromParam(String param, Object value, boolean campaign) {
    EventColumn column = OF_PARAMS.get(param);
    column = column == null && campaign ? OF_CAMPAIGN.get(param) : column;
    Object fitting = column == null ? null : text(value);
    boolean taken =
        column != null && fitting != null && columns.putIfAbsent(column, fitting) == null;
    if (!taken && !putNumberOrSize(param, value)) {
      properties.put(param, value);
    }
  }

  private boolean putNumberOrSize(String param, Object value) {
    if (param.equals("screen_resolution") && value instanceof String size) {
      return WrittenValue.putSize(
          size, EventColumn.SCREEN_WIDTH, EventColumn.SCREEN_HEIGHT, columns);
    }
    if (!param.equals("value")) {
      return false;
    }
    Double worth = value instanceof String text ? WrittenValue.number(text) : null;
    worth = value instanceof Double number ? number : worth;
    put(EventColumn.VALUE, worth);
    return worth != null;
  }

  /** A text, also where a number was sent: ids of sessions are numbers there. */
  private static @Nullable String text(Object value) {
    return switch (value) {
      case String text -> text.isEmpty() ? null : text;
      case Double number -> WrittenNumber.text(number);
      default -> null;
    };
  }

  private void fromObject(
      String object, Map<String, Object> fields, Map<String, EventColumn> ofObject) {
    StringBuilder rest = new StringBuilder();
    fields.forEach((field, value) -> {
      EventColumn column = ofObject.get(field);
      boolean taken =
          column != null
              && value instanceof String text
              && !text.isEmpty()
              && columns.putIfAbsent(column, text) == null;
      if (!taken && !(field.equals("screen_resolution") && putNumberOrSize(field, value))) {
        rest.append(rest.isEmpty() ? '{' : ',');
        rest.append(JsonText.quoted(field)).append(':').append(JsonText.of(value));
      }
    });
    if (!rest.isEmpty()) {
      add(object, new Decoded.Json(rest.append('}').toString()));
    }
  }

  private void fromQuery(String field, String value) {
    if (!field.equals("api_secret") && !field.equals("write_key") && !value.isEmpty()) {
      add(Utf8.wellFormed(field), value);
    }
  }

  private void putTime() throws UnusableEventException {
    String said = event.time();
    if (said == null) {
      return;
    }
    OptionalLong time = ClientTime.parse(said);
    if (time.isEmpty()) {
      throw new UnusableEventException(
          "invalid_timestamp",
          "the event's time is not one; \"timestamp_micros\" is microseconds since 1970");
    }
    columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
  }

  private Decoded.Person person() {
    columns.put(EventColumn.IP, request.address() != null ? request.address() : sent.address());
    String header = sent.header("user-agent");
    boolean browsers = UserAgentHeader.isBrowsers(header);
    String agent = request.userAgent() == null && browsers ? header : request.userAgent();
    if (agent != null) {
      add("user_agent", agent);
    }
    return new Decoded.Person(agent, request.address() != null || browsers);
  }

  private void add(String field, Object value) {
    AddedProperties.add(properties, field, value);
  }

  private void put(EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.put(column, value);
    }
  }
}
