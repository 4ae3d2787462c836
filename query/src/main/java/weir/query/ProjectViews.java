package weir.query;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.PropertyName;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.query.postgres.PostgresCatalog;
import weir.query.sql.CheckedSql;
import weir.query.sql.SqlPlace;

/**
 * Makes the tables that one statement names, and no others, in its connection: views over a
 * snapshot's files and the tail, and copies of system tables.
 */
final class ProjectViews {
  private static final String EVENTS = "events";
  private static final String BAD_EVENTS = "bad_events";
  private static final String IDENTITIES = "identities";
  private static final String PERSON = "person_id";
  private static final int NAMES_SHOWN = 20;

  /** Names that tables of this or a later version have, so that no event's view takes them. */
  private static final Set<String> SYSTEM_NAMES =
      Set.of(
          EVENTS,
          BAD_EVENTS,
          "ledger",
          Users.NAME,
          IDENTITIES,
          Sessions.NAME,
          "items",
          "event_catalog",
          "property_catalog",
          "materialized",
          "continuous");

  private final DuckSession session;
  private final LakeSnapshot snapshot;
  private final PinnedTail tail;
  private final FileCatalog catalog;
  private final List<SystemTable> systemTables;
  private final Set<String> taken;
  private final IdentityTable identities;
  private final Optional<PostgresTables> postgres;
  private final Set<LakeFile> files = new LinkedHashSet<>();
  private @Nullable Instant freshTo;
  private @Nullable TableFacts events;
  private Predicate<String> wanted = column -> true;

  ProjectViews(
      DuckSession session,
      LakeSnapshot snapshot,
      PinnedTail tail,
      FileCatalog catalog,
      List<SystemTable> systemTables,
      ProjectDatabase database,
      Optional<PostgresTables> postgres) {
    this.postgres = postgres;
    this.session = session;
    this.snapshot = snapshot;
    this.tail = tail;
    this.catalog = catalog;
    this.systemTables = systemTables;
    this.taken = new HashSet<>(SYSTEM_NAMES);
    this.taken.addAll(database.reserved());
    this.identities = database.identities();
    systemTables.forEach(table -> this.taken.add(table.name()));
  }

  /**
   * Makes what the statement names, with the columns that it may see.
   *
   * @throws QueryException {@code INVALID_SQL} naming the tables that there are
   */
  QueryStats create(CheckedSql sql) throws QueryException {
    catalog.keepOnly(snapshot);
    wanted = sql::maySee;
    for (Map.Entry<String, Optional<SqlPlace>> table : sql.tables().entrySet()) {
      create(table.getKey(), table.getValue());
    }
    return new QueryStats(
        files.stream().mapToLong(LakeFile::bytes).sum(),
        files.size(),
        Optional.ofNullable(freshTo));
  }

  /** Makes the views again with all columns, which an error's message may speak of. */
  void widen(CheckedSql sql) throws QueryException {
    wanted = column -> true;
    for (Map.Entry<String, Optional<SqlPlace>> table : sql.tables().entrySet()) {
      if (systemTables.stream().noneMatch(system -> system.name().equals(table.getKey()))) {
        create(table.getKey(), table.getValue());
      }
    }
  }

  private void create(String name, Optional<SqlPlace> place) throws QueryException {
    Optional<String> catalogView = postgres.flatMap(ignored -> PostgresCatalog.view(name));
    if (catalogView.isPresent()) {
      postgres.orElseThrow().view(catalogView.get(), this::tables);
      return;
    }
    Optional<SystemTable> system =
        systemTables.stream().filter(table -> table.name().equals(name)).findFirst();
    if (system.isPresent()) {
      copy(system.get());
    } else if (name.equals(EVENTS)) {
      fresh(events(), tail.events());
      eventsView();
    } else if (name.equals(BAD_EVENTS)) {
      fresh(catalog.facts(session, snapshot.badEvents()), tail.badEvents());
      wholeView(BAD_EVENTS, snapshot.badEvents(), tail.badEvents());
    } else if (name.equals(Sessions.NAME)) {
      sessionsView();
    } else if (name.equals(Users.NAME)) {
      usersView();
    } else if (name.equals(IDENTITIES)) {
      fresh(events(), tail.events());
      hasMerges();
      view(IDENTITIES, "SELECT actor, person_id FROM " + IdentityTable.NAME);
    } else {
      eventView(name, place);
    }
  }

