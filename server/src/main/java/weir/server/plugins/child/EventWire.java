package weir.server.plugins.child;

import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoded;
import weir.enrich.plugin.PluginEvent;
import weir.event.ColumnType;
import weir.event.EventColumn;

/**
 * Events on the wire, as the engine writes and reads them. What comes back of an event is only what
 * is not as it was.
 */
public final class EventWire {
  static final int NULL = 0;
  static final int TEXT = 1;
  static final int REAL = 2;
  static final int FALSE = 3;
  static final int TRUE = 4;
  static final int JSON = 5;

  private static final EventColumn[] BY_ID = byId();

  private EventWire() {}

  private static EventColumn[] byId() {
    EventColumn[] columns = new EventColumn[256];
    for (EventColumn column : EventColumn.values()) {
      columns[column.fieldId()] = column;
    }
    return columns;
  }

  /** Writes an event whole. */
  public static void write(FrameOutput out, PluginEvent event) throws IOException {
    out.text(event.source()).number(event.receivedAt());
    out.integer(event.columns().size());
    for (Map.Entry<EventColumn, Object> column : event.columns().entrySet()) {
      out.small(column.getKey().fieldId());
      writeColumn(out, column.getKey().type(), column.getValue());
    }
    out.integer(event.properties().size());
    for (Map.Entry<String, Object> property : event.properties().entrySet()) {
      out.text(property.getKey());
      writeProperty(out, property.getValue());
    }
  }

  static void writeColumn(FrameOutput out, ColumnType type, Object value) throws IOException {
    switch (type) {
      case STRING -> out.text((String) value);
      case DOUBLE -> out.real((Double) value);
      case BOOLEAN -> out.small((Boolean) value ? 1 : 0);
      case INTEGER -> out.integer((Integer) value);
      case LONG, TIMESTAMP -> out.number((Long) value);
    }
  }

  private static void writeProperty(FrameOutput out, Object value) throws IOException {
    switch (value) {
      case String text -> out.small(TEXT).text(text);
      case Double number -> out.small(REAL).real(number);
      case Boolean flag -> out.small(flag ? TRUE : FALSE);
      case Decoded.Json json -> out.small(JSON).text(json.text());
      default -> throw new IOException("a property is a " + value.getClass().getName());
    }
  }

  static EventColumn column(FrameInput in) throws IOException {
    int id = in.small();
    EventColumn column = BY_ID[id];
    if (column == null) {
      throw new IOException("there is no column " + id);
    }
    return column;
  }

  static Object readColumn(FrameInput in, ColumnType type) throws IOException {
    return switch (type) {
      case STRING -> in.text();
      case DOUBLE -> finite(in.real());
      case BOOLEAN -> in.small() != 0;
      case INTEGER -> in.integer();
      case LONG, TIMESTAMP -> in.number();
    };
  }

  private static Object finite(double number) throws IOException {
    if (!Double.isFinite(number)) {
      throw new IOException("a column holds " + number);
    }
    return number;
  }

  /** What has come of an event, or of a copy of it. */
  public static PluginEvent readChange(FrameInput in, PluginEvent before) throws IOException {
    Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.putAll(before.columns());
    for (int left = in.count(); left > 0; left--) {
      EventColumn column = column(in);
      if (in.small() == NULL) {
        columns.remove(column);
      } else {
        columns.put(column, readColumn(in, column.type()));
      }
    }
    Map<String, Object> properties = new LinkedHashMap<>(before.properties());
    for (int left = in.count(); left > 0; left--) {
      String name = in.text();
      Object value = readProperty(in);
      if (value == null) {
        properties.remove(name);
      } else {
        properties.put(name, value);
      }
    }
    return new PluginEvent(columns, properties, before.source(), before.receivedAt());
  }

  private static @Nullable Object readProperty(FrameInput in) throws IOException {
    int tag = in.small();
    return switch (tag) {
      case NULL -> null;
      case TEXT -> in.text();
      case REAL -> finite(in.real());
      case FALSE -> false;
      case TRUE -> true;
      case JSON -> new Decoded.Json(PlainJson.checked(in.text()));
      default -> throw new IOException("a property has the tag " + tag);
    };
  }
}
