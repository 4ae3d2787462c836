package weir.event;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code events}: values of the fixed columns and of the columns that properties have.
 *
 * <p>The columns that {@link Origin} knows (source, received_at, processed_at, _raw_position) are
 * answered from there. Immutable once built, by convention of its builder; safe to share.
 */
public final class CleanEvent implements CleanRecord {
  private final Origin origin;
  private final @Nullable Object[] values;
  private final Map<String, Object> properties;
  private final boolean derived;

  private CleanEvent(
      Origin origin, @Nullable Object[] values, Map<String, Object> properties, boolean derived) {
    this.origin = origin;
    this.values = values;
    this.properties = properties;
    this.derived = derived;
  }

  @Override
  public Origin origin() {
    return origin;
  }

  /** The value of a column, of the class that {@link ColumnType#javaClass()} names, or null. */
  public @Nullable Object get(EventColumn column) {
    return switch (column) {
      case SOURCE -> origin.source();
      case RECEIVED_AT -> origin.receivedAt();
      case PROCESSED_AT -> origin.processedAt();
      case RAW_POSITION -> origin.rawPosition().toString();
      default -> values[column.ordinal()];
    };
  }

  /** The value of a column of type STRING. */
  public @Nullable String string(EventColumn column) {
    return (String) get(column);
  }

  /** The event name. */
  public String event() {
    return (String) Objects.requireNonNull(values[EventColumn.EVENT.ordinal()]);
  }

  /** The id that is unique in the project. */
  public String eventId() {
    return (String) Objects.requireNonNull(values[EventColumn.EVENT_ID.ordinal()]);
  }

  /** Event time in microseconds since the epoch. */
  public long timestamp() {
    return (Long) Objects.requireNonNull(values[EventColumn.TIMESTAMP.ordinal()]);
  }

  /**
   * Values by column name ({@code p_price}), each a Boolean, Double or String; in the order in
   * which they were sent.
   */
  public Map<String, Object> properties() {
    return properties;
  }

  /**
   * Whether it came beside the raw event's own: one raw event may become several, of which one is
   * the decision about it.
   */
  public boolean isDerived() {
    return derived;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CleanEvent event
        && origin.equals(event.origin)
        && java.util.Arrays.equals(values, event.values)
        && properties.equals(event.properties)
        && derived == event.derived;
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, java.util.Arrays.hashCode(values), properties, derived);
  }

  @Override
  public String toString() {
    return "CleanEvent["
        + origin
        + ", "
        + java.util.Arrays.toString(values)
        + ", "
        + properties
        + (derived ? ", derived]" : "]");
  }

  /** Starts an event; {@code event}, {@code event_id} and {@code timestamp} must be set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the values of one event. Used by one thread, for one event. */
  public static final class Builder {
    private static final EventColumn[] COLUMNS = EventColumn.values();

    private final @Nullable Object[] values = new Object[COLUMNS.length];
    private Map<String, Object> properties = Map.of();
    private boolean derived;

    private Builder() {}

    /** Sets a column; the value must be of the column's class. */
    public Builder set(EventColumn column, @Nullable Object value) {
      if (value != null && value.getClass() != column.type().javaClass()) {
        throw new IllegalArgumentException(
            column.columnName() + " is " + column.type() + ", not " + value.getClass().getName());
      }
      values[column.ordinal()] = value;
      return this;
    }

    public @Nullable Object get(EventColumn column) {
      return values[column.ordinal()];
    }

    /** Property columns; the map is kept, not copied: hand over one that no longer changes. */
    public Builder properties(Map<String, Object> propertyColumns) {
      this.properties = propertyColumns;
      return this;
    }

    /** Says that it comes beside the raw event's own. */
    public Builder derived() {
      this.derived = true;
      return this;
    }

    public CleanEvent build(Origin origin) {
      require(EventColumn.EVENT);
      require(EventColumn.EVENT_ID);
      require(EventColumn.TIMESTAMP);
      return new CleanEvent(origin, values, properties, derived);
    }

    private void require(EventColumn column) {
      if (values[column.ordinal()] == null) {
        throw new IllegalStateException(column.columnName() + " is not set");
      }
    }
  }
}
