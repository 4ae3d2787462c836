package weir.query.session;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.sql.CheckedSql;
import weir.query.sql.ParquetSql;

/**
 * One connection, used for one query by one thread; whatever it runs is interrupted when the
 * deadline ends, and every failure becomes a {@link QueryException}.
 */
public final class DuckSession implements AutoCloseable {
  private static final Pattern DEFINITION =
      Pattern.compile("(?i)create (or replace )?temp (view|macro) ");

  private final DuckDBConnection connection;
  private final Deadline deadline;
  private final Runnable interrupt = this::interrupt;
  private final List<Runnable> onClose = new ArrayList<>();
  private final List<String> definitions = new ArrayList<>();
  private @Nullable Statement running;
  private boolean broken;

  public DuckSession(DuckDBConnection connection, Deadline deadline) {
    this.connection = connection;
    this.deadline = deadline;
    deadline.onEnd(interrupt);
  }

  public interface RowHandler {
    void row(ResultSet rows) throws SQLException;
  }

  public DuckDBConnection connection() {
    return connection;
  }

  public Deadline deadline() {
    return deadline;
  }

  /** Sets the zone in which times have days and hours; UTC if none is said. */
  public void zone(Optional<String> zone) throws QueryException {
    if (zone.isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION TimeZone = " + ParquetSql.text(zone.get()));
    } catch (SQLException e) {
      throw new QueryException(QueryError.INVALID_SQL, "there is no time zone " + zone.get(), e);
    }
  }

  /** Nulls come first where the order descends, as in PostgreSQL, and not always last. */
  public void orderNullsAsPostgres() throws QueryException {
    execute("SET SESSION default_null_order = 'nulls_last_on_asc_first_on_desc'");
  }

  /** Prepares a statement and makes it the one that an interrupt stops. */
  public PreparedStatement prepare(String sql) throws SQLException, QueryException {
    deadline.check();
    PreparedStatement statement = connection.prepareStatement(sql);
    running(statement);
    deadline.check();
    return statement;
  }

  /** Runs a statement of our own. */
  public void execute(String sql) throws QueryException {
    try (PreparedStatement statement = prepare(sql)) {
      statement.execute();
      if (DEFINITION.matcher(sql).lookingAt()) {
        definitions.add(sql);
      }
    } catch (SQLException e) {
      throw failure(e, Optional.empty());
    } finally {
      running(null);
    }
  }

  /** Runs a query of our own. */
  public void query(String sql, RowHandler handler) throws QueryException {
    try (PreparedStatement statement = prepare(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        handler.row(rows);
      }
    } catch (SQLException e) {
      throw failure(e, Optional.empty());
    } finally {
      running(null);
    }
  }

  /** The statements so far that made temporary views and macros, in order. */
  public List<String> definitions() {
    return List.copyOf(definitions);
  }

  /** The engine's tree of a statement. */
  public String parse(String sql) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
      running(statement);
      statement.setString(1, sql);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("the parser gave no tree");
        }
        return rows.getString(1);
      }
    } finally {
      running(null);
    }
  }

  public QueryException failure(SQLException e, CheckedSql sql) {
    return failure(e, Optional.of(sql));
  }

  /**
   * What an error means.
   *
   * @param sql the user's statement, if it is his that failed
   */
  public QueryException failure(SQLException e, Optional<CheckedSql> sql) {
    QueryException failure = DuckErrors.translate(e, deadline, sql);
    broken |= failure.error() == QueryError.INTERNAL;
    return failure;
  }

  /** Whether the engine failed, so that the instance is not to be trusted any more. */
  public boolean broken() {
    return broken;
  }

  /** Is run after the connection was closed. */
  public void onClose(Runnable action) {
    onClose.add(action);
  }

  private synchronized void running(@Nullable Statement statement) {
    running = statement;
  }

  private synchronized void interrupt() {
    try {
      if (running != null && !running.isClosed()) {
        running.cancel();
      }
    } catch (SQLException e) {
      // It ended by itself meanwhile; one that did not is interrupted again.
      running = null;
    }
  }

  @Override
  public void close() {
    deadline.forget(interrupt);
    running(null);
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close a connection in memory", e);
    } finally {
      onClose.forEach(Runnable::run);
      onClose.clear();
    }
  }
}
