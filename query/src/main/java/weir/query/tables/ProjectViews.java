package weir.query.tables;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.NearestNames;
import weir.event.ProjectProperties;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryStats;
import weir.query.RowLimit;
import weir.query.SystemTable;
import weir.query.hottail.PinnedTail;
import weir.query.hottail.TailTables;
import weir.query.postgres.PostgresCatalog;
import weir.query.session.DuckSession;
import weir.query.sql.CheckedSql;
import weir.query.sql.ParquetSql;
import weir.query.sql.SqlPlace;

/**
 * Makes the tables that one statement names, and no others, in its connection: views over a
 * snapshot's files and the tail, and copies of system tables. Who may see some rows only gets
 * tables that can be limited to them, and no others.
 */
public final class ProjectViews {
  private static final String EVENTS = "events";
  private static final String BAD_EVENTS = "bad_events";
  private static final String IDENTITIES = "identities";
  private static final int NAMES_SHOWN = 20;
  private static final int NEAREST_SHOWN = 3;

  private final DuckSession session;
  private final LakeSnapshot snapshot;
  private final PinnedTail tail;
  private final FileCatalog catalog;
  private final List<SystemTable> systemTables;
  private final Set<String> reserved;
  private final Optional<RowLimit> limit;
  private final PostgresTables postgres;
  private final boolean isPostgres;
  private final boolean earlier;
  private final IdentityTable shared;
  private final Scans scans = new Scans();
  private final StoredViews stored;
  private @Nullable Instant freshTo;
  private @Nullable Events events;
  private Predicate<String> wanted = column -> true;
  private String statement = "";

  /** What is known of {@code events} once a statement needs it. */
  private record Events(
      EventRows rows, Identities identities, TableFacts facts, EventViews views) {}

  public ProjectViews(
      DuckSession session,
      LakeSnapshot snapshot,
      PinnedTail tail,
      ProjectFacts facts,
      List<SystemTable> systemTables,
      IdentityTable shared,
      Optional<RowLimit> limit,
      PostgresTables postgres,
      boolean isPostgres,
      boolean earlier) {
    this.session = session;
    this.snapshot = snapshot;
    this.tail = tail;
    this.catalog = facts.catalog();
    this.systemTables = systemTables;
    this.reserved = facts.reserved();
    this.shared = shared;
    this.limit = limit;
    this.postgres = postgres;
    this.isPostgres = isPostgres;
    this.earlier = earlier;
    this.stored = new StoredViews(snapshot.stored(), scans);
  }

  /** Names that no event's view has. */
  private Set<String> taken() throws QueryException {
    Set<String> taken = new HashSet<>(TableNames.system());
    taken.addAll(reserved);
    systemTables.forEach(table -> taken.add(table.name()));
    taken.addAll(stored.names());
    return taken;
  }

  /**
   * Makes what the statement names, with the columns that it may see.
   *
   * @throws QueryException {@code INVALID_SQL} naming the tables that there are, {@code
   *     NOT_ALLOWED} if the table cannot be limited to the rows that may be seen
   */
  public QueryStats create(CheckedSql sql) throws QueryException {
    if (!earlier) {
      catalog.keepOnly(snapshot);
    }
    wanted = sql::maySee;
    statement = sql.text();
    for (Map.Entry<String, Optional<SqlPlace>> table : sql.tables().entrySet()) {
      create(table.getKey(), table.getValue());
    }
    for (String view : sql.catalog()) {
      postgres.view(view, this::tables);
    }
    return new QueryStats(
        scans.bytes(), scans.files(), Optional.ofNullable(freshTo), Optional.empty());
  }

  /** Makes the views again with all columns, which an error's message may speak of. */
  public void widen(CheckedSql sql) throws QueryException {
    wanted = column -> true;
    for (Map.Entry<String, Optional<SqlPlace>> table : sql.tables().entrySet()) {
      if (systemTables.stream().noneMatch(system -> system.name().equals(table.getKey()))) {
        create(table.getKey(), table.getValue());
      }
    }
  }

  private void create(String name, Optional<SqlPlace> place) throws QueryException {
    if (isPostgres && PostgresCatalog.views().contains(name)) {
      postgres.view(name, this::tables);
      return;
    }
    switch (name) {
      case EVENTS -> view(EVENTS, eventsSelect());
      case Sessions.NAME -> view(Sessions.NAME, sessionsSelect());
      case Users.NAME -> view(Users.NAME, usersSelect());
      case Items.NAME -> view(Items.NAME, itemsSelect());
      case IDENTITIES -> view(IDENTITIES, identitiesSelect());
      default -> {
        if (!unlimited(name, place)) {
          view(name, eventSelect(name, place));
        }
      }
    }
  }

