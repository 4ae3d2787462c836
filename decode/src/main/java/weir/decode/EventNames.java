package weir.decode;

import org.jspecify.annotations.Nullable;

/** How long names of events may be. */
final class EventNames {
  private EventNames() {}

  /** The fault of a name that is too long; null if it is not. */
  static SegmentDoor.@Nullable Fault tooLong(String name) {
    return name.length() > SegmentDoor.MAX_EVENT_NAME
            && name.codePointCount(0, name.length()) > SegmentDoor.MAX_EVENT_NAME
        ? new SegmentDoor.Fault(
            "event_name_too_long",
            "the event's name is longer than "
                + SegmentDoor.MAX_EVENT_NAME
                + " characters: put what varies into a property")
        : null;
  }
}
