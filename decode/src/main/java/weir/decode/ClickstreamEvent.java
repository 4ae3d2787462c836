package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * One event of the Clickstream SDKs. The reserved attributes and the device's fields fill columns;
 * the user's attributes stay together in the property {@code user}, and are the properties of the
 * event that sets them.
 */
final class ClickstreamEvent extends SentEvent {
  private static final String PROFILE_SET = "_profile_set";

  private static final Map<String, String> KINDS =
      Map.of(PROFILE_SET, "identify", "_app_end", "app_background");

  private static final Map<String, EventColumn> DEVICE =
      Map.ofEntries(
          Map.entry("app_version", EventColumn.APP_VERSION),
          Map.entry("app_title", EventColumn.APP_NAME),
          Map.entry("host_name", EventColumn.PAGE_HOST),
          Map.entry("locale", EventColumn.LOCALE),
          Map.entry("model", EventColumn.DEVICE_MODEL),
          Map.entry("os_version", EventColumn.OS_VERSION),
          Map.entry("screen_height", EventColumn.SCREEN_HEIGHT),
          Map.entry("screen_width", EventColumn.SCREEN_WIDTH),
          Map.entry("sdk_name", EventColumn.LIBRARY),
          Map.entry("sdk_version", EventColumn.LIBRARY_VERSION),
          Map.entry("viewport_height", EventColumn.VIEWPORT_HEIGHT),
          Map.entry("viewport_width", EventColumn.VIEWPORT_WIDTH));

  private static final Map<String, EventColumn> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("_session_id", EventColumn.SESSION_ID),
          Map.entry("_screen_name", EventColumn.SCREEN_NAME),
          Map.entry("_page_url", EventColumn.PAGE_URL),
          Map.entry("_page_title", EventColumn.PAGE_TITLE),
          Map.entry("_latest_referrer", EventColumn.REFERRER),
          Map.entry("_latest_referrer_host", EventColumn.REFERRER_HOST),
          Map.entry("_traffic_source_source", EventColumn.UTM_SOURCE),
          Map.entry("_traffic_source_medium", EventColumn.UTM_MEDIUM),
          Map.entry("_traffic_source_campaign", EventColumn.UTM_CAMPAIGN),
          Map.entry("_traffic_source_term", EventColumn.UTM_TERM),
          Map.entry("_traffic_source_content", EventColumn.UTM_CONTENT),
          Map.entry("_traffic_source_clid", EventColumn.CLICK_ID),
          Map.entry("_value", EventColumn.VALUE),
          Map.entry("_currency", EventColumn.CURRENCY));

  private static final Set<String> SYSTEMS = Set.of("iOS", "Android");

  private @Nullable String name;
  private @Nullable String id;
  private @Nullable String uniqueId;
  private @Nullable String deviceId;
  private @Nullable String userId;
  private @Nullable String timestamp;
  private @Nullable String appId;
  private @Nullable String appPackage;

  /** Values of the user's attributes, where they may become properties. */
  private final Map<String, Object> user = new LinkedHashMap<>();

  ClickstreamEvent(boolean full, SharedFields shared) {
    super(full, shared);
  }

  @Override
  void field(String field, JsonBody json) throws IOException {
    switch (field) {
      case "event_type" -> name = text(field, json);
      case "event_id" -> id = text(field, json);
      case "unique_id" -> uniqueId = text(field, json);
      case "device_id" -> deviceId = text(field, json);
      case "user" -> readUser(json);
      default -> {
        if (draft == null) {
          json.skip();
        } else {
          detail(field, json, draft);
        }
      }
    }
  }

  private void detail(String field, JsonBody json, EventDraft into) throws IOException {
    switch (field) {
      case "timestamp" -> timestamp = text(field, json);
      case "app_id" -> appId = text(field, json);
      case "app_package_name" -> appPackage = text(field, json);
      case "platform" -> platform(text(field, json), into);
      case "attributes" -> {
        if (json.isObject()) {
          for (String each = json.nextField(); each != null; each = json.nextField()) {
            into.read(ATTRIBUTES, each, json);
          }
        } else {
          keep(field, json);
        }
      }
      default -> into.readOther(DEVICE, field, json);
    }
  }

  private static void platform(@Nullable String platform, EventDraft into) {
    if (platform != null) {
      into.column(EventColumn.PLATFORM, platform.toLowerCase(Locale.ROOT));
      if (SYSTEMS.contains(platform)) {
        into.column(EventColumn.OS, platform);
      }
    }
  }

  /** {NAME: {value, set_timestamp}} */
  private void readUser(JsonBody json) throws IOException {
    if (!json.isObject()) {
      keep("user", json);
      return;
    }
    int start = json.start();
    user.clear();
    userId = null;
    for (String each = json.nextField(); each != null; each = json.nextField()) {
      if (!json.isObject()) {
        userValue(each, json);
        continue;
      }
      for (String part = json.nextField(); part != null; part = json.nextField()) {
        if (part.equals("value")) {
          userValue(each, json);
        } else {
          json.skip();
        }
      }
    }
    if (draft != null) {
      draft.other("user", new Decoded.Json(Utf8.wellFormedJson(json.writtenSince(start))));
    }
  }

  private void userValue(String attribute, JsonBody json) throws IOException {
    if (attribute.equals("_user_id")) {
      String text = json.isObject() || json.isArray() || json.isNull() ? null : json.text();
      userId = text == null || text.isBlank() ? null : text;
    }
    if (draft == null) {
      json.skip();
    } else {
      Object value = json.value();
      if (value != null) {
        user.put(Utf8.wellFormed(attribute), value);
      }
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

  @Override
  SegmentDoor.@Nullable Fault fault() {
    SegmentDoor.Fault fault = nameFault(name, "event_type");
    if (fault != null) {
      return fault;
    }
    return uniqueId == null && deviceId == null && userId == null
        ? new SegmentDoor.Fault(
            "no_identity", "send \"unique_id\" with it, or a \"device_id\": who did it?")
        : null;
  }

  Decoded.Event decoded(RawRequest request, int index) throws UnusableEventException {
    EventDraft into = full();
    String event = Objects.requireNonNull(name);
    into.column(EventColumn.KIND, KINDS.get(event));
    into.identify(request, index, event, id);
    into.time(timestamp);
    into.column(EventColumn.USER_ID, userId);
    into.column(EventColumn.ANONYMOUS_ID, uniqueId == null ? deviceId : uniqueId);
    if (uniqueId != null) {
      into.other("device_id", deviceId);
    }
    app(into);
    if (event.equals(PROFILE_SET)) {
      user.remove("_user_id");
      user.forEach((each, value) -> into.properties().putIfAbsent(each, value));
    }
    page(into);
    into.fillWorth();
    Long sent = into.sentAt("upload_timestamp", shared().sentAt());
    return into.event(request, sent, null, false);
  }

  private void app(EventDraft into) {
    into.other("app_id", appId);
    if (into.columns().containsKey(EventColumn.APP_NAME)) {
      into.other("app_package_name", appPackage);
    } else {
      into.column(EventColumn.APP_NAME, appPackage == null ? appId : appPackage);
    }
  }

  /** Who came to the site from nowhere has come to the page from another one of it. */
  private static void page(EventDraft into) {
    if (!into.columns().containsKey(EventColumn.REFERRER)
        && into.properties().get("_page_referrer") instanceof String before
        && !before.isEmpty()) {
      into.column(EventColumn.REFERRER, before);
      into.take("_page_referrer");
    }
  }
}
