package weir.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.Origin;
import weir.event.RawPosition;

/**
 * Which column each property of each project has found; durable in the metadata database.
 *
 * <p>A column is here before any clean frame that uses it is in the log. Columns are only ever
 * added, but for those that a crash left without a frame, which come again. Safe for use by several
 * threads.
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
    schema.read();
    return schema;
  }

  private void read() {
    Map<String, List<PropertyColumn>> read = new HashMap<>();
    for (NewColumn row : rows()) {
      read.computeIfAbsent(row.origin().project(), project -> new ArrayList<>()).add(row.column());
    }
    columns.keySet().retainAll(read.keySet());
    read.forEach((project, list) -> columns.put(project, List.copyOf(list)));
  }

  /**
   * Forgets the columns that came with events after one: those whose frames were not stored before
   * a crash. The events will be decided again, from the same state as the first time, and bring the
   * same columns.
   *
   * @param last null for every column
   */
  void forgetAfter(@Nullable RawPosition last) {
    long position = last == null ? -1 : last.position();
    int index = last == null ? 0 : last.index();
    int forgotten =
        jdbi.withHandle(handle ->
            handle.execute(
                "DELETE FROM property_columns WHERE (raw_position, raw_index) > (?, ?)",
                position,
                index));
    if (forgotten > 0) {
      read();
    }
  }

  /** A project's property columns, in the order in which they were first seen. */
  public List<PropertyColumn> columns(String project) {
    return columns.getOrDefault(project, List.of());
  }

  /**
   * A column at its first sight.
   *
   * @param origin of the event that brought it
   */
  record NewColumn(PropertyColumn column, Origin origin) {}

  /** Every column, by project and in the order of first sight. */
  List<NewColumn> rows() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM property_columns ORDER BY project, ordinal")
            .map((row, context) ->
                new NewColumn(
                    new PropertyColumn(
                        row.getString("column_name"),
                        ColumnType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                        row.getString("name")),
                    new Origin(
                        row.getString("project"),
                        row.getString("first_key"),
                        row.getLong("created_at"),
                        row.getLong("created_at"),
                        new RawPosition(row.getLong("raw_position"), row.getInt("raw_index")))))
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
            grown.computeIfAbsent(
                column.origin().project(), project -> new ArrayList<>(columns(project)));
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
          (project, name, column_name, type, ordinal, first_key, created_at,
           raw_position, raw_index)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        column.origin().project(),
        column.column().name(),
        column.column().columnName(),
        column.column().type().name().toLowerCase(Locale.ROOT),
        ordinal,
        column.origin().source(),
        column.origin().receivedAt(),
        column.origin().rawPosition().position(),
        column.origin().rawPosition().index());
  }
}
