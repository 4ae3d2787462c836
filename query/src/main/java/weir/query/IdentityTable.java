package weir.query;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.query.hottail.Generation;
import weir.query.identity.IdentityFact;
import weir.query.identity.Merges;

/**
 * The merged actors of a project, as a table of its instance, kept up with what queries see.
 *
 * <p>The facts are the identify and alias events themselves, so that a query that sees such an
 * event sees its merge. What a query sees is a beginning of the raw log without gaps: facts at or
 * before the last one taken are known already. A query may find the merges of a later one; each
 * statement finds one state of them. Where events were erased, all are read anew.
 *
 * <p>Safe for use by several threads.
 */
final class IdentityTable {
  /** The table as SQL: actor, person_id, version. */
  static final String NAME = "memory.main.weir_identities";

  private static final String STAGING = "weir_identity_changes";
  private final DuckDBConnection connection;
  private Merges merges = new Merges();
  private final Set<Path> readFiles = new HashSet<>();
  private final Map<Generation, Integer> readRows = new WeakHashMap<>();
  private String last = "";
  private long version;
  private int removals;
  private long erased;

  /**
   * Makes the table, empty.
   *
   * @param connection to the instance; used by this class alone from now on
   */
  IdentityTable(DuckDBConnection connection) throws SQLException {
    this.connection = connection;
    execute("CREATE TABLE " + NAME + " (actor VARCHAR, person_id VARCHAR, version BIGINT)");
    execute("CREATE TEMP TABLE " + STAGING + " (actor VARCHAR, person_id VARCHAR)");
  }

  /** The merges as a query finds them, with those that it sees itself. */
  Identities seenBy(DuckSession session, LakeTable events, List<TailTables.Slice> tail) {
    return new Identities() {
      @Override
      public boolean update() throws QueryException {
        return IdentityTable.this.update(session, events, tail);
      }

      @Override
      public String table() {
        return NAME;
      }
    };
  }

  /**
   * Takes the merges that a query sees.
   *
   * @return whether any actor is merged
   */
  private synchronized boolean update(
      DuckSession session, LakeTable events, List<TailTables.Slice> tail) throws QueryException {
    if (events.erased() < erased) {
      return !merges.all().isEmpty(); // what it sees and others do not was erased meanwhile
    }
    Map<String, String> before = events.erased() > erased ? merges.all() : Map.of();
    if (events.erased() > erased) {
      merges = new Merges();
      last = "";
      removals++;
      readFiles.clear();
      readRows.clear();
    }
    List<LakeFile> files =
        events.files().stream().filter(file -> !readFiles.contains(file.path())).toList();
    List<TailTables.Slice> slices =
        tail.stream().map(this::unread).flatMap(Optional::stream).toList();
    if (!files.isEmpty() || !slices.isEmpty()) {
      TableSql table = new TableSql(events.columns(), slices);
      take(IdentityFacts.read(session, new TableRows(table, () -> files, new Scans())));
    }
    write(changes(before));
    erased = events.erased();
    events.files().forEach(file -> readFiles.add(file.path()));
    forgetFiles(events);
    tail.forEach(slice -> readRows.merge(slice.generation(), slice.to(), Math::max));
    return !merges.all().isEmpty();
  }

  /** How often the table has changed; rows that are new since have a higher version. */
  synchronized long version() {
    return version;
  }

  /** How many merges were taken back. */
  synchronized int removals() {
    return removals;
  }

  private void forgetFiles(LakeTable events) {
    if (readFiles.size() > 2 * events.files().size()) {
      Set<Path> current = new HashSet<>();
      events.files().forEach(file -> current.add(file.path()));
      readFiles.retainAll(current);
    }
  }

  private Optional<TailTables.Slice> unread(TailTables.Slice slice) {
    int from = Math.max(slice.from(), readRows.getOrDefault(slice.generation(), 0));
    return from >= slice.to()
        ? Optional.empty()
        : Optional.of(
            new TailTables.Slice(
                slice.generation(), slice.table(), slice.columns(), from, slice.to()));
  }

  /** The actors whose persons have changed, also since those that are no more. */
  private Set<String> changes(Map<String, String> before) {
    Set<String> changes = new HashSet<>(merges.takeChanges());
    before.forEach((actor, person) -> {
      if (person.equals(merges.person(actor).orElse(""))) {
        changes.remove(actor);
      } else {
        changes.add(actor);
      }
    });
    return changes;
  }

  private void take(List<IdentityFact> facts) {
    for (IdentityFact fact : facts) {
      if (fact.position().compareTo(last) > 0) {
        merges.apply(fact);
        last = fact.position();
      }
    }
  }

  private void write(Set<String> changes) throws QueryException {
    if (!changes.isEmpty()) {
      try {
        replace(changes);
      } catch (SQLException e) {
        throw new QueryException(QueryError.INTERNAL, "merges cannot be kept", e);
      }
    }
  }

  private void replace(Set<String> changes) throws SQLException {
    execute("DELETE FROM " + STAGING);
    try (DuckDBAppender appender = connection.createAppender("temp", "main", STAGING)) {
      for (String actor : changes) {
        Optional<String> person = merges.person(actor);
        appender.beginRow();
        appender.append(actor);
        if (person.isPresent()) {
          appender.append(person.get());
        } else {
          removals++;
          appender.appendNull();
        }
        appender.endRow();
      }
    }
    execute("BEGIN TRANSACTION");
    try {
      execute("DELETE FROM " + NAME + " WHERE actor IN (SELECT actor FROM " + STAGING + ")");
      execute(
          "INSERT INTO "
              + NAME
              + " SELECT actor, person_id, "
              + (version + 1)
              + " FROM "
              + STAGING
              + " WHERE person_id IS NOT NULL");
      execute("COMMIT");
      version++;
    } catch (SQLException e) {
      execute("ROLLBACK");
      throw e;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
