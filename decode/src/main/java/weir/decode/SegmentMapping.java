package weir.decode;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/**
 * Makes events of the calls of one request. Nothing of a call is lost: what has no column and is no
 * property becomes a property whose name begins with an underscore.
 */
final class SegmentMapping {
  private static final List<String> WORTHS = List.of("revenue", "value", "total");
  private static final List<String> SESSIONS = List.of("session_id", "sessionId");

  private final RawRequest request;
  private final SegmentScanner batch;
  private final @Nullable String browserUserAgent;

  /**
   * @param batch the scanner that has walked the request's body
   */
  SegmentMapping(RawRequest request, SegmentScanner batch) {
    this.request = request;
    this.batch = batch;
    String userAgent = request.header("user-agent");
    this.browserUserAgent = UserAgentHeader.isBrowsers(userAgent) ? userAgent : null;
  }

  /** Thrown where a call's own time cannot be read. */
  static final class NoTimeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    NoTimeException(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  /** The event's id: the client's, or one that the request's id and the index always yield. */
  static String eventId(SegmentCall call, UUID requestId, int index) {
    String sent = call.messageId();
    return sent != null ? sent : RequestEventId.of(requestId, index);
  }

  /** The name of the event that a call is; null for a nameless track or an unknown type. */
  static @Nullable String eventName(SegmentCall call) {
    CallType type = call.type();
    if (type == null) {
      return null;
    }
    return type == CallType.TRACK ? call.event() : type.eventName();
  }

  Decoded.Event event(int index, SegmentCall call) throws NoTimeException {
    CallType type = call.type();
    String name = eventName(call);
    if (type == null || name == null) {
      throw new IllegalArgumentException("the door let no such call in");
    }
    CallContext context = call.context();
    CallContext shared = batch.context();
    if (shared != null) {
      context.addMissing(shared);
    }
    Map<EventColumn, Object> columns = new EnumMap<>(context.columns());
    columns.put(EventColumn.EVENT, name);
    columns.put(EventColumn.EVENT_ID, eventId(call, request.id(), index));
    columns.put(EventColumn.PROTOCOL, request.protocol());
    put(columns, EventColumn.KIND, EventKinds.of(name));
    put(columns, EventColumn.USER_ID, call.userId());
    put(columns, EventColumn.ANONYMOUS_ID, call.anonymousId());
    put(columns, EventColumn.GROUP_ID, call.groupId());
    boolean statesAddress = columns.putIfAbsent(EventColumn.IP, request.address()) != null;

    Map<String, Object> properties =
        type.propertiesField().equals("traits") ? call.traits() : call.properties();
    addOwnFields(type, call, columns, properties);
    fromProperties(type, columns, properties);
    putHost(columns, EventColumn.PAGE_URL, EventColumn.PAGE_HOST);
    putHost(columns, EventColumn.REFERRER, EventColumn.REFERRER_HOST);
    Map<String, Object> rest = new LinkedHashMap<>(call.rest());
    platform(call, columns, rest);
    putTime(call, columns, rest);
    Long sentAt = sentAt(call, rest);
    addRest(type, call, context, properties, rest);
    rest.forEach((field, value) ->
        AddedProperties.add(properties, field.startsWith("_") ? field : "_" + field, value));
    boolean imported = request.path().equals("/v1/import");
    boolean spokenFor = imported || "server".equals(columns.get(EventColumn.PLATFORM));
    String agent = context.userAgent();
    return new Decoded.Event(
        columns,
        sentAt,
        !imported,
        properties,
        new Decoded.Person(
            agent != null || spokenFor ? agent : browserUserAgent, statesAddress || !spokenFor));
  }

  /** The fields beside "properties" that the spec has for some calls. */
  private static void addOwnFields(
      CallType type,
      SegmentCall call,
      Map<EventColumn, Object> columns,
      Map<String, Object> properties) {
    if (type == CallType.ALIAS && call.previousId() != null) {
      properties.putIfAbsent("previousId", call.previousId());
    }
    if (type == CallType.PAGE || type == CallType.SCREEN) {
      if (call.name() != null) {
        properties.putIfAbsent("name", call.name());
      }
      if (type == CallType.SCREEN && properties.get("name") instanceof String screen) {
        columns.put(EventColumn.SCREEN_NAME, screen);
      }
      Object category = call.rest().get("category");
      if (category != null && !properties.containsKey("category")) {
        properties.put("category", category);
      }
    }
  }

  private static void fromProperties(
      CallType type, Map<EventColumn, Object> columns, Map<String, Object> properties) {
    if (type == CallType.PAGE) {
      putString(columns, EventColumn.PAGE_URL, properties.get("url"));
      putString(columns, EventColumn.PAGE_PATH, properties.get("path"));
      putString(columns, EventColumn.PAGE_TITLE, properties.get("title"));
      putString(columns, EventColumn.REFERRER, properties.get("referrer"));
    }
    if (type == CallType.TRACK) {
      putWorth(columns, properties);
      putString(columns, EventColumn.CURRENCY, properties.get("currency"));
    }
    putSession(columns, properties);
  }

  /** The first of some properties that is a number, as some clients send it: also as a text. */
  private static void putWorth(Map<EventColumn, Object> columns, Map<String, Object> properties) {
    for (String name : WORTHS) {
      Object said = properties.get(name);
      Double worth = said == null ? null : number(said);
      if (worth != null) {
        columns.put(EventColumn.VALUE, worth);
        return;
      }
    }
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    String text =
        switch (value) {
          case String said -> said.strip();
          case Decoded.Json json -> json.text();
          default -> "";
        };
    if (WrittenNumber.read(text).isEmpty()) {
      return null;
    }
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? number : null;
  }

  /** A session's id is a text; some clients send a number. */
  private static void putSession(Map<EventColumn, Object> columns, Map<String, Object> properties) {
    for (String name : SESSIONS) {
      String session =
          switch (properties.get(name)) {
            case String text -> text;
            case Decoded.Json json when WrittenNumber.read(json.text()).isPresent() -> json.text();
            case Double number when number == Math.rint(number) ->
                new BigDecimal(number).toPlainString();
            case null, default -> "";
          };
      if (!session.isEmpty()) {
        columns.putIfAbsent(EventColumn.SESSION_ID, session);
      }
    }
  }

  private static void platform(
      SegmentCall call, Map<EventColumn, Object> columns, Map<String, Object> rest) {
    String channel = call.channel();
    String meant =
        switch (channel) {
          case "web", "browser", "client" -> "web";
          case "server" -> "server";
          case null, default -> null;
        };
    if (meant != null) {
      columns.putIfAbsent(EventColumn.PLATFORM, meant);
    }
    if (channel != null && !channel.equals(columns.get(EventColumn.PLATFORM))) {
      rest.put("channel", channel);
    }
    if (columns.get(EventColumn.LIBRARY) instanceof String library) {
      String known = platformOf(library.toLowerCase(Locale.ROOT));
      if (known != null) {
        columns.putIfAbsent(EventColumn.PLATFORM, known);
      }
    }
  }

  private static @Nullable String platformOf(String library) {
    return switch (library) {
      case "analytics.js", "analytics-next", "analytics-browser" -> "web";
      case "analytics-ios", "analytics-swift" -> "ios";
      case "analytics-android", "analytics-kotlin" -> "android";
      case "analytics-node",
          "@segment/analytics-node",
          "analytics-java",
          "analytics-python",
          "analytics-ruby",
          "analytics-go",
          "analytics-php",
          "analytics-csharp",
          "analytics.net" ->
          "server";
      default -> null;
    };
  }

  private static void putTime(
      SegmentCall call, Map<EventColumn, Object> columns, Map<String, Object> rest)
      throws NoTimeException {
    String original = call.originalTimestamp();
    String sent = call.timestamp() != null ? call.timestamp() : original;
    if (sent == null) {
      return;
    }
    OptionalLong time = ClientTime.parse(sent);
    if (time.isEmpty()) {
      throw new NoTimeException(
          "the event's time is not one: \""
              + (sent.length() <= 60 ? sent : sent.substring(0, 60) + "...")
              + "\"; send ISO 8601, such as 2026-01-31T12:34:56.789Z, or milliseconds since 1970");
    }
    columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
    if (original != null && !original.equals(sent)) {
      rest.put("originalTimestamp", original);
    }
  }

  private @Nullable Long sentAt(SegmentCall call, Map<String, Object> rest) {
    String sent = call.sentAt() != null ? call.sentAt() : batch.sentAt();
    if (sent == null) {
      return null;
    }
    OptionalLong time = ClientTime.parse(sent);
    if (time.isEmpty()) {
      rest.put("sentAt", sent);
      return null;
    }
    return time.getAsLong();
  }

  /** What is left of the call, of its context and of the batch around it. */
  private void addRest(
      CallType type,
      SegmentCall call,
      CallContext context,
      Map<String, Object> properties,
      Map<String, Object> rest) {
    boolean page = type == CallType.PAGE || type == CallType.SCREEN;
    if (page) {
      rest.remove("category", properties.get("category"));
    }
    if (call.name() != null && !(page && call.name().equals(properties.get("name")))) {
      rest.put("name", call.name());
    }
    if (call.event() != null && type != CallType.TRACK) {
      rest.put("event", call.event());
    }
    if (call.previousId() != null && type != CallType.ALIAS) {
      rest.put("previousId", call.previousId());
    }
    if (call.typeName() != null && !call.typeName().equals(type.typeName())) {
      rest.put("type", call.typeName());
    }
    Map<String, Object> others =
        type.propertiesField().equals("traits") ? call.properties() : call.traits();
    others.forEach((name, value) -> rest.put(otherField(type) + "_" + name, value));
    batch.rest().forEach(rest::putIfAbsent);
    if (browserUserAgent != null && !context.hasRest("userAgent")) {
      context.addRest("userAgent", browserUserAgent);
    }
    Decoded.Json unmapped = context.unmapped();
    if (unmapped != null) {
      rest.putIfAbsent("context", unmapped);
    }
  }

  private static String otherField(CallType type) {
    return type.propertiesField().equals("traits") ? "properties" : "traits";
  }

  /** Sets the column of a host from that of a URL. */
  static void putHost(Map<EventColumn, Object> columns, EventColumn url, EventColumn host) {
    if (columns.get(url) instanceof String text) {
      put(columns, host, host(text));
    }
  }

  /** The host of an absolute URL in lower case; URLs in the wild are too wild for URI. */
  static @Nullable String host(String url) {
    int scheme = url.indexOf("//");
    if (scheme < 0 || (scheme > 0 && url.charAt(scheme - 1) != ':')) {
      return null;
    }
    int from = scheme + 2;
    int to = from;
    while (to < url.length() && "/?#\\".indexOf(url.charAt(to)) < 0) {
      to++;
    }
    String authority = url.substring(from, to);
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int port = hostAndPort.lastIndexOf(':');
    String host =
        port >= 0 && hostAndPort.indexOf(']', port) < 0
            ? hostAndPort.substring(0, port)
            : hostAndPort;
    return host.isEmpty() ? null : host.toLowerCase(Locale.ROOT);
  }

  private static void putString(
      Map<EventColumn, Object> columns, EventColumn column, @Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      columns.put(column, text);
    }
  }

  private static void put(
      Map<EventColumn, Object> columns, EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.put(column, value);
    }
  }
}
