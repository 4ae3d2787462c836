package weir.decode;

import java.util.List;

/** What the protocol's validation server answers. */
final class Ga4Validation {
  private Ga4Validation() {}

  /** A message for each event that would not be stored; none where all is well. */
  static String json(List<Inspection.Quarantined> wrong) {
    StringBuilder json = new StringBuilder("{\"validationMessages\":[");
    String separator = "";
    for (Inspection.Quarantined one : wrong) {
      json.append(separator).append("{\"fieldPath\":").append(JsonText.quoted(path(one)));
      json.append(",\"description\":").append(JsonText.quoted(description(one.reason())));
      json.append(",\"validationCode\":\"").append(code(one.reason())).append("\"}");
      separator = ",";
    }
    return json.append("]}").toString();
  }

  private static String path(Inspection.Quarantined one) {
    String event = "events[" + one.index() + "]";
    return switch (one.reason()) {
      case "no_identity" -> "client_id";
      case "no_event_name", "event_name_too_long" -> event + ".name";
      default -> event;
    };
  }

  private static String description(String reason) {
    return switch (reason) {
      case "no_identity" -> "Send client_id, app_instance_id or user_id.";
      case "no_event_name" -> "The event has no name.";
      case "event_name_too_long" ->
          "The name is longer than " + SegmentDoor.MAX_EVENT_NAME + " characters.";
      case "event_too_large" -> "The event is larger than this collector takes.";
      default -> "An event is a JSON object.";
    };
  }

  private static String code(String reason) {
    return switch (reason) {
      case "no_identity", "no_event_name" -> "VALUE_REQUIRED";
      case "event_name_too_long" -> "NAME_INVALID";
      case "event_too_large" -> "EXCEEDED_MAX_ENTITIES";
      default -> "VALUE_INVALID";
    };
  }
}
