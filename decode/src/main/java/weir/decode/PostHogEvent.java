package weir.decode;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/** One event of PostHog's libraries. */
final class PostHogEvent extends SentEvent {
  private static final String SET = "$set";
  private static final String SET_ONCE = "$set_once";

  private static final Map<String, EventColumn> PROPERTIES =
      Map.ofEntries(
          Map.entry("$app_build", EventColumn.APP_BUILD),
          Map.entry("$app_name", EventColumn.APP_NAME),
          Map.entry("$app_version", EventColumn.APP_VERSION),
          Map.entry("$browser", EventColumn.BROWSER),
          Map.entry("$browser_language", EventColumn.LOCALE),
          Map.entry("$browser_version", EventColumn.BROWSER_VERSION),
          Map.entry("$current_url", EventColumn.PAGE_URL),
          Map.entry("$device_model", EventColumn.DEVICE_MODEL),
          Map.entry("$geoip_city_name", EventColumn.CITY),
          Map.entry("$geoip_country_code", EventColumn.COUNTRY),
          Map.entry("$geoip_latitude", EventColumn.LATITUDE),
          Map.entry("$geoip_longitude", EventColumn.LONGITUDE),
          Map.entry("$geoip_subdivision_1_name", EventColumn.REGION),
          Map.entry("$ip", EventColumn.IP),
          Map.entry("$lib", EventColumn.LIBRARY),
          Map.entry("$lib_version", EventColumn.LIBRARY_VERSION),
          Map.entry("$locale", EventColumn.LOCALE),
          Map.entry("$os", EventColumn.OS),
          Map.entry("$os_name", EventColumn.OS),
          Map.entry("$os_version", EventColumn.OS_VERSION),
          Map.entry("$pathname", EventColumn.PAGE_PATH),
          Map.entry("$screen_height", EventColumn.SCREEN_HEIGHT),
          Map.entry("$screen_name", EventColumn.SCREEN_NAME),
          Map.entry("$screen_width", EventColumn.SCREEN_WIDTH),
          Map.entry("$session_id", EventColumn.SESSION_ID),
          Map.entry("$timezone", EventColumn.TIMEZONE),
          Map.entry("$title", EventColumn.PAGE_TITLE),
          Map.entry("$viewport_height", EventColumn.VIEWPORT_HEIGHT),
          Map.entry("$viewport_width", EventColumn.VIEWPORT_WIDTH),
          Map.entry("utm_campaign", EventColumn.UTM_CAMPAIGN),
          Map.entry("utm_content", EventColumn.UTM_CONTENT),
          Map.entry("utm_medium", EventColumn.UTM_MEDIUM),
          Map.entry("utm_source", EventColumn.UTM_SOURCE),
          Map.entry("utm_term", EventColumn.UTM_TERM));

  /** What the library says where there is nothing to say. */
  private static final Map<String, EventColumn> UNLESS_DIRECT =
      Map.of("$referrer", EventColumn.REFERRER, "$referring_domain", EventColumn.REFERRER_HOST);

  private final boolean isProfile;
  private @Nullable String name;
  private @Nullable String id;

  /** What older libraries send in place of it. */
  private @Nullable String insertId;

  private @Nullable String key;
  private @Nullable String distinctId;
  private @Nullable String timestamp;
  private @Nullable String offset;
  private @Nullable String sentAt;

  private final Map<String, Object> set = new LinkedHashMap<>();
  private final Map<String, Object> setOnce = new LinkedHashMap<>();

  /**
   * @param isProfile whether it says something of a person alone, and therefore has no name
   */
  PostHogEvent(boolean full, SharedFields shared, boolean isProfile) {
    super(full, shared);
    this.isProfile = isProfile;
  }

