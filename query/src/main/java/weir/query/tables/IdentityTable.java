package weir.query.tables;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import weir.event.ProjectProperties;
import weir.lake.LakeTable;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.hottail.TailTables;
import weir.query.session.DuckSession;

/**
 * The merged actors of a project, as a table of one of its instances, filled as far as its queries
 * ask for it. Safe for use by several threads.
 */
public final class IdentityTable {
  /** The table as SQL: actor, person_id, version. */
  public static final String NAME = "memory.main.weir_identities";

  private static final String STAGING = "weir_identity_changes";
  private final DuckDBConnection connection;
  private final KnownMerges merges;
  private boolean isMade;
  private long version;
  private int removals;

  /**
   * A table that is made when a query needs it.
   *
   * @param connection to the instance; used by this class alone from now on
   */
  public IdentityTable(DuckDBConnection connection, KnownMerges merges) {
    this.connection = connection;
    this.merges = merges;
  }

  private void make() throws SQLException {
    execute(
        "CREATE TABLE IF NOT EXISTS "
            + NAME
            + " (actor VARCHAR, person_id VARCHAR, version BIGINT)");
    execute(
        "CREATE TEMP TABLE IF NOT EXISTS "
            + STAGING
            + " (actor VARCHAR, person_id VARCHAR, version BIGINT)");
  }

  /** The merges as a query finds them, with those that it sees itself. */
  public Identities seenBy(
      DuckSession session,
      LakeTable events,
      List<TailTables.Slice> tail,
      ProjectProperties properties) {
    return new Identities() {
      @Override
      public boolean update() throws QueryException {
        boolean merged = merges.update(session, events, tail, properties);
        catchUp();
        return merged;
      }

      @Override
      public String table() {
        return NAME;
      }
    };
  }

  /** How often the table has changed; rows that are new since have a higher version. */
  public synchronized long version() {
    return version;
  }

  /** How many merges were taken back. */
  public synchronized int removals() {
    return removals;
  }

  private synchronized void catchUp() throws QueryException {
    List<KnownMerges.Change> changes = merges.since(version);
    if (isMade && changes.isEmpty()) {
      return;
    }
    try {
      if (!isMade) {
        make();
        isMade = true;
      }
      write(changes);
    } catch (SQLException e) {
      throw new QueryException(QueryError.INTERNAL, "merges cannot be kept", e);
    }
    for (KnownMerges.Change change : changes) {
      version = change.version();
      removals += (int) change.persons().values().stream().filter(Optional::isEmpty).count();
      removals += change.anew() ? 1 : 0;
    }
  }

  private void write(List<KnownMerges.Change> changes) throws SQLException {
    execute("DELETE FROM " + STAGING);
    try (DuckDBAppender appender = connection.createAppender("temp", "main", STAGING)) {
      for (KnownMerges.Change change : changes) {
        for (Map.Entry<String, Optional<String>> person : change.persons().entrySet()) {
          appender.beginRow();
          appender.append(person.getKey());
          if (person.getValue().isPresent()) {
            appender.append(person.getValue().get());
          } else {
            appender.appendNull();
          }
          appender.append(change.version());
          appender.endRow();
        }
      }
    }
    execute("BEGIN TRANSACTION");
    try {
      if (version > 0) {
        execute("DELETE FROM " + NAME + " WHERE actor IN (SELECT actor FROM " + STAGING + ")");
      }
      execute("INSERT INTO " + NAME + " SELECT * FROM " + STAGING + " WHERE person_id IS NOT NULL");
      execute("COMMIT");
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
