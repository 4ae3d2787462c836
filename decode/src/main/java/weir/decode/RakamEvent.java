package weir.decode;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/** One event of Rakam's API, or what one of its calls says of a user. */
final class RakamEvent extends SentEvent {
  private static final String IDENTIFIED = "identified";

  private static final Map<String, EventColumn> PROPERTIES =
      Map.ofEntries(
          Map.entry("_app_version", EventColumn.APP_VERSION),
          Map.entry("_browser", EventColumn.BROWSER),
          Map.entry("_city", EventColumn.CITY),
          Map.entry("_country_code", EventColumn.COUNTRY),
          Map.entry("_device_model", EventColumn.DEVICE_MODEL),
          Map.entry("_host", EventColumn.PAGE_HOST),
          Map.entry("_language", EventColumn.LOCALE),
          Map.entry("_latitude", EventColumn.LATITUDE),
          Map.entry("_library_name", EventColumn.LIBRARY),
          Map.entry("_library_version", EventColumn.LIBRARY_VERSION),
          Map.entry("_locale", EventColumn.LOCALE),
          Map.entry("_longitude", EventColumn.LONGITUDE),
          Map.entry("_os", EventColumn.OS),
          Map.entry("_os_name", EventColumn.OS),
          Map.entry("_os_version", EventColumn.OS_VERSION),
          Map.entry("_path", EventColumn.PAGE_PATH),
          Map.entry("_referrer", EventColumn.REFERRER),
          Map.entry("_referrer_domain", EventColumn.REFERRER_HOST),
          Map.entry("_region", EventColumn.REGION),
          Map.entry("_screen_height", EventColumn.SCREEN_HEIGHT),
          Map.entry("_screen_width", EventColumn.SCREEN_WIDTH),
          Map.entry("_session_id", EventColumn.SESSION_ID),
          Map.entry("_timezone", EventColumn.TIMEZONE),
          Map.entry("_title", EventColumn.PAGE_TITLE),
          Map.entry("_url", EventColumn.PAGE_URL),
          Map.entry("_user", EventColumn.USER_ID),
          Map.entry("_device_id", EventColumn.ANONYMOUS_ID),
          Map.entry("_utm_campaign", EventColumn.UTM_CAMPAIGN),
          Map.entry("_utm_content", EventColumn.UTM_CONTENT),
          Map.entry("_utm_medium", EventColumn.UTM_MEDIUM),
          Map.entry("_utm_source", EventColumn.UTM_SOURCE),
          Map.entry("_utm_term", EventColumn.UTM_TERM),
          Map.entry("_version_name", EventColumn.APP_VERSION),
          Map.entry("utm_campaign", EventColumn.UTM_CAMPAIGN),
          Map.entry("utm_content", EventColumn.UTM_CONTENT),
          Map.entry("utm_medium", EventColumn.UTM_MEDIUM),
          Map.entry("utm_source", EventColumn.UTM_SOURCE),
          Map.entry("utm_term", EventColumn.UTM_TERM));

  private static final Map<String, EventColumn> ADDRESS = Map.of("_ip", EventColumn.IP);

  private static final Map<String, EventColumn> LIBRARY =
      Map.of("name", EventColumn.LIBRARY, "version", EventColumn.LIBRARY_VERSION);

  private final boolean ofUser;
  private @Nullable String name;
  private @Nullable String key;
  private @Nullable String time;
  private @Nullable String sentAt;
  private @Nullable String agent;
  private @Nullable String userId;

  /**
   * @param ofUser whether it says something of a user, and has no name
   */
  RakamEvent(boolean full, SharedFields shared, boolean ofUser) {
    super(full, shared);
    this.ofUser = ofUser;
    this.name = ofUser ? IDENTIFIED : null;
  }

  @Override
  void field(String field, JsonBody json) throws IOException {
    switch (field) {
      case "collection" -> {
        String said = text(field, json);
        name = ofUser ? name : said;
      }
      case "api" -> readApi(json);
      case "id" -> userId = text(field, json);
      case "properties" -> {
        if (draft == null || !json.isObject()) {
          keep(field, json);
          return;
        }
        for (String each = json.nextField(); each != null; each = json.nextField()) {
          property(each, json, draft);
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

  private void detail(String field, JsonBody json, EventDraft into) throws IOException {
    switch (field) {
      case "anonymous_id" -> into.column(EventColumn.ANONYMOUS_ID, text(field, json));
      case "merged_at" -> time = text(field, json);
      default -> keep(field, json);
    }
  }

  private void readApi(JsonBody json) throws IOException {
    if (!json.isObject()) {
      keep("api", json);
      return;
    }
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      switch (field) {
        case "api_key" -> key = text(field, json);
        case "upload_time" -> sentAt = text(field, json);
        case "library" -> {
          if (draft != null && json.isObject()) {
            readLibrary(json, draft);
          } else {
            keep(field, json);
          }
        }
        default -> keep(field, json);
      }
    }
  }

  private static void readLibrary(JsonBody json, EventDraft into) throws IOException {
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      switch (field) {
        case "name", "version" -> into.readOther(LIBRARY, field, json);
        default -> into.other("library_" + field, json.value());
      }
    }
  }

  /** Of the address and the agent a client may say that they are the request's own: true. */
  private void property(String field, JsonBody json, EventDraft into) throws IOException {
    switch (field) {
      case "_time" -> time = text(field, json);
      case "_ip" -> {
        if (json.isText()) {
          into.read(ADDRESS, field, json);
        } else {
          json.skip();
        }
      }
      case "_user_agent" -> {
        if (json.isText()) {
          agent = text(field, json);
          into.property(field, json);
        } else {
          json.skip();
        }
      }
      case "_platform" -> {
        String platform = text(field, json);
        into.column(
            EventColumn.PLATFORM, platform == null ? null : platform.toLowerCase(Locale.ROOT));
      }
      default -> into.read(PROPERTIES, field, json);
    }
  }

  @Override
  @Nullable String key() {
    return key;
  }

  @Override
  public @Nullable String id() {
    return null;
  }

  @Override
  public @Nullable String name() {
    return name;
  }

  @Override
  SegmentDoor.@Nullable Fault fault() {
    SegmentDoor.Fault fault = nameFault(name, "collection");
    if (fault != null || !ofUser) {
      return fault;
    }
    return userId == null
        ? new SegmentDoor.Fault("no_identity", "send the user's \"id\" with it: of whom is it?")
        : null;
  }

  Decoded.Event decoded(RawRequest request, int index) throws UnusableEventException {
    EventDraft into = full();
    if (ofUser) {
      into.column(EventColumn.USER_ID, userId);
    } else {
      into.other("id", userId);
    }
    into.time(time);
    into.identify(request, index, Objects.requireNonNull(name), null);
    into.fillWorth();
    shared().others().forEach(into::other);
    Long sent = into.sentAt("upload_time", sentAt != null ? sentAt : shared().sentAt());
    boolean browser = UserAgentHeader.isBrowsers(request.header("user-agent"));
    boolean app =
        into.columns().get(EventColumn.PLATFORM) instanceof String on && !on.equals("server");
    return into.event(request, sent, agent, !browser && !app);
  }
}