  /** Makes a table that has no rows of {@code events}, if it is one. */
  private boolean unlimited(String name, Optional<SqlPlace> place) throws QueryException {
    Optional<SystemTable> system =
        systemTables.stream().filter(table -> table.name().equals(name)).findFirst();
    Optional<String> kept =
        system.isPresent() || name.equals(BAD_EVENTS) ? Optional.empty() : stored.select(name);
    if (system.isEmpty() && kept.isEmpty() && !name.equals(BAD_EVENTS)) {
      return false;
    }
    if (limit.isPresent()) {
      String why = " cannot be read with a key that is limited to some rows";
      throw new QueryException(QueryError.NOT_ALLOWED, name + why, place, null);
    }
    if (system.isPresent()) {
      if (earlier) {
        throw new QueryException(
            QueryError.INVALID_SQL, name + " is not kept as of an earlier time", place, null);
      }
      SystemTableCopy.make(session, system.get(), snapshot.project(), statement);
    } else if (kept.isPresent()) {
      view(name, kept.get());
    } else {
      view(BAD_EVENTS, badEventsSelect());
    }
    return true;
  }

  private void view(String name, String select) throws QueryException {
    session.execute("CREATE OR REPLACE TEMP VIEW " + ParquetSql.name(name) + " AS " + select);
  }

  private String eventsSelect() throws QueryException {
    EventRows rows = events().rows();
    Set<String> names = wanted(rows.columns());
    if (!wanted.test(EventViews.PERSON)) {
      return rows.select(names);
    }
    names.add(EventColumn.ACTOR.columnName());
    return events().identities().withPersons(rows.select(names));
  }

  private String sessionsSelect() throws QueryException {
    String rows = events().rows().select(Sessions.columns());
    return Sessions.select(events().identities().withPersons(rows));
  }

  private String itemsSelect() throws QueryException {
    String rows = events().rows().select(Items.columns());
    return Items.select(events().identities().withPersons(rows));
  }

  private String usersSelect() throws QueryException {
    Map<String, String> traits = events().views().traits(wanted);
    Set<String> names = Users.columns();
    names.addAll(traits.keySet());
    String rows = events().rows().select(names);
    return Users.select(events().identities().withPersons(rows), traits);
  }

  private String identitiesSelect() throws QueryException {
    events().identities().update();
    return "SELECT actor, person_id FROM " + events().identities().table();
  }

  private String eventSelect(String name, Optional<SqlPlace> place) throws QueryException {
    EventViews views = events().views();
    Optional<Set<String>> names = views.named(name);
    if (names.isEmpty()) {
      String known = unknown(name, views.names().keySet());
      throw new QueryException(QueryError.INVALID_SQL, known, place, null);
    }
    return views.select(events().rows(), names.get(), wanted, events().identities());
  }

  private String badEventsSelect() throws QueryException {
    List<TailTables.Slice> slices = tail.badEvents();
    fresh(catalog.facts(session, snapshot.badEvents()), slices);
    TableSql table = new TableSql(snapshot.badEvents().columns(), slices);
    return new TableRows(table, snapshot.badEvents()::files, scans).select(wanted(table.columns()));
  }

  private Events events() throws QueryException {
    Events known = events;
    if (known == null) {
      TableFacts facts = catalog.facts(session, snapshot.events());
      List<TailTables.Slice> slices = tail.events();
      fresh(facts, slices);
      TableSql table = new TableSql(snapshot.events().columns(), slices);
      ProjectProperties properties = catalog.properties();
      EventRows all = new MergedRows(new TableRows(table, files(facts), scans), properties);
      Optional<LimitedRows> limited = limited(all, properties);
      EventRows rows = limited.isPresent() ? limited.get() : all;
      Identities identities =
          limited.isPresent() || earlier
              ? new OwnIdentities(session, rows, properties)
              : shared.seenBy(session, snapshot.events(), slices, properties);
      EventViews views =
          new EventViews(
              session,
              facts,
              slices,
              new ViewColumns(table.columns().keySet(), properties),
              this::taken,
              limited);
      known = new Events(rows, identities, facts, views);
      events = known;
    }
    return known;
  }

  private Optional<LimitedRows> limited(EventRows all, ProjectProperties properties)
      throws QueryException {
    if (limit.isPresent()
        && !properties.isCertain(limit.get().property(), all.columns()::containsKey)) {
      throw new QueryException(
          QueryError.UNAVAILABLE, "it is not known yet which rows the key may see; try again");
    }
    return limit.map(rows -> new LimitedRows(session, all, rows, properties));
  }

