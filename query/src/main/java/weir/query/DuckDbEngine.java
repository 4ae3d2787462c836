package weir.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeSnapshot;
import weir.lake.NoSnapshotException;
import weir.query.hottail.TailPin;
import weir.query.hottail.TailSource;
import weir.query.postgres.PostgresCatalog;
import weir.query.sql.CheckedSql;
import weir.query.sql.SqlGateway;
import weir.query.sql.SqlRefusedException;

/**
 * Runs statements in DuckDB, in one locked-down instance in memory per project.
 *
 * <p>DuckDB recurses over statements in native code, where an overflow ends the process: its
 * threads have stacks of 64 MiB, and the gateway bounds the statements to what fits into them.
 */
public final class DuckDbEngine
    implements QueryEngine, ParquetExport, StatementTypes.Source, AutoCloseable {
  private static final long STACK_BYTES = 64L << 20;
  private static final String LOST_REASON = "Invalid result set";

  private final DuckDbOptions options;
  private final LakeSource lake;
  private final TailSource tail;
  private final List<SystemTable> systemTables;
  private final OpenProjects projects;

  /**
   * Makes an engine.
   *
   * @param tail the rows that the lake lacks; {@link #dropUnusedTail} is to be called when it drops
   *     some
   */
  public DuckDbEngine(
      DuckDbOptions options, LakeSource lake, TailSource tail, List<SystemTable> systemTables) {
    this.options = options;
    this.lake = lake;
    this.tail = tail;
    this.systemTables = List.copyOf(systemTables);
    this.projects = new OpenProjects(options, lake);
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
    Prepared prepared = prepare(query, deadline);
    try {
      return rows(query, prepared);
    } catch (SQLException e) {
      QueryException failure = prepared.session.failure(e, prepared.sql);
      prepared.close();
      throw failure;
    } catch (QueryException | RuntimeException e) {
      prepared.close();
      throw e;
    }
  }

  /**
   * Runs the statement. Where a streamed result fails within its first rows, the driver loses the
   * reason and says only that the result is invalid: it is then run once more, not streamed.
   */
  private DuckRows rows(Query query, Prepared prepared) throws SQLException, QueryException {
    try {
      return streamed(query, prepared);
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).endsWith(LOST_REASON)) {
        if (isUnknownName(e) && prepared.widen()) {
          return rows(query, prepared);
        }
        throw e;
      }
      prepared.session.execute("SET SESSION jdbc_stream_results = false");
      return streamed(query, prepared);
    }
  }

  /** Whether a name was not found, perhaps since the views do not have all columns. */
  private static boolean isUnknownName(SQLException e) {
    return String.valueOf(e.getMessage()).contains("Binder");
  }

  private DuckRows streamed(Query query, Prepared prepared) throws SQLException, QueryException {
    PreparedStatement statement = prepared.session.prepare(prepared.sql.text());
    bind(statement, query.parameters());
    return new DuckRows(
        prepared.session,
        prepared.sql,
        statement,
        prepared.stats,
        () -> projects.release(query.project(), prepared.project, prepared.session.broken()));
  }

  @Override
  public StatementTypes describe(Query query, Deadline deadline) throws QueryException {
    Prepared prepared = prepare(query, deadline);
    try (prepared) {
      return types(prepared);
    } catch (SQLException e) {
      throw prepared.session.failure(e, prepared.sql);
    }
  }

  private static StatementTypes types(Prepared prepared) throws SQLException, QueryException {
    try (PreparedStatement statement = prepared.session.prepare(prepared.sql.text())) {
      List<QueryColumn> columns = columns(statement.getMetaData());
      List<String> parameters = new ArrayList<>();
      ParameterMetaData given = statement.getParameterMetaData();
      for (int i = 1; i <= given.getParameterCount(); i++) {
        parameters.add(given.getParameterTypeName(i));
      }
      return new StatementTypes(columns, parameters);
    } catch (SQLException e) {
      if (!isUnknownName(e) || !prepared.widen()) {
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
    Prepared prepared = prepare(query, deadline);
    try (prepared) {
      String select = ExactColumns.of(checked(query, prepared), prepared.sql.text());
      String copy =
          "COPY (\n"
              + select
              + "\n) TO "
              + ParquetSql.text(file.toString())
              + " (FORMAT parquet, COMPRESSION zstd)";
      try (PreparedStatement statement = prepared.session.prepare(copy)) {
        bind(statement, query.parameters());
        statement.execute();
      }
      return prepared.stats;
    } catch (SQLException e) {
      throw prepared.session.failure(e, prepared.sql);
    }
  }

  /** Finds what is wrong with a statement while its places are still the user's. */
  private static List<QueryColumn> checked(Query query, Prepared prepared)
      throws SQLException, QueryException {
    try (PreparedStatement statement = prepared.session.prepare(prepared.sql.text())) {
      bind(statement, query.parameters());
      return columns(statement.getMetaData());
    } catch (SQLException e) {
      if (!isUnknownName(e) || !prepared.widen()) {
        throw e;
      }
      return checked(query, prepared);
    }
  }

  /** A checked statement, its tables made, and what is to be given back after it. */
  private final class Prepared implements AutoCloseable {
    private final String projectName;
    private final OpenProjects.Project project;
    private final DuckSession session;
    private final CheckedSql sql;
    private final QueryStats stats;
    private final @Nullable ProjectViews views;
    private boolean isWide;

    Prepared(
        String projectName,
        OpenProjects.Project project,
        DuckSession session,
        CheckedSql sql,
        QueryStats stats,
        @Nullable ProjectViews views) {
      this.projectName = projectName;
      this.project = project;
      this.session = session;
      this.sql = sql;
      this.stats = stats;
      this.views = views;
      this.isWide = sql.wholeRows();
    }

    /** Gives the views all columns, unless they have them; answers whether they had not. */
    boolean widen() throws QueryException {
      if (isWide || views == null) {
        return false;
      }
      isWide = true;
      views.widen(sql);
      return true;
    }

    @Override
    public void close() {
      giveBack(projectName, project, session);
    }
  }

  private Prepared prepare(Query query, Deadline deadline) throws QueryException {
    OpenProjects.Project project = projects.acquire(query.project());
    DuckSession session = null;
    try {
      session = new DuckSession(project.database().connect(), deadline);
      CheckedSql sql = check(query, session);
      if (query.postgres()) {
        new PostgresTables(session, query.project()).functions(sql.text());
      }
      if (sql.tables().isEmpty() && sql.catalog().isEmpty()) {
        return new Prepared(
            query.project(),
            project,
            session,
            sql,
            QueryStats.NONE.at(options.pricePerTerabyte()),
            null);
      }
      ProjectViews views = views(query, project, session);
      return new Prepared(
          query.project(),
          project,
          session,
          sql,
          views.create(sql).at(options.pricePerTerabyte()),
          views);
    } catch (SQLException e) {
      QueryException failure =
          session == null
              ? DuckErrors.translate(e, deadline, Optional.empty())
              : session.failure(e, Optional.empty());
      giveBack(query.project(), project, session);
      throw failure;
    } catch (QueryException | RuntimeException e) {
      giveBack(query.project(), project, session);
      throw e;
    }
  }

  /** Reads the events of projects part by part. */
  public EventReader events() {
    return this::view;
  }

  private EventView view(String name, Deadline deadline) throws QueryException {
    OpenProjects.Project project = projects.acquire(name);
    DuckSession session = null;
    try {
      session = new DuckSession(project.database().connectQuietly(), deadline);
      DuckSession opened = session;
      TailPin pin = tail.pin(name);
      LakeSnapshot snapshot = snapshot(new Query(Access.to(name), "", List.of()));
      PinnedTail pinned = new PinnedTail(project.database().tail(), pin, snapshot, session);
      session.onClose(pinned::close);
      return new DuckEventView(
          session,
          snapshot,
          pinned,
          project.catalog(),
          project.database().identities(),
          options.pricePerTerabyte(),
          options.threads(),
          task -> thread(task, "weir-query-reads").start(),
          () -> giveBack(name, project, opened));
    } catch (SQLException e) {
      giveBack(name, project, session);
      throw DuckErrors.translate(e, deadline, Optional.empty());
    } catch (QueryException | RuntimeException e) {
      giveBack(name, project, session);
      throw e;
    }
  }

  private void giveBack(String name, OpenProjects.Project project, @Nullable DuckSession session) {
    if (session != null) {
      session.close();
    }
    projects.release(name, project, session != null && session.broken());
  }

  private static CheckedSql check(Query query, DuckSession session)
      throws QueryException, SQLException {
    try {
      session.deadline().check();
      return SqlGateway.check(
          query.sql(), session::parse, query.postgres() ? PostgresCatalog.functions() : Set.of());
    } catch (SqlRefusedException e) {
      QueryError error =
          switch (e.reason()) {
            case INVALID -> QueryError.INVALID_SQL;
            case NOT_ALLOWED -> QueryError.NOT_ALLOWED;
          };
      throw new QueryException(error, String.valueOf(e.getMessage()), e.place(), e);
    }
  }

  private ProjectViews views(Query query, OpenProjects.Project project, DuckSession session)
      throws QueryException {
    // before the snapshot: what is dropped in between is in that
    TailPin pin = query.asOf().isPresent() ? TailPin.EMPTY : tail.pin(query.project());
    LakeSnapshot snapshot = snapshot(query);
    PinnedTail pinned = new PinnedTail(project.database().tail(), pin, snapshot, session);
    session.onClose(pinned::close);
    return new ProjectViews(
        session,
        snapshot,
        pinned,
        project.catalog(),
        systemTables,
        project.database(),
        query.access().limit(),
        new PostgresTables(session, query.project()),
        query.postgres(),
        query.asOf().isPresent());
  }

  private LakeSnapshot snapshot(Query query) throws QueryException {
    String project = query.project();
    try {
      return query.asOf().isPresent()
          ? lake.snapshot(project, query.asOf().get())
          : lake.snapshot(project);
    } catch (IOException e) {
      throw new QueryException(QueryError.UNAVAILABLE, "the lake cannot be read now", e);
    } catch (NoSnapshotException e) {
      throw new QueryException(QueryError.NO_SNAPSHOT, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new QueryException(QueryError.NOT_FOUND, "there is no project " + project, e);
    }
  }

  private static void bind(PreparedStatement statement, List<@Nullable Object> parameters)
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
    projects.forEach(project -> project.database().tail().dropUnused());
  }

  /** Closes all instances; queries must have ended. */
  @Override
  public void close() {
    projects.close();
  }
}
