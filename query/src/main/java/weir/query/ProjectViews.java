package weir.query;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.query.sql.CheckedSql;
import weir.query.sql.SqlPlace;

/**
 * Makes the tables that one statement names, and no others, in its connection: views over a
 * snapshot's files, and copies of system tables.
 */
final class ProjectViews {
  private static final String EVENTS = "events";
  private static final String BAD_EVENTS = "bad_events";
  private static final String PROPERTY_PREFIX = "p_";
  private static final int NAMES_SHOWN = 20;

  /** Names that tables of this or a later version have, so that no event's view takes them. */
  private static final Set<String> SYSTEM_NAMES =
      Set.of(
          EVENTS,
          BAD_EVENTS,
          "ledger",
          "users",
          "identities",
          "sessions",
          "items",
          "event_catalog",
          "property_catalog",
          "materialized",
          "continuous");

  private final DuckSession session;
  private final LakeSnapshot snapshot;
  private final FileCatalog catalog;
  private final List<SystemTable> systemTables;
  private final Set<String> taken;
  private final Set<LakeFile> files = new LinkedHashSet<>();
  private @Nullable Instant freshTo;
  private @Nullable TableFacts events;

  ProjectViews(
      DuckSession session,
      LakeSnapshot snapshot,
      FileCatalog catalog,
      List<SystemTable> systemTables,
      Set<String> reserved) {
    this.session = session;
    this.snapshot = snapshot;
    this.catalog = catalog;
    this.systemTables = systemTables;
    this.taken = new HashSet<>(SYSTEM_NAMES);
    this.taken.addAll(reserved);
    systemTables.forEach(table -> this.taken.add(table.name()));
  }

  /**
   * Makes what the statement names.
   *
   * @throws QueryException {@code INVALID_SQL} naming the tables that there are
   */
  QueryStats create(CheckedSql sql) throws QueryException {
    catalog.keepOnly(snapshot);
    for (Map.Entry<String, Optional<SqlPlace>> table : sql.tables().entrySet()) {
      create(table.getKey(), table.getValue());
    }
    return new QueryStats(
        files.stream().mapToLong(LakeFile::bytes).sum(),
        files.size(),
        Optional.ofNullable(freshTo));
  }

  private void create(String name, Optional<SqlPlace> place) throws QueryException {
    Optional<SystemTable> system =
        systemTables.stream().filter(table -> table.name().equals(name)).findFirst();
    if (system.isPresent()) {
      copy(system.get());
    } else if (name.equals(EVENTS)) {
      fresh(events());
      lakeView(EVENTS, snapshot.events());
    } else if (name.equals(BAD_EVENTS)) {
      fresh(catalog.facts(session, snapshot.badEvents()));
      lakeView(BAD_EVENTS, snapshot.badEvents());
    } else {
      eventView(name, place);
    }
  }

  private TableFacts events() throws QueryException {
    TableFacts facts = events;
    if (facts == null) {
      facts = catalog.facts(session, snapshot.events());
      events = facts;
    }
    return facts;
  }

  private void fresh(TableFacts facts) {
    freshTo =
        Stream.concat(Stream.ofNullable(freshTo), facts.newest().stream())
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  private void lakeView(String name, LakeTable table) throws QueryException {
    List<LakeFile> tableFiles = table.files();
    files.addAll(tableFiles);
    String select =
        tableFiles.isEmpty()
            ? ParquetSql.empty(table.columns())
            : "SELECT "
                + table.columns().stream()
                    .map(column -> ParquetSql.name(column.name()))
                    .collect(Collectors.joining(", "))
                + " FROM "
                + ParquetSql.read(table.columns(), tableFiles);
    session.execute("CREATE TEMP VIEW " + ParquetSql.name(name) + " AS " + select);
  }

  private void eventView(String name, Optional<SqlPlace> place) throws QueryException {
    TableFacts facts = events();
    Map<String, Set<String>> views = facts.views(taken);
    Set<String> names = views.get(name);
    if (names == null) {
      throw new QueryException(QueryError.INVALID_SQL, unknown(name, views.keySet()), place, null);
    }
    fresh(facts);
    List<LakeFile> tableFiles = facts.files(names);
    files.addAll(tableFiles);
    List<LakeColumn> properties = facts.properties(session, names);
    Set<String> used = new TreeSet<>();
    StringBuilder select = new StringBuilder();
    for (LakeColumn column : snapshot.events().columns()) {
      if (EventColumn.named(column.name()).isPresent()) {
        used.add(column.name());
        select.append(select.isEmpty() ? "" : ", ").append(ParquetSql.name(column.name()));
      }
    }
    for (LakeColumn column : properties) {
      String plain =
          column.name().startsWith(PROPERTY_PREFIX)
              ? column.name().substring(PROPERTY_PREFIX.length())
              : column.name();
      select
          .append(", ")
          .append(ParquetSql.name(column.name()))
          .append(" AS ")
          .append(ParquetSql.name(used.add(plain) ? plain : column.name()));
    }
    session.execute(
        "CREATE TEMP VIEW "
            + ParquetSql.name(name)
            + " AS SELECT "
            + select
            + " FROM "
            + ParquetSql.read(snapshot.events().columns(), tableFiles)
            + " WHERE event IN ("
            + names.stream().map(ParquetSql::text).collect(Collectors.joining(", "))
            + ")");
  }

  private String unknown(String name, Set<String> views) {
    String tables =
        Stream.concat(Stream.of(EVENTS, BAD_EVENTS), systemTables.stream().map(SystemTable::name))
            .collect(Collectors.joining(", "));
    String known = views.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    return "there is no table "
        + name
        + "; tables: "
        + tables
        + (known.isEmpty() ? "" : "; one for each event: " + known)
        + (views.size() > NAMES_SHOWN ? " and " + (views.size() - NAMES_SHOWN) + " more" : "");
  }

  private void copy(SystemTable table) throws QueryException {
    session.execute(
        "CREATE TEMP TABLE "
            + ParquetSql.name(table.name())
            + " ("
            + table.columns().stream()
                .map(
                    column -> ParquetSql.name(column.name()) + " " + ParquetSql.type(column.type()))
                .collect(Collectors.joining(", "))
            + ")");
    try (DuckDBAppender appender =
        session.connection().createAppender("temp", "main", table.name())) {
      table
          .rows()
          .forEach(
              snapshot.project(),
              row -> {
                try {
                  append(appender, table, row);
                } catch (SQLException e) {
                  throw new AppendFailedException(e);
                }
              });
    } catch (SQLException | IOException | AppendFailedException e) {
      session.deadline().check();
      throw new QueryException(
          QueryError.INTERNAL, "cannot read table " + table.name() + ": " + e.getMessage(), e);
    }
  }

  private static final class AppendFailedException extends RuntimeException {
    AppendFailedException(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private void append(DuckDBAppender appender, SystemTable table, @Nullable Object[] row)
      throws SQLException {
    appender.beginRow();
    for (int i = 0; i < row.length; i++) {
      ColumnType type = table.columns().get(i).type();
      switch (row[i]) {
        case null -> appender.appendNull();
        case Long micros when type == ColumnType.TIMESTAMP -> appender.appendEpochMicros(micros);
        case Boolean value -> appender.append(value);
        case Integer value -> appender.append(value);
        case Long value -> appender.append(value);
        case Double value -> appender.append(value);
        case String value -> appender.append(value);
        default ->
            throw new SQLException(
                "column " + table.columns().get(i).name() + " cannot be a " + row[i].getClass());
      }
    }
    appender.endRow();
  }
}
