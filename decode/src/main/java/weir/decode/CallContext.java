package weir.decode;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * What a call's {@code context} says: values of columns, and as it was written whatever maps to
 * none. Of a name that is said twice the last one counts.
 */
final class CallContext {
  /** Where columns come from: a name, or an object's name and a name in it. */
  private static final Map<String, EventColumn> COLUMNS =
      Map.ofEntries(
          Map.entry("ip", EventColumn.IP),
          Map.entry("locale", EventColumn.LOCALE),
          Map.entry("timezone", EventColumn.TIMEZONE),
          Map.entry("sessionId", EventColumn.SESSION_ID),
          Map.entry("session_id", EventColumn.SESSION_ID),
          Map.entry("groupId", EventColumn.GROUP_ID),
          Map.entry("library.name", EventColumn.LIBRARY),
          Map.entry("library.version", EventColumn.LIBRARY_VERSION),
          Map.entry("app.name", EventColumn.APP_NAME),
          Map.entry("app.version", EventColumn.APP_VERSION),
          Map.entry("app.build", EventColumn.APP_BUILD),
          Map.entry("page.url", EventColumn.PAGE_URL),
          Map.entry("page.path", EventColumn.PAGE_PATH),
          Map.entry("page.title", EventColumn.PAGE_TITLE),
          Map.entry("page.referrer", EventColumn.REFERRER),
          Map.entry("campaign.source", EventColumn.UTM_SOURCE),
          Map.entry("campaign.medium", EventColumn.UTM_MEDIUM),
          Map.entry("campaign.name", EventColumn.UTM_CAMPAIGN),
          Map.entry("campaign.term", EventColumn.UTM_TERM),
          Map.entry("campaign.content", EventColumn.UTM_CONTENT),
          Map.entry("campaign.click_id", EventColumn.CLICK_ID),
          Map.entry("os.name", EventColumn.OS),
          Map.entry("os.version", EventColumn.OS_VERSION),
          Map.entry("device.model", EventColumn.DEVICE_MODEL),
          Map.entry("browser.name", EventColumn.BROWSER),
          Map.entry("browser.version", EventColumn.BROWSER_VERSION),
          Map.entry("screen.width", EventColumn.SCREEN_WIDTH),
          Map.entry("screen.height", EventColumn.SCREEN_HEIGHT),
          Map.entry("screen.innerWidth", EventColumn.VIEWPORT_WIDTH),
          Map.entry("screen.innerHeight", EventColumn.VIEWPORT_HEIGHT),
          Map.entry("viewport.width", EventColumn.VIEWPORT_WIDTH),
          Map.entry("viewport.height", EventColumn.VIEWPORT_HEIGHT));

  private static final Set<String> OBJECTS =
      Set.of("library", "app", "page", "campaign", "os", "device", "browser", "screen", "viewport");

  private static final Set<String> PLATFORMS =
      Set.of("ios", "android", "web", "server", "ipados", "tvos", "watchos", "visionos", "macos");
  private static final Set<String> DEVICE_TYPES =
      Set.of("mobile", "phone", "tablet", "desktop", "tv", "wearable", "console");

  private final EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);

  private @Nullable String userAgent;

  /** Source text by name; one level deeper for the objects of which a part was mapped. */
  private final Map<String, Object> rest = new LinkedHashMap<>();

  /** Reads the object that is the current token. */
  void read(JsonBody json) throws IOException {
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      if (name.equals("userAgent") && json.isText()) {
        userAgent = emptyAsNull(json.text());
        rest.put(name, json.source());
      } else if (json.isObject() && OBJECTS.contains(name)) {
        readObject(name, json);
      } else {
        readField(name, name, rest, json);
      }
    }
  }

  private void readObject(String object, JsonBody json) throws IOException {
    Map<String, Object> unmapped = new LinkedHashMap<>();
    for (String name = json.nextField(); name != null; name = json.nextField()) {
      if (object.equals("device") && name.equals("type")) {
        readDeviceType(unmapped, json);
      } else {
        readField(object + "." + name, name, unmapped, json);
      }
    }
    if (!unmapped.isEmpty()) {
      rest.put(object, unmapped);
    }
  }

  private void readField(String path, String name, Map<String, Object> unmapped, JsonBody json)
      throws IOException {
    EventColumn column = COLUMNS.get(path);
    Object value = column == null ? null : valueFor(column, json);
    if (column != null && value != null) {
      columns.put(column, value);
    } else if (!json.isNull()) {
      unmapped.put(name, json.source());
    }
  }

  private static @Nullable Object valueFor(EventColumn column, JsonBody json) throws IOException {
    if (json.isObject() || json.isArray() || json.isNull()) {
      return null;
    }
    return switch (column.type()) {
      case STRING -> emptyAsNull(json.text());
      case INTEGER ->
          json.value() instanceof Double number && Math.abs(number) < Integer.MAX_VALUE
              ? (Object) (int) Math.round(number)
              : null;
      default -> throw new IllegalStateException(column.columnName());
    };
  }

  private static @Nullable String emptyAsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private void readDeviceType(Map<String, Object> unmapped, JsonBody json) throws IOException {
    String type =
        json.isObject() || json.isArray()
            ? ""
            : String.valueOf(json.text()).toLowerCase(Locale.ROOT);
    if (PLATFORMS.contains(type)) {
      columns.put(EventColumn.PLATFORM, type);
    } else if (DEVICE_TYPES.contains(type)) {
      columns.put(EventColumn.DEVICE_TYPE, type);
    } else if (!json.isNull()) {
      unmapped.put("type", json.source());
    }
  }

  Map<EventColumn, Object> columns() {
    return columns;
  }

  /** The user agent that it states. */
  @Nullable String userAgent() {
    return userAgent;
  }

  /** Whether it says, anywhere but in a column, something of this name. */
  boolean hasRest(String name) {
    return rest.containsKey(name);
  }

  /** Adds text under a name that nothing bears yet. */
  void addRest(String name, String text) {
    rest.putIfAbsent(name, JsonText.quoted(text));
  }

  /** Takes from another context, the batch's, what this one does not say itself. */
  void addMissing(CallContext other) {
    other.columns.forEach(columns::putIfAbsent);
    other.rest.forEach(rest::putIfAbsent);
    userAgent = userAgent == null ? other.userAgent : userAgent;
  }

  /** What maps to no column, as one JSON object; null if there is none. */
  Decoded.@Nullable Json unmapped() {
    if (rest.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder();
    write(rest, json);
    return new Decoded.Json(json.toString());
  }

  private static void write(Map<?, ?> object, StringBuilder json) {
    char separator = '{';
    for (Map.Entry<?, ?> field : object.entrySet()) {
      json.append(separator).append(JsonText.quoted((String) field.getKey())).append(':');
      if (field.getValue() instanceof Map<?, ?> nested) {
        write(nested, json);
      } else {
        json.append(field.getValue());
      }
      separator = ',';
    }
    json.append('}');
  }
}
