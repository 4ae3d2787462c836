package weir.lake.table;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * Takes columns of properties out of a table's schema, in one commit. Its files keep their bytes
 * until a compaction writes them anew; who reads the table as it was before a later commit still
 * sees the columns. A column that is added after has another field id, so that nothing comes back.
 */
public final class ColumnRemoval {
  private static final int ATTEMPTS = 8;

  private ColumnRemoval() {}

  /**
   * Takes out what the table has of some columns.
   *
   * @return which those were
   * @throws IOException if it is not certain that the table has none of them
   */
  public static Set<String> remove(Table table, Set<String> columns) throws IOException {
    for (String column : columns) {
      if (EventColumn.named(column).isPresent()) {
        throw new IllegalArgumentException(column + " is a column of every event");
      }
    }
    Set<String> removed = new TreeSet<>();
    RuntimeException failure = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        table.refresh();
        Set<String> present = present(table, columns);
        if (present.isEmpty()) {
          return removed;
        }
        removed.addAll(present);
        UpdateSchema update = table.updateSchema();
        present.forEach(update::deleteColumn);
        update.commit();
      } catch (RuntimeException e) {
        failure = e; // another commit came between, or nobody knows: look again
      }
    }
    throw failed(table, failure);
  }

  private static Set<String> present(Table table, Set<String> columns) {
    Set<String> present = new TreeSet<>(columns);
    present.removeIf(column -> table.schema().findField(column) == null);
    return present;
  }

  private static IOException failed(Table table, @Nullable RuntimeException failure) {
    return new IOException("columns of " + table.name() + " are perhaps not dropped yet", failure);
  }
}
