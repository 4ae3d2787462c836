package weir.query.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.hottail.TailTables;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;
import weir.query.sql.PropertySql;

/** Finds which properties have values in the JSON of which events. */
final class JsonNames {
  private static final String EVENT = EventColumn.EVENT.columnName();

  private JsonNames() {}

  interface Found {
    void found(Path file, String event, Set<String> properties);
  }

  /**
   * In files.
   *
   * @param events whose rows are looked at
   * @param properties by their names in JSON
   */
  static void inFiles(
      DuckSession session,
      List<LakeColumn> table,
      List<LakeFile> files,
      Collection<String> events,
      List<String> properties,
      Found found)
      throws QueryException {
    List<LakeColumn> columns =
        table.stream()
            .filter(column -> Set.of(EVENT, PropertySql.JSON).contains(column.name()))
            .toList();
    session.query(
        "SELECT filename, event"
            + counts(properties)
            + " FROM "
            + ParquetSql.read(columns, files)
            + " WHERE "
            + EventView.among(events)
            + " GROUP BY filename, event",
        row -> {
          Set<String> present = new HashSet<>();
          for (int i = 0; i < properties.size(); i++) {
            if (row.getLong(i + 3) > 0) {
              present.add(properties.get(i));
            }
          }
          found.found(Path.of(row.getString(1)), row.getString(2), present);
        });
  }

  /** In memory, by event. */
  static Map<String, Set<String>> inMemory(
      DuckSession session, List<TailTables.Slice> slices, Set<String> properties)
      throws QueryException {
    List<String> asked = new ArrayList<>(properties);
    List<TailTables.Slice> some =
        slices.stream().filter(slice -> slice.columns().containsKey(PropertySql.JSON)).toList();
    Map<String, Set<String>> found = new HashMap<>();
    if (some.isEmpty() || asked.isEmpty()) {
      return found;
    }
    String rows = new TableSql(List.of(), some).select(List.of(), Set.of(EVENT, PropertySql.JSON));
    session.query(
        "SELECT event"
            + counts(asked)
            + " FROM ("
            + rows
            + ") WHERE properties IS NOT NULL GROUP BY event",
        row -> {
          for (int i = 0; i < asked.size(); i++) {
            if (row.getLong(i + 2) > 0) {
              found.computeIfAbsent(row.getString(1), event -> new HashSet<>()).add(asked.get(i));
            }
          }
        });
    return found;
  }

  private static String counts(Collection<String> properties) {
    return properties.stream()
        .map(property -> ", count(" + PropertySql.text(property) + ")")
        .collect(Collectors.joining());
  }
}
