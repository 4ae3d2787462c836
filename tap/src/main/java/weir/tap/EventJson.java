package weir.tap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.ProjectProperties;

/**
 * An event as one JSON object: its columns that are not null, and {@code properties} with all
 * properties by the names that the client sent. Times are RFC 3339 in UTC, numbers that JSON has
 * not are texts.
 */
final class EventJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
  private static final long EXACT_INTEGERS = 1L << 53;

  private EventJson() {}

  static void write(CleanEvent event, ProjectProperties known, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (EventColumn column : EventColumn.values()) {
        Object value = column == EventColumn.PROPERTIES ? null : event.get(column);
        if (value != null) {
          json.writeFieldName(column.columnName());
          write(json, column, value);
        }
      }
      json.writeObjectFieldStart("properties");
      for (Map.Entry<String, Object> each : event.properties().entrySet()) {
        json.writeFieldName(known.name(each.getKey()).orElse(each.getKey()));
        write(json, each.getValue());
      }
      writeRest(json, event.string(EventColumn.PROPERTIES), event.properties().isEmpty());
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  /** The value of a column. */
  static void write(JsonGenerator json, EventColumn column, Object value) throws IOException {
    write(json, column.type() == ColumnType.TIMESTAMP ? time((Long) value) : value);
  }

  /** Fields for some of the properties, by the names that the client sent. */
  static void writeProperties(
      JsonGenerator json, CleanEvent event, ProjectProperties known, Predicate<String> which)
      throws IOException {
    for (Map.Entry<String, Object> each : event.properties().entrySet()) {
      String name = known.name(each.getKey()).orElse(each.getKey());
      if (which.test(name)) {
        json.writeFieldName(name);
        write(json, each.getValue());
      }
    }
    String rest = event.string(EventColumn.PROPERTIES);
    if (rest == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> each : MAPPER.readTree(rest).properties()) {
      if (which.test(each.getKey())) {
        json.writeFieldName(each.getKey());
        MAPPER.writeTree(json, each.getValue());
      }
    }
  }

  /** What has no column is an object already: its fields follow those before. */
  private static void writeRest(JsonGenerator json, @Nullable String object, boolean first)
      throws IOException {
    if (object != null && object.length() > 2) {
      json.writeRaw(first ? "" : ",");
      json.writeRaw(object.substring(1, object.length() - 1));
    }
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number when Math.abs(number) <= EXACT_INTEGERS -> json.writeNumber(number);
      case Double number when Double.isFinite(number) -> writeNumber(json, number);
      default -> json.writeString(value.toString());
    }
  }

  /** Whole numbers without a fraction, as the client has sent most of them. */
  private static void writeNumber(JsonGenerator json, double number) throws IOException {
    if (number == Math.rint(number) && Math.abs(number) <= EXACT_INTEGERS) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }

  private static String time(long micros) {
    return EpochMicros.instant(micros).toString();
  }
}
