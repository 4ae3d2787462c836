package weir.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.ColumnType;

/**
 * Which column each property of each project has found; durable in the metadata database.
 *
 * <p>A column is here before any clean frame that uses it is in the log. Columns are only ever
 * added. Safe for use by several threads.
 */
public final class PropertySchema {
  private final Jdbi jdbi;
  private final Map<String, List<PropertyColumn>> columns = new ConcurrentHashMap<>();

  private PropertySchema(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Reads what is known. */
  public static PropertySchema open(MetaDatabase database) {
    PropertySchema schema = new PropertySchema(database.jdbi());
    Map<String, List<PropertyColumn>> read = new HashMap<>();
    for (NewColumn row : schema.rows()) {
      read.computeIfAbsent(row.project(), project -> new ArrayList<>()).add(row.column());
    }
    read.forEach((project, list) -> schema.columns.put(project, List.copyOf(list)));
    return schema;
  }

  /** A project's property columns, in the order in which they were first seen. */
  public List<PropertyColumn> columns(String project) {
    return columns.getOrDefault(project, List.of());
  }

  /**
   * A column at its first sight.
   *
   * @param source the name of the write key that brought it
   * @param receivedAt when, in microseconds
   */
  record NewColumn(String project, PropertyColumn column, String source, long receivedAt) {}

  /** Every column, by project and in the order of first sight. */
  List<NewColumn> rows() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM property_columns ORDER BY project, ordinal")
            .map((row, context) ->
                new NewColumn(
                    row.getString("project"),
                    new PropertyColumn(
                        row.getString("column_name"),
                        ColumnType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                        row.getString("name")),
                    row.getString("first_key"),
                    row.getLong("created_at")))
            .list());
  }

  /** Makes new columns durable, all or none, and visible to {@link #columns}. */
  void commit(List<NewColumn> added) {
    if (added.isEmpty()) {
      return;
    }
    Map<String, List<PropertyColumn>> grown = new HashMap<>();
    jdbi.useTransaction(handle -> {
      for (NewColumn column : added) {
        List<PropertyColumn> list =
            grown.computeIfAbsent(column.project(), project -> new ArrayList<>(columns(project)));
        list.add(column.column());
        insert(handle, column, list.size());
      }
    });
    grown.forEach((project, list) -> columns.put(project, List.copyOf(list)));
  }

  private static void insert(Handle handle, NewColumn column, int ordinal) {
    handle.execute(
        """
        INSERT INTO property_columns
          (project, name, column_name, type, ordinal, first_key, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)\
        """,
        column.project(),
        column.column().name(),
        column.column().columnName(),
        column.column().type().name().toLowerCase(Locale.ROOT),
        ordinal,
        column.source(),
        column.receivedAt());
  }
}