  /** Every table there is, and its columns with the engine's types. */
  private Map<String, Map<String, String>> tables() throws QueryException {
    Map<String, Map<String, String>> tables = new TreeMap<>();
    List<TailTables.Slice> slices = tail.events();
    TableSql table = new TableSql(snapshot.events().columns(), slices);
    Map<String, String> columns = PostgresTables.named(table.columns());
    tables.put(EVENTS, new LinkedHashMap<>(columns));
    tables.get(EVENTS).put(PERSON, ParquetSql.type(ColumnType.STRING));
    tables.put(
        BAD_EVENTS,
        PostgresTables.named(
            new TableSql(snapshot.badEvents().columns(), tail.badEvents()).columns()));
    String noRows = withPersons(table.select(List.of(), Sessions.columns()), false);
    tables.put(Sessions.NAME, described(Sessions.select(noRows)));
    tables.put(Users.NAME, described(users(table, List.of(), false, column -> true)));
    String text = ParquetSql.type(ColumnType.STRING);
    tables.put(IDENTITIES, Map.of(EventColumn.ACTOR.columnName(), text, PERSON, text));
    systemTables.forEach(
        system -> tables.put(system.name(), PostgresTables.named(system.columns())));
    Map<String, Set<String>> views = events().views(taken, PinnedTail.names(slices));
    Set<String> all = views.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    events().properties(session, all); // asks the files once for all events
    for (Map.Entry<String, Set<String>> view : views.entrySet()) {
      Map<String, String> own = new LinkedHashMap<>();
      aliases(table, events().properties(session, view.getValue()), slices, view.getValue())
          .forEach((column, alias) -> own.put(alias, columns.getOrDefault(column, "VARCHAR")));
      tables.putIfAbsent(view.getKey(), own);
    }
    return tables;
  }

  private Map<String, String> described(String select) throws QueryException {
    Map<String, String> columns = new LinkedHashMap<>();
    session.query("DESCRIBE " + select, rows -> columns.put(rows.getString(1), rows.getString(2)));
    return columns;
  }

  private void sessionsView() throws QueryException {
    fresh(events(), tail.events());
    LakeTable table = snapshot.events();
    files.addAll(table.files());
    TableSql events = new TableSql(table.columns(), tail.events());
    String rows = events.select(table.files(), Sessions.columns());
    view(Sessions.NAME, Sessions.select(withPersons(rows, hasMerges())));
  }

  private void usersView() throws QueryException {
    fresh(events(), tail.events());
    LakeTable table = snapshot.events();
    files.addAll(table.files());
    TableSql events = new TableSql(table.columns(), tail.events());
    view(Users.NAME, users(events, table.files(), hasMerges(), wanted));
  }

  /** The statement of the view of persons, with the traits that are wanted. */
  private String users(
      TableSql events, List<LakeFile> from, boolean merged, Predicate<String> wantedTraits)
      throws QueryException {
    List<TailTables.Slice> slices = tail.events();
    Set<String> identified = Set.of(Users.IDENTIFIED);
    Map<String, String> traits = new LinkedHashMap<>();
    aliases(events, events().properties(session, identified), slices, identified)
        .keySet()
        .forEach(column -> {
          String name = Users.trait(column);
          if (EventColumn.named(column).isEmpty() && wantedTraits.test(name)) {
            traits.put(column, name);
          }
        });
    Set<String> names = Users.columns();
    names.addAll(traits.keySet());
    return Users.select(withPersons(events.select(from, names), merged), traits);
  }

  private TableFacts events() throws QueryException {
    TableFacts facts = events;
    if (facts == null) {
      facts = catalog.facts(session, snapshot.events());
      events = facts;
    }
    return facts;
  }

