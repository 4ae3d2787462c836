package weir.server.plugins;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.decode.Decoded;
import weir.enrich.plugin.PluginEvent;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;

/** An event as a line of JSON: columns by their names in SQL, and an object of properties. */
final class EventLine {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String PROPERTIES = "properties";

  private EventLine() {}

  /**
   * Reads one; a column {@code p_NAME}, as SQL answers it, is the property NAME.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static PluginEvent read(String line, String id, Instant now) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("this is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.isObject() || !json.path("event").isTextual()) {
      throw new IllegalArgumentException("an event is an object with a text \"event\"");
    }
    long micros = EpochMicros.of(now);
    Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    Map<String, Object> properties = new LinkedHashMap<>();
    columns.put(EventColumn.EVENT_ID, id);
    columns.put(EventColumn.TIMESTAMP, micros);
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      JsonNode value = field.getValue();
      if (field.getKey().equals(PROPERTIES)) {
        properties(value).forEach(each -> put(properties, each.getKey(), each.getValue()));
      } else if (field.getKey().startsWith("p_")) {
        put(properties, field.getKey().substring(2), value);
      } else if (!value.isNull()) {
        EventColumn column =
            EventColumn.named(field.getKey())
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "there is no column '"
                            + field.getKey()
                            + "'; others go into \"properties\""));
        columns.put(column, value(column, value));
      }
    }
    return new PluginEvent(columns, properties, "sample", micros);
  }

  private static Iterable<Map.Entry<String, JsonNode>> properties(JsonNode value) {
    try {
      JsonNode object = value.isTextual() ? JSON.readTree(value.textValue()) : value;
      if (object.isObject() || object.isNull()) {
        return object.properties();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("\"properties\" is not JSON", e);
    }
    throw new IllegalArgumentException("\"properties\" must be an object");
  }

  private static void put(Map<String, Object> properties, String name, JsonNode value) {
    if (value.isTextual()) {
      properties.put(name, value.textValue());
    } else if (value.isBoolean()) {
      properties.put(name, value.booleanValue());
    } else if (value.isNumber()) {
      properties.put(name, value.doubleValue());
    } else if (!value.isNull()) {
      properties.put(name, new Decoded.Json(value.toString()));
    }
  }

  private static Object value(EventColumn column, JsonNode value) {
    ColumnType type = column.type();
    try {
      if (type == ColumnType.STRING && value.isTextual()) {
        return value.textValue();
      } else if (type == ColumnType.TIMESTAMP && value.isTextual()) {
        return EpochMicros.of(Instant.parse(value.textValue()));
      } else if (type == ColumnType.BOOLEAN && value.isBoolean()) {
        return value.booleanValue();
      } else if (type == ColumnType.DOUBLE && value.isNumber()) {
        return value.doubleValue();
      } else if (type == ColumnType.LONG && value.isIntegralNumber()) {
        return value.longValue();
      } else if (type == ColumnType.INTEGER && value.isInt()) {
        return value.intValue();
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "the column '" + column.columnName() + "' needs a time such as 2026-01-31T12:00:00Z", e);
    }
    throw new IllegalArgumentException(
        "the column '" + column.columnName() + "' is " + type + ", not " + value);
  }

  /** Writes one, without the columns that Weir itself fills. */
  static String write(PluginEvent event) {
    ObjectNode json = JSON.createObjectNode();
    event
        .columns()
        .forEach((column, value) -> {
          if (column.type() == ColumnType.TIMESTAMP) {
            json.put(column.columnName(), EpochMicros.instant((Long) value).toString());
          } else {
            json.putPOJO(column.columnName(), value);
          }
        });
    ObjectNode properties = json.putObject(PROPERTIES);
    event
        .properties()
        .forEach((name, value) -> {
          if (value instanceof Decoded.Json text) {
            try {
              properties.set(name, JSON.readTree(text.text()));
            } catch (JsonProcessingException e) {
              throw new IllegalStateException(e); // checked when it came
            }
          } else {
            properties.putPOJO(name, value);
          }
        });
    return json.toString();
  }
}
