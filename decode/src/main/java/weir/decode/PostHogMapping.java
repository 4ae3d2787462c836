package weir.decode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * Makes an event of what a PostHog library has sent. Events that speak of a person, a group or an
 * alias get the names and the properties that they have in the Segment spec, so that traits and
 * persons are found the same way, whatever the client.
 */
final class PostHogMapping {
  private static final Map<String, String> NAMES =
      Map.of(
          "$identify", "identified",
          "$set", "identified",
          "$create_alias", "aliased",
          "$merge_dangerously", "aliased",
          "$groupidentify", "grouped");

  private static final Map<String, String> KINDS =
      Map.of("$screen", "screen_view", "$autocapture", "click");

  /** By what an element was used for, where that is no click. */
  private static final Map<String, String> USES = Map.of("submit", "form_submit", "change", "");

  private static final List<String> CLICKS =
      List.of(
          "gclid",
          "gbraid",
          "wbraid",
          "dclid",
          "msclkid",
          "fbclid",
          "ttclid",
          "twclid",
          "li_fat_id",
          "igshid",
          "rdt_cid",
          "epik",
          "qclid",
          "sccid");

  private static final Map<String, String> PLATFORMS =
      Map.of(
          "web", "web",
          "js", "web",
          "posthog-js", "web",
          "posthog-ios", "ios",
          "posthog-android", "android");

  private static final Set<String> SERVERS =
      Set.of(
          "posthog-node",
          "posthog-python",
          "posthog-java",
          "posthog-server",
          "posthog-ruby",
          "posthog-go",
          "posthog-php",
          "posthog-elixir",
          "posthog-rs",
          "posthog-dotnet");

  /** What a browser sends as the id of everybody whom it may not know again. */
  private static final String COOKIELESS = "$posthog_cookieless";

  private final RawRequest request;
  private final PostHogEvent sent;
  private final String sentName;
  private final String name;
  private final EventDraft event;

  private PostHogMapping(RawRequest request, PostHogEvent sent) {
    this.request = request;
    this.sent = sent;
    this.sentName = Objects.requireNonNull(sent.name());
    this.name = NAMES.getOrDefault(sentName, sentName);
    this.event = sent.full();
  }

  /**
   * The event.
   *
   * @throws UnusableEventException if its time is none
   */
  static Decoded.Event event(RawRequest request, int index, PostHogEvent sent)
      throws UnusableEventException {
    return new PostHogMapping(request, sent).event(index);
  }

  private Decoded.Event event(int index) throws UnusableEventException {
    Long sentAt = event.sentAt("sent_at", sent.sentAt());
    time(sentAt);
    kind();
    boolean spokenFor = platform();
    String agent = text("$raw_user_agent");
    if (text("title") instanceof String title && sentName.equals("$pageview")) {
      event.fill(EventColumn.PAGE_TITLE, title);
      event.take("title");
    }
    clickId();
    event.fillWorth();
    event.identify(request, index, name, sent.id());
    who();
    ownProperties();
    sent.shared().others().forEach(event::other);
    boolean statesAddress = event.columns().containsKey(EventColumn.IP);
    Decoded.Event made = event.event(request, sentAt, agent, spokenFor);
    return is("$geoip_disable", true) && !statesAddress ? made.withoutPlace() : made;
  }

  private @Nullable String text(String property) {
    return event.properties().get(property) instanceof String text && !text.isBlank() ? text : null;
  }

  private boolean is(String property, boolean wanted) {
    return event.properties().get(property) instanceof Boolean flag && flag == wanted;
  }

  /** A library that waits tells how long ago it was, not when. */
  private void time(@Nullable Long sentAt) throws UnusableEventException {
    OptionalLong waited =
        sent.offset() == null || sent.timestamp() != null
            ? OptionalLong.empty()
            : millis(sent.offset());
    if (waited.isPresent()) {
      long end = sentAt == null ? request.receivedAt() : sentAt;
      event.columns().put(EventColumn.ORIGINAL_TIMESTAMP, end - waited.getAsLong() * 1000);
      return;
    }
    event.other("offset", sent.offset());
    if (sent.timestamp() != null) {
      event.time(sent.timestamp());
    } else if (event.properties().get("$time") instanceof Double seconds) {
      ClientTime.ofNumber(seconds)
          .ifPresent(time -> event.columns().put(EventColumn.ORIGINAL_TIMESTAMP, time));
    }
  }

