package weir.query.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeSnapshot;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.EventReader;
import weir.query.EventView;
import weir.query.LakeSource;
import weir.query.ParquetExport;
import weir.query.Query;
import weir.query.QueryColumn;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;
import weir.query.StatementTypes;
import weir.query.SystemTable;
import weir.query.hottail.PinnedTail;
import weir.query.hottail.TailPin;
import weir.query.hottail.TailSource;
import weir.query.sandbox.FileSandbox;
import weir.query.session.DuckErrors;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/**
 * Runs statements in DuckDB, in locked-down instances in memory.
 *
 * <p>DuckDB recurses over statements in native code, where an overflow ends the process: its
 * threads have stacks of 64 MiB, and the gateway bounds the statements to what fits into them.
 */
public final class DuckDbEngine
    implements QueryEngine, ParquetExport, StatementTypes.Source, AutoCloseable {
  private static final long STACK_BYTES = 64L << 20;
  private static final String LOST_REASON = "Invalid result set";

  private final DuckDbOptions options;
  private final TailSource tail;
  private final OpenProjects projects;
  private final Preparation preparation;

  /**
   * Makes an engine.
   *
   * @param tail the rows that the lake lacks; {@link #dropUnusedTail} is to be called when it drops
   *     some
   */
  public DuckDbEngine(
      DuckDbOptions options, LakeSource lake, TailSource tail, List<SystemTable> systemTables) {
    this.options = options;
    this.tail = tail;
    this.projects = new OpenProjects(options, lake);
    this.preparation = new Preparation(options, lake, tail, List.copyOf(systemTables), projects);
  }

  /**
   * Loads the native library, which unpacks itself: once, before {@link FileSandbox#enter}.
   *
   * @throws SQLException if it cannot be loaded
   */
  public static void load() throws SQLException {
    DriverManager.getConnection("jdbc:duckdb:").close();
  }

  @Override
  public String dialect() {
    return "duckdb";
  }

  @Override
  public Thread thread(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public QueryRows run(Query query, Deadline deadline) throws QueryException {
    PreparedQuery prepared = prepare(query, deadline);
    try {
      if (prepared.sql().explains()) {
        checked(query, prepared);
        return DuckPlan.of(
            prepared.session(), query, prepared.sql(), prepared.stats(), prepared::close);
      }
      DuckRows rows = rows(query, prepared);
      prepared.bound();
      return rows;
    } catch (SQLException e) {
      QueryException failure = prepared.session().failure(e, prepared.sql());
      prepared.close();
      throw failure;
    } catch (QueryException | RuntimeException e) {
      prepared.close();
      throw e;
    }
  }

  /** Checks a statement and makes its tables; to be closed. */
  PreparedQuery prepare(Query query, Deadline deadline) throws QueryException {
    return preparation.prepare(query, deadline, null);
  }

  /**
   * Runs the statement. Where a streamed result fails within its first rows, the driver loses the
   * reason and says only that the result is invalid: it is then run once more, not streamed.
   */
  private DuckRows rows(Query query, PreparedQuery prepared) throws SQLException, QueryException {
    try {
      return streamed(query, prepared);
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).endsWith(LOST_REASON)) {
        if (DuckErrors.isUnknownName(e) && prepared.widen()) {
          return rows(query, prepared);
        }
        throw e;
      }
      prepared.session().execute("SET SESSION jdbc_stream_results = false");
      return streamed(query, prepared);
    }
  }

  private DuckRows streamed(Query query, PreparedQuery prepared)
      throws SQLException, QueryException {
    PreparedStatement statement = prepared.session().prepare(prepared.sql().text());
    bind(statement, query.parameters());
    return new DuckRows(
        prepared.session(), prepared.sql(), statement, prepared.stats(), prepared::close);
  }

  @Override
  public StatementTypes describe(Query query, Deadline deadline) throws QueryException {
    PreparedQuery prepared = prepare(query, deadline);
    try (prepared) {
      StatementTypes types = types(prepared);
      return types.needsValues() && !query.parameters().isEmpty()
          ? new StatementTypes(columns(query, prepared), types.parameters())
          : types;
    } catch (SQLException e) {
      throw prepared.session().failure(e, prepared.sql());
    }
  }

  /** The columns of a statement that is bound with values. */
  private static List<QueryColumn> columns(Query query, PreparedQuery prepared)
      throws SQLException, QueryException {
    List<QueryColumn> columns = new ArrayList<>();
    String describe = "DESCRIBE " + prepared.sql().text();
    try (PreparedStatement statement = prepared.session().prepare(describe)) {
      bind(statement, query.parameters());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(new QueryColumn(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return columns;
  }

  private static StatementTypes types(PreparedQuery prepared) throws SQLException, QueryException {
    try (PreparedStatement statement = prepared.session().prepare(prepared.sql().text())) {
      List<QueryColumn> columns = columns(statement.getMetaData());
      List<String> parameters = new ArrayList<>();
      ParameterMetaData given = statement.getParameterMetaData();
      for (int i = 1; i <= given.getParameterCount(); i++) {
        parameters.add(given.getParameterTypeName(i));
      }
      return new StatementTypes(
          prepared.sql().explains() ? List.of(DuckPlan.COLUMN) : columns, parameters);
    } catch (SQLException e) {
      if (!DuckErrors.isUnknownName(e) || !prepared.widen()) {
        throw e;
      }
      return types(prepared);
    }
  }

  private static List<QueryColumn> columns(ResultSetMetaData meta) throws SQLException {
    List<QueryColumn> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new QueryColumn(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    return columns;
  }

  @Override
  public Path folder(String project) throws IOException {
    return Files.createDirectories(options.folder(project));
  }

  @Override
  public QueryStats writeParquet(Query query, Deadline deadline, Path file) throws QueryException {
    PreparedQuery prepared = preparation.prepare(query, deadline, file);
    try (prepared) {
      DuckPlan.refuseAsFile(prepared.sql());
      String select = ExactColumns.of(checked(query, prepared), prepared.sql().text());
      String copy =
          "COPY (\n"
              + select
              + "\n) TO "
              + ParquetSql.text(file.toString())
              + " (FORMAT parquet, COMPRESSION zstd)";
      try (PreparedStatement statement = prepared.session().prepare(copy)) {
        bind(statement, query.parameters());
        statement.execute();
      }
      return prepared.stats();
    } catch (SQLException e) {
      throw prepared.session().failure(e, prepared.sql());
    }
  }

  /** Finds what is wrong with a statement while its places are still the user's. */
  private static List<QueryColumn> checked(Query query, PreparedQuery prepared)
      throws SQLException, QueryException {
    try (PreparedStatement statement = prepared.session().prepare(prepared.sql().text())) {
      bind(statement, query.parameters());
      return columns(statement.getMetaData());
    } catch (SQLException e) {
      if (!DuckErrors.isUnknownName(e) || !prepared.widen()) {
        throw e;
      }
      return checked(query, prepared);
    }
  }

  /** Reads the events of projects part by part. */
  public EventReader events() {
    return this::view;
  }

  private EventView view(String name, Deadline deadline) throws QueryException {
    TailPin pin = tail.pin(name);
    LakeSnapshot snapshot = preparation.snapshot(new Query(Access.to(name), "", List.of()));
    OpenProjects.Lease lease = preparation.lease(name, OpenProject::ours);
    DuckSession session = null;
    try {
      ProjectDatabase database = lease.database();
      session = new DuckSession(database.connectQuietly(), deadline);
      PreparedQuery.Room room = new PreparedQuery.Room(lease, session);
      PinnedTail pinned =
          new PinnedTail(
              database.tail(), pin, snapshot, lease.facts().catalog()::properties, session);
      session.onClose(pinned::close);
      return new DuckEventView(
          session,
          snapshot,
          pinned,
          lease.facts().catalog(),
          database.identities(),
          options.pricePerTerabyte(),
          options.threads(),
          task -> thread(task, "weir-query-reads").start(),
          room::close);
    } catch (SQLException e) {
      giveBack(lease, session);
      throw DuckErrors.translate(e, deadline, Optional.empty());
    } catch (QueryException | RuntimeException e) {
      giveBack(lease, session);
      throw e;
    }
  }

  private static void giveBack(OpenProjects.Lease lease, @Nullable DuckSession session) {
    if (session != null) {
      session.close();
    }
    lease.close(session == null || session.broken());
  }

  static void bind(PreparedStatement statement, List<@Nullable Object> parameters)
      throws SQLException, QueryException {
    int expected = statement.getParameterMetaData().getParameterCount();
    if (expected != parameters.size()) {
      throw new QueryException(
          QueryError.INVALID_SQL,
          "the statement has " + expected + " parameters, " + parameters.size() + " are given");
    }
    for (int i = 0; i < expected; i++) {
      statement.setObject(i + 1, parameters.get(i));
    }
  }

  /** Gives back the memory of rows that the tail has dropped and no query uses. */
  public void dropUnusedTail() {
    projects.forEach(ProjectDatabase::dropUnusedTail);
  }

  /** Closes all instances; queries must have ended. */
  @Override
  public void close() {
    projects.close();
    preparation.close();
  }
}
