package weir.enrich;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * An event between its decoder and the clean log, as enrichments read and fill it. Used by one
 * thread.
 */
public final class Draft {
  private final Sender sender;
  private final Map<EventColumn, Object> columns;
  private final Map<String, Object> properties;

  /**
   * @param columns values of the columns' classes; changed by enrichments
   * @param properties Boolean, Double, String or JSON by name; changed by enrichments
   */
  public Draft(Sender sender, Map<EventColumn, Object> columns, Map<String, Object> properties) {
    this.sender = sender;
    this.columns = columns;
    this.properties = properties;
  }

  public Sender sender() {
    return sender;
  }

  public @Nullable Object get(EventColumn column) {
    return columns.get(column);
  }

  public boolean has(EventColumn column) {
    return columns.containsKey(column);
  }

  /** The value of a column of type STRING. */
  public @Nullable String text(EventColumn column) {
    return (String) columns.get(column);
  }

  public void set(EventColumn column, Object value) {
    columns.put(column, value);
  }

  /** Sets a column that nobody has set: what the client stated stands. */
  public void fill(EventColumn column, @Nullable Object value) {
    if (value != null) {
      columns.putIfAbsent(column, value);
    }
  }

  public void clear(EventColumn column) {
    columns.remove(column);
  }

  public Map<String, Object> properties() {
    return properties;
  }
}
