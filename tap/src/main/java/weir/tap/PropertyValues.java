package weir.tap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.ProjectProperties;

/** The values of one event by the names that its client sent, wherever they lie. */
public final class PropertyValues {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long EXACT_INTEGERS = 1L << 53;

  private final CleanEvent event;
  private final ProjectProperties known;
  private @Nullable JsonNode rest;

  PropertyValues(CleanEvent event, ProjectProperties known) {
    this.event = event;
    this.known = known;
  }

  /** Of a fixed column, else of a property; null if there is none. */
  @Nullable Object columnOrProperty(String name) {
    Optional<EventColumn> column =
        EventColumn.named(name).filter(each -> each != EventColumn.PROPERTIES);
    return column.isPresent() ? event.get(column.get()) : property(name);
  }

  /**
   * Of the property of exactly this name: String, Boolean, Double, BigInteger, or nested JSON as
   * its text.
   */
  @Nullable Object property(String name) {
    Object inColumn = known.column(name).map(event.properties()::get).orElse(null);
    if (inColumn != null) {
      return inColumn;
    }
    return value(rest().path(name));
  }

  /** A value as it is compared: integers that no double holds are themselves. */
  static @Nullable Object value(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isBigInteger() || (json.isLong() && Math.abs(json.longValue()) > EXACT_INTEGERS)) {
      return json.bigIntegerValue();
    }
    if (json.isNumber()) {
      return json.doubleValue();
    }
    return json.isMissingNode() || json.isNull() ? null : json.toString();
  }

  private JsonNode rest() {
    JsonNode parsed = rest;
    if (parsed == null) {
      String text = event.string(EventColumn.PROPERTIES);
      try {
        parsed = text == null ? JSON.createObjectNode() : JSON.readTree(text);
      } catch (JsonProcessingException e) {
        parsed = JSON.createObjectNode();
      }
      rest = parsed;
    }
    return parsed;
  }
}
