package weir.query;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;

/**
 * A table that is not in the lake, such as the ledger. Its rows are copied for each statement that
 * names it, as far as the statement's times reach.
 *
 * @param name in SQL, lower case
 * @param columns in order
 * @param time the column of times that bounds which rows are copied
 * @param rows the rows of a project
 */
public record SystemTable(String name, List<Column> columns, String time, Rows rows) {
  public SystemTable {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(rows, "rows");
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("columns of " + name + " are none");
    }
  }

  public record Column(String name, ColumnType type) {
    public Column {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
    }
  }

  /**
   * From when to when, both included, in microseconds since 1970.
   *
   * @param from {@link Long#MIN_VALUE} for no bound
   * @param to {@link Long#MAX_VALUE} for no bound
   */
  public record Span(long from, long to) {
    public static final Span ALL = new Span(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Reads a system table. Called by several threads. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Hands over each row whose time lies within a span, and perhaps others: for each column an
     * instance of its {@link ColumnType#javaClass()}, or null.
     */
    void forEach(String project, Span span, Consumer<@Nullable Object[]> row) throws IOException;
  }
}
