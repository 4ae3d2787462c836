package weir.decode;

import org.jspecify.annotations.Nullable;

/** Why a call cannot become an event, as far as the collector can see. */
final class SegmentDoor {
  static final int MAX_EVENT_NAME = 512;

  /**
   * A reason not to take a call.
   *
   * @param reason a stable code
   * @param message what is wrong and how to mend it
   */
  record Fault(String reason, String message) {}

  private SegmentDoor() {}

  static Fault notAnObject() {
    return new Fault("not_an_object", "an event is a JSON object, this is something else");
  }

  static Fault tooLarge(int size, int limit) {
    return new Fault(
        "event_too_large",
        "the event has " + size + " bytes, of which " + limit + " are allowed: send less with it");
  }

  /** The first fault of a call, or null if there is none. */
  static @Nullable Fault check(SegmentCall call) {
    CallType type = call.type();
    if (type == null) {
      return new Fault(
          "unknown_type",
          "\"type\" must be one of track, page, screen, identify, group, alias; it is "
              + (call.typeName() == null ? "missing" : "\"" + shortened(call.typeName()) + "\""));
    }
    return switch (type) {
      case TRACK -> {
        Fault name = checkName(call.event());
        yield name != null ? name : checkIdentity(call);
      }
      case PAGE, SCREEN, IDENTIFY -> checkIdentity(call);
      case GROUP ->
          call.groupId() == null
              ? new Fault("no_group_id", "a group call needs a \"groupId\"")
              : checkIdentity(call);
      case ALIAS ->
          call.userId() == null || (call.previousId() == null && call.anonymousId() == null)
              ? new Fault(
                  "no_identity",
                  "an alias call needs \"userId\", and \"previousId\" or \"anonymousId\"")
              : null;
    };
  }

  private static @Nullable Fault checkName(@Nullable String event) {
    if (event == null) {
      return new Fault("no_event_name", "a track call needs its event's name in \"event\"");
    }
    if (event.codePointCount(0, event.length()) > MAX_EVENT_NAME) {
      return new Fault(
          "event_name_too_long",
          "the event's name is longer than "
              + MAX_EVENT_NAME
              + " characters: put what varies into a property");
    }
    return null;
  }

  private static @Nullable Fault checkIdentity(SegmentCall call) {
    return call.userId() == null && call.anonymousId() == null
        ? new Fault("no_identity", "send \"userId\" or \"anonymousId\" with it: who did it?")
        : null;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
