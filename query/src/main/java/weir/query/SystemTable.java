package weir.query;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;

/**
 * A table that is not in the lake, such as the ledger. Its rows are copied for each statement that
 * names it.
 *
 * @param name in SQL, lower case
 * @param columns in order
 * @param rows the rows of a project
 */
public record SystemTable(String name, List<Column> columns, Rows rows) {
  public SystemTable {
    Objects.requireNonNull(name, "name");
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

  /** Reads a system table. Called by several threads. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Hands over each row: for each column an instance of its {@link ColumnType#javaClass()}, or
     * null.
     */
    void forEach(String project, Consumer<@Nullable Object[]> row) throws IOException;
  }
}
