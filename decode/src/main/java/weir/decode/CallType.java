package weir.decode;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The six calls of the Segment spec. */
enum CallType {
  TRACK(""),
  PAGE("page_viewed"),
  SCREEN("screen_viewed"),
  IDENTIFY("identified"),
  GROUP("grouped"),
  ALIAS("aliased");

  private final String typeName = name().toLowerCase(Locale.ROOT);
  private final String eventName;

  CallType(String eventName) {
    this.eventName = eventName;
  }

  /** As the field {@code type} and the path name it. */
  String typeName() {
    return typeName;
  }

  /** The name of events of this call, which bears none itself; empty for track, which does. */
  String eventName() {
    return eventName;
  }

  /** Where the call's properties stand. */
  String propertiesField() {
    return this == IDENTIFY || this == GROUP ? "traits" : "properties";
  }

  /** By the last part of a path, which may be its first letter alone. */
  static @Nullable CallType ofPath(String last) {
    for (CallType type : values()) {
      if (last.equals(type.typeName) || last.equals(type.typeName.substring(0, 1))) {
        return type;
      }
    }
    return null;
  }

  static @Nullable CallType named(@Nullable String name) {
    return switch (name) {
      case "track" -> TRACK;
      case "page" -> PAGE;
      case "screen" -> SCREEN;
      case "identify" -> IDENTIFY;
      case "group" -> GROUP;
      case "alias" -> ALIAS;
      case null, default -> null;
    };
  }
}
