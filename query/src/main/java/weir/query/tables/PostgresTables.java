package weir.query.tables;

import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.SystemTable;
import weir.query.postgres.PostgresCatalog;
import weir.query.postgres.PostgresType;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/** Makes PostgreSQL's catalog in the connection of one query, for the tables of its project. */
public final class PostgresTables {
  private static final int FIRST_OID = 16_384;

  private final DuckSession session;
  private final String project;
  private final Map<String, String> settings;
  private boolean filled;

  /**
   * For one statement.
   *
   * @param settings what is set in the client's session, by names in lower case
   */
  public PostgresTables(DuckSession session, String project, Map<String, String> settings) {
    this.session = session;
    this.project = project;
    this.settings = settings;
  }

  private String told(String statement) {
    String project = ParquetSql.text(this.project);
    String told =
        statement
            .replaceFirst("create temp", "create or replace temp")
            .replace("$project", project);
    return told.contains("$settings") ? told.replace("$settings", settingsMap()) : told;
  }

  private String settingsMap() {
    Map<String, String> all = new TreeMap<>(PostgresCatalog.parameters());
    all.putAll(settings);
    return all.entrySet().stream()
        .map(set -> ParquetSql.text(set.getKey()) + ": " + ParquetSql.text(set.getValue()))
        .collect(Collectors.joining(", ", "map {", "}"));
  }

  /** Gives the tables of a project and their columns, with the engine's types, in order. */
  interface Project {
    Map<String, Map<String, String>> tables() throws QueryException;
  }

  /** Makes the functions whose names are in a text. */
  public void functions(String text) throws QueryException {
    String folded = text.toLowerCase(Locale.ROOT);
    for (String function : PostgresCatalog.functions()) {
      if (folded.contains(function)) {
        session.execute(told(PostgresCatalog.macro(function)));
      }
    }
  }

  /** Makes one table of the catalog. */
  void view(String name, Project tables) throws QueryException {
    String statement = PostgresCatalog.view(name).orElseThrow();
    if (!filled && namesProject(statement)) {
      fill(tables.tables());
      filled = true;
    }
    Optional<PostgresCatalog.Rows> rows = PostgresCatalog.rows(name);
    if (rows.isPresent()) {
      keep(PostgresCatalog.KEPT + name, rows.get());
    }
    functions(statement);
    session.execute(told(statement));
  }

  private static boolean namesProject(String statement) {
    return statement.contains(PostgresCatalog.RELATIONS)
        || statement.contains(PostgresCatalog.COLUMNS);
  }

  private void keep(String name, PostgresCatalog.Rows rows) throws QueryException {
    session.execute(
        rows.columns().stream()
            .map(column -> ParquetSql.name(column) + " VARCHAR")
            .collect(Collectors.joining(", ", "CREATE OR REPLACE TEMP TABLE " + name + " (", ")")));
    try (DuckDBAppender appender = appender(name)) {
      for (@Nullable String[] row : rows.values()) {
        appender.beginRow();
        for (String value : row) {
          if (value == null) {
            appender.appendNull();
          } else {
            appender.append(value);
          }
        }
        appender.endRow();
      }
    } catch (SQLException e) {
      throw new QueryException(QueryError.INTERNAL, "the catalog cannot be made", e);
    }
  }

  /** Tables with the same map of columns share its rows: there may be 30,000 of them. */
  private void fill(Map<String, Map<String, String>> tables) throws QueryException {
    session.execute(
        "CREATE TEMP TABLE "
            + PostgresCatalog.RELATIONS
            + " (oid BIGINT, name VARCHAR, shape INTEGER)");
    session.execute(
        "CREATE TEMP TABLE "
            + PostgresCatalog.SHAPES
            + " (shape INTEGER, number INTEGER, name VARCHAR, type INTEGER, size INTEGER)");
    session.execute(
        "CREATE TEMP VIEW "
            + PostgresCatalog.COLUMNS
            + " AS SELECT r.oid AS relation, s.number, s.name, s.type, s.size FROM "
            + PostgresCatalog.RELATIONS
            + " r JOIN "
            + PostgresCatalog.SHAPES
            + " s USING (shape)");
    Map<Map<String, String>, Integer> shapes = new IdentityHashMap<>();
    try (DuckDBAppender relations = appender(PostgresCatalog.RELATIONS);
        DuckDBAppender columns = appender(PostgresCatalog.SHAPES)) {
      long oid = FIRST_OID;
      for (Map.Entry<String, Map<String, String>> table : tables.entrySet()) {
        Integer shape = shapes.get(table.getValue());
        if (shape == null) {
          shape = shapes.size();
          shapes.put(table.getValue(), shape);
          append(columns, shape, table.getValue());
        }
        relations.beginRow().append(oid++).append(table.getKey()).append(shape).endRow();
      }
    } catch (SQLException e) {
      throw new QueryException(QueryError.INTERNAL, "the catalog cannot be made", e);
    }
  }

  private static void append(DuckDBAppender into, int shape, Map<String, String> columns)
      throws SQLException {
    int number = 1;
    for (Map.Entry<String, String> column : columns.entrySet()) {
      PostgresType type = PostgresType.ofEngine(column.getValue());
      into.beginRow().append(shape).append(number++).append(column.getKey());
      into.append(type.oid()).append(type.size()).endRow();
    }
  }

  private DuckDBAppender appender(String table) throws SQLException {
    return session.connection().createAppender("temp", "main", table);
  }

  /** Columns with the engine's names of their types. */
  static Map<String, String> named(Map<String, ColumnType> columns) {
    Map<String, String> named = new LinkedHashMap<>();
    columns.forEach((name, type) -> named.put(name, ParquetSql.type(type)));
    return named;
  }

  /** As {@link #named(Map)}. */
  static Map<String, String> named(List<SystemTable.Column> columns) {
    Map<String, String> named = new LinkedHashMap<>();
    columns.forEach(column -> named.put(column.name(), ParquetSql.type(column.type())));
    return named;
  }
}
