package weir.server.plugins.child;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.plugin.Column;
import weir.plugin.Event;

/** An event as a plug-in gets it, and as it was. */
final class OpenedEvent {
  private static final Column[] PLUGIN_COLUMNS = new Column[EventColumn.values().length];
  private static final Column[] COLUMNS = Column.values();
  private static final EventColumn[] EVENT_COLUMNS = new EventColumn[Column.values().length];

  static {
    for (EventColumn column : EventColumn.values()) {
      Column known = Column.named(column.columnName()).orElse(null);
      if (known != null) {
        PLUGIN_COLUMNS[column.ordinal()] = known;
        EVENT_COLUMNS[known.ordinal()] = column;
      }
    }
  }

  /** What a change of an event takes, mostly. */
  private static final int CHANGE = 128;

  private final EnumMap<Column, Object> columns;
  private final Map<String, @Nullable Object> properties;
  private final int bytes;

  private OpenedEvent(
      EnumMap<Column, Object> columns, Map<String, @Nullable Object> properties, int bytes) {
    this.columns = columns;
    this.properties = properties;
    this.bytes = bytes;
  }

  /** Reads what {@link EventWire#write} has written. */
  static OpenedEvent read(FrameInput in) throws IOException {
    int before = in.left();
    EnumMap<Column, Object> columns = new EnumMap<>(Column.class);
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    columns.put(Column.SOURCE, in.text());
    columns.put(Column.RECEIVED_AT, instant(in.number()));
    for (int left = in.count(); left > 0; left--) {
      EventColumn column = EventWire.column(in);
      Object value = EventWire.readColumn(in, column.type());
      Column known = PLUGIN_COLUMNS[column.ordinal()];
      if (known != null) {
        columns.put(known, column.type() == ColumnType.TIMESTAMP ? instant((Long) value) : value);
      }
    }
    for (int left = in.count(); left > 0; left--) {
      properties.put(in.text(), property(in));
    }
    return new OpenedEvent(columns, properties, before - in.left());
  }

  private static @Nullable Object property(FrameInput in) throws IOException {
    int tag = in.small();
    return switch (tag) {
      case EventWire.TEXT -> in.text();
      case EventWire.REAL -> in.real();
      case EventWire.FALSE -> false;
      case EventWire.TRUE -> true;
      case EventWire.JSON -> PlainJson.read(in.text());
      default -> throw new IOException("a property has the tag " + tag);
    };
  }

  private static Instant instant(long micros) {
    return EpochMicros.instant(micros);
  }

  /** For a plug-in, to be changed. */
  Event event() {
    return Event.of(new EnumMap<>(columns), new LinkedHashMap<>(properties));
  }

  /** About how many bytes it takes on the wire. */
  int bytes() {
    return bytes;
  }

  /**
   * Writes what is not as it was.
   *
   * @return whether anything is
   * @throws IllegalArgumentException if an event cannot hold it
   */
  boolean writeChange(FrameOutput out, Event now) throws IOException {
    int changes = 0;
    FrameOutput changed = new FrameOutput(CHANGE);
    Map<Column, Object> columnsNow = now.columns();
    for (Column column : COLUMNS) {
      Object value = columnsNow.get(column);
      if (column.isWritable() && !Objects.equals(value, columns.get(column))) {
        writeColumn(changed, column, value);
        changes++;
      }
    }
    out.integer(changes);
    out.append(changed);
    int properties = writeProperties(out, now.properties());
    return changes + properties > 0;
  }

  private static void writeColumn(FrameOutput out, Column column, @Nullable Object value)
      throws IOException {
    EventColumn known = EVENT_COLUMNS[column.ordinal()];
    out.small(known.fieldId()).small(value == null ? EventWire.NULL : 1);
    if (value instanceof Instant time) {
      try {
        out.number(EpochMicros.of(time));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(column.columnName() + " is " + time, e);
      }
    } else if (value != null) {
      EventWire.writeColumn(out, known.type(), value);
    }
  }

  private int writeProperties(FrameOutput out, Map<String, @Nullable Object> now)
      throws IOException {
    int changes = 0;
    FrameOutput changed = new FrameOutput(CHANGE);
    for (String name : properties.keySet()) {
      if (now.get(name) == null) {
        changed.text(name).small(EventWire.NULL);
        changes++;
      }
    }
    for (Map.Entry<String, @Nullable Object> property : now.entrySet()) {
      Object value = property.getValue();
      if (value != null && value != properties.get(property.getKey())) {
        changed.text(Objects.requireNonNull(property.getKey(), "a property has no name"));
        writeProperty(changed, property.getKey(), value);
        changes++;
      }
    }
    out.integer(changes);
    out.append(changed);
    return changes;
  }

  private static void writeProperty(FrameOutput out, String name, Object value) throws IOException {
    switch (PlainJson.property(name, value)) {
      case null -> out.small(EventWire.NULL);
      case String text -> out.small(EventWire.TEXT).text(text);
      case Double number -> out.small(EventWire.REAL).real(number);
      case Boolean flag -> out.small(flag ? EventWire.TRUE : EventWire.FALSE);
      case PlainJson.Text json -> out.small(EventWire.JSON).text(json.json());
      case Object other -> throw new IllegalArgumentException(name + ": " + other.getClass());
    }
  }
}
