package weir.query.tables;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/**
 * The rows that a limit allows, copied into tables of the statement's own connection before it
 * runs. A condition in a view would not do: the engine may evaluate a user's expressions first, and
 * their errors then tell of rows that the condition hides.
 */
final class LimitedRows implements EventRows {
  private static final String TABLE = "weir_limited_";

  private final DuckSession session;
  private final EventRows all;
  private final RowLimit limit;
  private final ProjectProperties properties;
  private int tables;

  LimitedRows(DuckSession session, EventRows all, RowLimit limit, ProjectProperties properties) {
    this.session = session;
    this.all = all;
    this.limit = limit;
    this.properties = properties;
  }

  @Override
  public Map<String, ColumnType> columns() {
    return all.columns();
  }

  @Override
  public String select(Set<String> names) throws QueryException {
    return copied(names, all.select(withLimit(names)));
  }

  @Override
  public String select(Set<String> names, Set<String> events) throws QueryException {
    return copied(names, all.select(withLimit(names), events));
  }

  /** The names of the events. */
  Set<String> events() throws QueryException {
    String event = EventColumn.EVENT.columnName();
    Set<String> names = new TreeSet<>();
    session.query(
        "SELECT DISTINCT event FROM (" + select(Set.of(event)) + ") WHERE event IS NOT NULL",
        row -> names.add(row.getString(1)));
    return names;
  }

  private Set<String> withLimit(Set<String> names) {
    Set<String> more = new TreeSet<>(names);
    more.addAll(limit.columns(columns(), properties));
    return more;
  }

  private String copied(Set<String> names, String rows) throws QueryException {
    StringBuilder select = new StringBuilder();
    for (String column : columns().keySet()) {
      if (names.contains(column)) {
        select.append(select.isEmpty() ? "SELECT " : ", ").append(ParquetSql.name(column));
      }
    }
    String table = "temp.main." + TABLE + tables++;
    session.execute(
        "CREATE TEMP TABLE %s AS %s FROM (%s) WHERE %s"
            .formatted(table, select, rows, limit.condition(columns(), properties)));
    return select + " FROM " + table;
  }
}
