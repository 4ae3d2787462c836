package weir.plugin;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event: values of columns by their names in SQL, and the properties that the client sent. Used
 * by one thread.
 *
 * <p>Of columns, {@link Column} says which there are, which class each has and which can be
 * changed. Properties are plain values: String, Double, Boolean, List, Map, and BigDecimal where a
 * Double does not hold a number. Lists and maps in them cannot be changed: put others in their
 * place. Put any Number; it becomes a Double where that holds it.
 */
public final class Event {
  private final Map<Column, Object> columns;
  private final Map<String, @Nullable Object> properties;

  private Event(Map<Column, Object> columns, Map<String, @Nullable Object> properties) {
    this.columns = columns;
    this.properties = properties;
  }

  /** A new event of this name, with neither columns nor properties. */
  public static Event named(String name) {
    return new Event(new EnumMap<>(Column.class), new LinkedHashMap<>()).set("event", name);
  }

  /** An event as it stands; the maps are kept. For who runs plug-ins. */
  public static Event of(
      EnumMap<Column, Object> columns, Map<String, @Nullable Object> properties) {
    return new Event(columns, properties);
  }

  /** Another event with the same values. */
  public Event copy() {
    return new Event(new EnumMap<>(columns), new LinkedHashMap<>(properties));
  }

  /** The name that the client sent. */
  public String name() {
    return Objects.requireNonNullElse(text("event"), "");
  }

  /** The id that is unique in the project. It cannot be changed; empty in a new event. */
  public String id() {
    return Objects.requireNonNullElse(text("event_id"), "");
  }

  /**
   * The value of a column, null where it has none.
   *
   * @throws IllegalArgumentException if there is no such column; likewise below
   */
  public @Nullable Object get(String column) {
    return columns.get(column(column));
  }

  /** The value of a column that holds texts. */
  public @Nullable String text(String column) {
    return typed(column, String.class);
  }

  /** The value of a column that holds numbers. */
  public @Nullable Number number(String column) {
    return typed(column, Number.class);
  }

  /** The value of a column that holds times. */
  public @Nullable Instant time(String column) {
    return typed(column, Instant.class);
  }

  /**
   * Sets a column.
   *
   * @param value of the column's class, or another Number where that is a number; null clears it
   * @throws IllegalArgumentException if it cannot be changed, or not hold this
   */
  public Event set(String column, @Nullable Object value) {
    Column known = column(column);
    if (!known.isWritable()) {
      throw new IllegalArgumentException("the column " + column + " cannot be changed");
    }
    if (value == null) {
      columns.remove(known);
    } else {
      columns.put(known, known.checked(value));
    }
    return this;
  }

  /** The columns that have a value. */
  public Map<Column, Object> columns() {
    return Collections.unmodifiableMap(columns);
  }

  /** The properties, in the order in which they were sent; to be changed by whoever likes to. */
  public Map<String, @Nullable Object> properties() {
    return properties;
  }

  /** The value of a property, null where it has none. */
  public @Nullable Object property(String name) {
    return properties.get(name);
  }

  /** Sets a property; null removes it. */
  public Event setProperty(String name, @Nullable Object value) {
    if (value == null) {
      properties.remove(name);
    } else {
      properties.put(name, value);
    }
    return this;
  }

  @Override
  public String toString() {
    return name() + columns + properties;
  }

  private static Column column(String name) {
    return Column.named(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no column '" + name + "'"));
  }

  private <T> @Nullable T typed(String column, Class<T> type) {
    Column known = column(column);
    if (!type.isAssignableFrom(known.type())) {
      throw new IllegalArgumentException(
          "the column " + column + " holds " + known.type().getSimpleName());
    }
    return type.cast(columns.get(known));
  }
}
