package weir.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.delivery.Target;

/**
 * The delivery that a request wants to be made.
 *
 * @param from {@code latest}, {@code earliest} or a position
 */
record DeliveryRequest(String name, Target target, String from) {
  private static final int USUAL_EVENTS = 100;
  private static final List<String> OF_TARGET = List.of("url", "events", "where", "batch_events");
  private static final List<String> OF_NEW =
      List.of("name", "url", "events", "where", "batch_events", "from");

  /**
   * Reads a new one.
   *
   * @throws ApiError.Thrown saying what is wrong with it
   */
  static DeliveryRequest ofNew(byte[] body) {
    ObjectNode json = JsonBody.object(body, OF_NEW);
    String url = text(json, "url", "");
    return new DeliveryRequest(
        text(json, "name", ""),
        target(json, url, Set.of(), "", USUAL_EVENTS),
        text(json, "from", "latest"));
  }

  /** Reads what is to be different; what is not named stays. */
  static Target ofChange(byte[] body, Target before) {
    return target(
        JsonBody.object(body, OF_TARGET),
        before.url().toString(),
        before.events(),
        before.condition(),
        before.batchEvents());
  }

  private static Target target(
      ObjectNode json, String url, Set<String> events, String condition, int batchEvents) {
    JsonNode size = json.path("batch_events");
    if (!size.isMissingNode() && !size.isInt()) {
      throw ApiError.invalid("batch_events must be a whole number");
    }
    try {
      return new Target(
          URI.create(text(json, "url", url)),
          json.has("events") ? names(json.path("events")) : events,
          json.path("where").isNull() ? "" : text(json, "where", condition),
          size.isMissingNode() ? batchEvents : size.intValue());
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new HashSet<>();
    if (!list.isArray()) {
      throw ApiError.invalid("events must be a list of names; an empty one is for all");
    }
    for (JsonNode each : list) {
      if (!each.isTextual()) {
        throw ApiError.invalid("events must be a list of names");
      }
      names.add(each.textValue());
    }
    return names;
  }

  private static String text(ObjectNode json, String field, String otherwise) {
    JsonNode value = json.path(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw ApiError.invalid(field + " must be a text");
    }
    return value.textValue();
  }
}