  @Override
  void field(String field, JsonBody json) throws IOException {
    switch (field) {
      case "event" -> name = text(field, json);
      case "uuid" -> id = text(field, json);
      case "api_key", "token", "$token" -> key = text(field, json);
      case "distinct_id", "$distinct_id" -> distinct(text(field, json));
      case "properties" -> {
        if (json.isObject()) {
          for (String each = json.nextField(); each != null; each = json.nextField()) {
            property(each, json);
          }
        } else {
          keep(field, json);
        }
      }
      default -> {
        if (draft == null) {
          json.skip();
        } else {
          detail(field, json, draft);
        }
      }
    }
  }

  private void distinct(@Nullable String id) {
    distinctId = id == null ? distinctId : id;
  }

  private void property(String field, JsonBody json) throws IOException {
    switch (field) {
      case "distinct_id", "$distinct_id" -> distinct(text(field, json));
      case "$insert_id" -> insertId(field, json);
      case "token" -> key = key == null ? text(field, json) : keyAgain(json);
      default -> {
        if (draft == null) {
          json.skip();
        } else {
          detailed(field, json, draft);
        }
      }
    }
  }

  private void insertId(String field, JsonBody json) throws IOException {
    String said = json.isText() ? json.text() : null;
    insertId = said == null || said.isBlank() ? null : said;
    if (draft == null) {
      json.skip();
    } else {
      draft.property(field, json);
    }
  }

  private @Nullable String keyAgain(JsonBody json) throws IOException {
    json.skip();
    return key;
  }

  private void detail(String field, JsonBody json, EventDraft into) throws IOException {
    switch (field) {
      case "timestamp", "$time" -> timestamp = text(field, json);
      case "offset" -> offset = text(field, json);
      case "sent_at", "sentAt" -> sentAt = text(field, json);
      case SET -> readTraits(field, set, json);
      case SET_ONCE -> readTraits(field, setOnce, json);
      default -> keep(field, json);
    }
  }

  private void detailed(String field, JsonBody json, EventDraft into) throws IOException {
    switch (field) {
      case SET -> readTraits(field, set, json);
      case SET_ONCE -> readTraits(field, setOnce, json);
      case "$device_type" -> {
        String type = text(field, json);
        into.column(EventColumn.DEVICE_TYPE, type == null ? null : type.toLowerCase(Locale.ROOT));
      }
      case "$host" -> {
        String host = text(field, json);
        into.column(EventColumn.PAGE_HOST, host == null ? null : SegmentMapping.host("//" + host));
      }
      case "$referrer", "$referring_domain" -> {
        if (json.isText() && "$direct".equals(json.text())) {
          into.property(field, json);
        } else {
          into.read(UNLESS_DIRECT, field, json);
        }
      }
      default -> into.read(PROPERTIES, field, json);
    }
  }

  private void readTraits(String field, Map<String, Object> into, JsonBody json)
      throws IOException {
    if (!json.isObject()) {
      keep(field, json);
      return;
    }
    for (String each = json.nextField(); each != null; each = json.nextField()) {
      Object value = json.value();
      if (value != null) {
        into.put(Utf8.wellFormed(each), value);
      }
    }
  }

  @Override
  @Nullable String key() {
    return key;
  }

  @Override
  public @Nullable String id() {
    return id == null ? insertId : id;
  }

  @Override
  public @Nullable String name() {
    return name == null && isProfile ? SET : name;
  }

  @Override
  SegmentDoor.@Nullable Fault fault() {
    SegmentDoor.Fault fault = nameFault(name(), "event");
    if (fault != null) {
      return fault;
    }
    return distinctId == null
        ? new SegmentDoor.Fault("no_identity", "send \"distinct_id\" with it: who did it?")
        : null;
  }

  @Nullable String distinctId() {
    return distinctId;
  }

  @Nullable String timestamp() {
    return timestamp;
  }

  /** How many milliseconds before the request was sent it happened. */
  @Nullable String offset() {
    return offset;
  }

  /** When the event or the request says that it was sent. */
  @Nullable String sentAt() {
    return sentAt != null ? sentAt : shared().sentAt();
  }

  /** Traits of the person that it sets. */
  Map<String, Object> set() {
    return set;
  }

  /** Traits that it sets where they are not set yet. */
  Map<String, Object> setOnce() {
    return setOnce;
  }
}