  private static OptionalLong millis(String offset) {
    Double number = EventDraft.number(offset);
    return number == null || Math.abs(number) > 1e12
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(number));
  }

  private void kind() {
    String kind = KINDS.get(sentName);
    if (kind != null && text("$event_type") instanceof String use) {
      kind = USES.getOrDefault(use, kind);
    }
    event.column(EventColumn.KIND, kind);
  }

  /** Whether a server has sent it. */
  private boolean platform() {
    String library =
        event.columns().get(EventColumn.LIBRARY) instanceof String text
            ? text.toLowerCase(Locale.ROOT)
            : "";
    boolean server = SERVERS.contains(library) || is("$is_server", true);
    event.column(EventColumn.PLATFORM, server ? "server" : PLATFORMS.get(library));
    return server;
  }

  private void clickId() {
    for (String click : CLICKS) {
      event.fill(EventColumn.CLICK_ID, text(click));
    }
  }

  /**
   * Before a person is identified his distinct id is one of his device: the library says so, or the
   * id is the device's. The ids of other libraries, those of servers, are users'.
   */
  private void who() {
    String distinct = Objects.requireNonNull(sent.distinctId());
    String before = text("$anon_distinct_id");
    String device = text("$device_id");
    if (distinct.equals(COOKIELESS)) {
      event.other("distinct_id", distinct);
    } else if (name.equals("aliased")) {
      event.column(EventColumn.USER_ID, distinct);
      alias();
    } else if (isGroup(distinct)) {
      event.other("distinct_id", distinct);
    } else if (isAnonymous(distinct, device)) {
      event.column(EventColumn.ANONYMOUS_ID, distinct);
    } else {
      event.column(EventColumn.USER_ID, distinct);
      event.column(EventColumn.ANONYMOUS_ID, before != null ? before : device);
    }
    Object anonymous = event.columns().get(EventColumn.ANONYMOUS_ID);
    if (anonymous != null && anonymous.equals(device)) {
      event.take("$device_id");
    }
    if (anonymous != null && anonymous.equals(before)) {
      event.take("$anon_distinct_id");
    }
    group();
  }

  private boolean isAnonymous(String distinct, @Nullable String device) {
    if (sentName.equals("$identify") || is("$is_identified", true)) {
      return false;
    }
    return is("$is_identified", false)
        || is("$process_person_profile", false)
        || distinct.equals(device);
  }

  /** Libraries of servers send what they know of a group as if the group had done it. */
  private boolean isGroup(String distinct) {
    return name.equals("grouped")
        && distinct.equals("$" + text("$group_type") + "_" + text("$group_key"));
  }

  private void alias() {
    Object previous = event.take("alias");
    if (previous != null) {
      event.other("previousId", previous);
    }
  }

  private void group() {
    if (name.equals("grouped")) {
      event.column(EventColumn.GROUP_ID, text("$group_key"));
    } else if (event.properties().get("$groups") instanceof Decoded.Json groups) {
      event.column(EventColumn.GROUP_ID, JsonText.firstText(groups));
    }
  }

  /** Of events that tell traits the traits are the properties, the rest is one of them. */
  private void ownProperties() {
    if (name.equals("identified")) {
      event.nestProperties("_properties");
      if (!sent.setOnce().isEmpty()) {
        event.other("$set_once", JsonText.object(sent.setOnce()));
      }
      sent.setOnce()
          .forEach((trait, value) -> {
            if (!isLibrarys(trait)) {
              event.property(trait, value);
            }
          });
      sent.set().forEach(event::property);
      return;
    }
    if (name.equals("grouped") && event.take("$group_set") instanceof Decoded.Json traits) {
      event.nestProperties("_properties");
      JsonText.fields(traits).forEach(event::property);
    }
    if (!sent.set().isEmpty()) {
      event.other("$set", JsonText.object(sent.set()));
    }
    if (!sent.setOnce().isEmpty()) {
      event.other("$set_once", JsonText.object(sent.setOnce()));
    }
  }

  /** Whether the browser library sets it with each call: where a visit began, which is no trait. */
  private boolean isLibrarys(String trait) {
    return trait.startsWith("$") || sent.setOnce().containsKey("$initial_" + trait);
  }
}