  private TableRows.Files files(TableFacts facts) {
    return new TableRows.Files() {
      @Override
      public List<LakeFile> all() {
        return snapshot.events().files();
      }

      @Override
      public List<LakeFile> of(Set<String> names) {
        return facts.files(names);
      }
    };
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
    return EpochMicros.instant(micros);
  }

  /** The columns that the statement may see; at least one. */
  private Set<String> wanted(Map<String, ColumnType> columns) {
    Set<String> names =
        columns.keySet().stream().filter(wanted).collect(Collectors.toCollection(TreeSet::new));
    if (names.isEmpty()) {
      names.add(columns.keySet().iterator().next());
    }
    return names;
  }

  /** Every table that may be read, and its columns with the engine's types. */
  private Map<String, Map<String, String>> tables() throws QueryException {
    Map<String, Map<String, String>> tables = new TreeMap<>();
    TableSql table = new TableSql(snapshot.events().columns(), tail.events());
    Map<String, String> columns = PostgresTables.named(table.columns());
    String text = ParquetSql.type(ColumnType.STRING);
    columns.put(EventViews.PERSON, text);
    tables.put(EVENTS, columns);
    tables.put(Sessions.NAME, described(Sessions.select(noRows(table, Sessions.columns()))));
    tables.put(Items.NAME, described(Items.select(noRows(table, Items.columns()))));
    EventViews views = events().views();
    Map<String, String> traits = views.traits(column -> true);
    Set<String> names = Users.columns();
    names.addAll(traits.keySet());
    tables.put(Users.NAME, described(Users.select(noRows(table, names), traits)));
    tables.put(IDENTITIES, Map.of(EventColumn.ACTOR.columnName(), text, EventViews.PERSON, text));
    if (limit.isEmpty()) {
      TableSql bad = new TableSql(snapshot.badEvents().columns(), tail.badEvents());
      tables.put(BAD_EVENTS, PostgresTables.named(bad.columns()));
      systemTables.forEach(
          system -> tables.put(system.name(), PostgresTables.named(system.columns())));
      tables.putAll(stored.tables());
    }
    Map<Map<String, String>, Map<String, String>> typed = new IdentityHashMap<>();
    for (Map.Entry<String, Map<String, String>> view : views.all().entrySet()) {
      tables.putIfAbsent(
          view.getKey(),
          typed.computeIfAbsent(view.getValue(), aliases -> typed(aliases, columns)));
    }
    return tables;
  }

  private static Map<String, String> typed(
      Map<String, String> aliases, Map<String, String> columns) {
    String text = ParquetSql.type(ColumnType.STRING);
    Map<String, String> typed = new LinkedHashMap<>();
    aliases.forEach((column, alias) -> typed.put(alias, columns.getOrDefault(column, text)));
    typed.put(EventViews.PERSON, text);
    return typed;
  }

  private static String noRows(TableSql table, Set<String> names) {
    return "SELECT *, actor AS person_id FROM (" + table.select(List.of(), names) + ")";
  }

  private Map<String, String> described(String select) throws QueryException {
    Map<String, String> columns = new LinkedHashMap<>();
    session.query("DESCRIBE " + select, rows -> columns.put(rows.getString(1), rows.getString(2)));
    return columns;
  }

  private String unknown(String name, Set<String> views) throws QueryException {
    List<String> tables =
        new ArrayList<>(List.of(EVENTS, Sessions.NAME, Users.NAME, Items.NAME, IDENTITIES));
    Set<String> own = limit.isPresent() ? Set.of() : stored.names();
    if (limit.isEmpty()) {
      tables.add(BAD_EVENTS);
      systemTables.forEach(table -> tables.add(table.name()));
    }
    String known = views.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    Set<String> all = new HashSet<>(views);
    all.addAll(tables);
    all.addAll(own);
    List<String> nearest = NearestNames.of(name, all, NEAREST_SHOWN);
    return "there is no table "
        + name
        + (nearest.isEmpty() ? "" : "; the nearest: " + String.join(", ", nearest))
        + "; tables: "
        + String.join(", ", tables)
        + (own.isEmpty() ? "" : "; stored: " + String.join(", ", new TreeSet<>(own)))
        + (known.isEmpty() ? "" : "; one for each event: " + known)
        + (views.size() > NAMES_SHOWN ? " and " + (views.size() - NAMES_SHOWN) + " more" : "");
  }
}