  private void fresh(TableFacts facts, List<TailTables.Slice> slices) {
    Stream<Instant> inMemory = slices.stream().map(slice -> instant(slice.generation().newest()));
    freshTo =
        Stream.of(Stream.ofNullable(freshTo), facts.newest().stream(), inMemory)
            .flatMap(Function.identity())
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private void eventsView() throws QueryException {
    LakeTable table = snapshot.events();
    files.addAll(table.files());
    TableSql sql = new TableSql(table.columns(), tail.events());
    Set<String> names = wanted(sql);
    if (!wanted.test(PERSON)) {
      view(EVENTS, sql.select(table.files(), names));
      return;
    }
    names.add(EventColumn.ACTOR.columnName());
    view(EVENTS, withPersons(sql.select(table.files(), names), hasMerges()));
  }

  private boolean hasMerges() throws QueryException {
    return identities.update(session, snapshot.events(), tail.events());
  }

  /** Rows with an actor, and the column person_id. */
  private static String withPersons(String events, boolean merged) {
    return merged
        ? "SELECT e.*, coalesce(i.person_id, e.actor) AS person_id FROM ("
            + events
            + ") e LEFT JOIN "
            + IdentityTable.NAME
            + " i ON e.actor = i.actor"
        : "SELECT *, actor AS person_id FROM (" + events + ")";
  }

  private void wholeView(String name, LakeTable table, List<TailTables.Slice> slices)
      throws QueryException {
    files.addAll(table.files());
    TableSql sql = new TableSql(table.columns(), slices);
    view(name, sql.select(table.files(), wanted(sql)));
  }

  /** The columns that the statement may see; at least one. */
  private Set<String> wanted(TableSql table) {
    Set<String> all = table.columns().keySet();
    Set<String> names = all.stream().filter(wanted).collect(Collectors.toCollection(TreeSet::new));
    if (names.isEmpty()) {
      names.add(all.iterator().next());
    }
    return names;
  }

  private void view(String name, String select) throws QueryException {
    session.execute("CREATE OR REPLACE TEMP VIEW " + ParquetSql.name(name) + " AS " + select);
  }

  private void eventView(String name, Optional<SqlPlace> place) throws QueryException {
    TableFacts facts = events();
    List<TailTables.Slice> slices = tail.events();
    Map<String, Set<String>> views = facts.views(taken, PinnedTail.names(slices));
    Set<String> names = views.get(name);
    if (names == null) {
      throw new QueryException(QueryError.INVALID_SQL, unknown(name, views.keySet()), place, null);
    }
    fresh(facts, slices);
    List<LakeFile> tableFiles = facts.files(names);
    files.addAll(tableFiles);
    TableSql table = new TableSql(snapshot.events().columns(), slices);
    Map<String, String> aliases = aliases(table, facts.properties(session, names), slices, names);
    Map.Entry<String, String> first = aliases.entrySet().iterator().next();
    aliases.values().removeIf(alias -> !wanted.test(alias));
    if (aliases.isEmpty()) {
      aliases.put(first.getKey(), first.getValue());
    }
    String select =
        aliases.entrySet().stream()
            .map(alias ->
                ParquetSql.name(alias.getKey()) + " AS " + ParquetSql.name(alias.getValue()))
            .collect(Collectors.joining(", ", "SELECT ", ""));
    view(name, select + " FROM (" + table.select(tableFiles, aliases.keySet(), names) + ")");
  }

  /** What the columns of some events are called in their view: properties lose their prefix. */
  private static Map<String, String> aliases(
      TableSql table, List<LakeColumn> inFiles, List<TailTables.Slice> slices, Set<String> names) {
    Set<String> properties = PinnedTail.properties(slices, names);
    inFiles.forEach(column -> properties.add(column.name()));
    Map<String, String> aliases = new LinkedHashMap<>();
    Set<String> used = new TreeSet<>();
    for (String column : table.columns().keySet()) {
      if (EventColumn.named(column).isPresent()) {
        used.add(column);
        aliases.put(column, column);
      }
    }
    for (String column : table.columns().keySet()) {
      if (properties.contains(column) && !aliases.containsKey(column)) {
        String plain =
            column.startsWith(PropertyName.PREFIX)
                ? column.substring(PropertyName.PREFIX.length())
                : column;
        aliases.put(column, used.add(plain) ? plain : column);
      }
    }
    return aliases;
  }

  private String unknown(String name, Set<String> views) {
    String tables =
        Stream.concat(
                Stream.of(EVENTS, BAD_EVENTS, Sessions.NAME, Users.NAME, IDENTITIES),
                systemTables.stream().map(SystemTable::name))
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
