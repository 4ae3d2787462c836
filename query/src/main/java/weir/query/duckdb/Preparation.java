package weir.query.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.NoSnapshotException;
import weir.lake.StoredTable;
import weir.query.Deadline;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryStats;
import weir.query.SystemTable;
import weir.query.hottail.PinnedTail;
import weir.query.hottail.TailPin;
import weir.query.hottail.TailSource;
import weir.query.postgres.PostgresCatalog;
import weir.query.session.DuckErrors;
import weir.query.session.DuckSession;
import weir.query.sql.CheckedSql;
import weir.query.sql.ParquetSql;
import weir.query.sql.SqlGateway;
import weir.query.sql.SqlRefusedException;
import weir.query.tables.PostgresTables;
import weir.query.tables.ProjectFacts;
import weir.query.tables.ProjectViews;
import weir.query.tables.StoredViews;
import weir.query.tables.TableNames;

/**
 * Checks statements, and makes their tables in instances that can open no more than the statement
 * may see: the files of its snapshot; for who may see some rows only, nothing. Safe for use by
 * several threads.
 */
final class Preparation implements AutoCloseable {
  /** The setting of a session that {@code SET TIME ZONE} makes. */
  private static final String TIME_ZONE = "timezone";

  private final DuckDbOptions options;
  private final LakeSource lake;
  private final TailSource tail;
  private final List<SystemTable> systemTables;
  private final OpenProjects projects;
  private @Nullable Parser parser;

  /** An instance that parses, and runs nothing of users'. */
  private record Parser(ProjectDatabase database, Set<String> reserved) {}

  Preparation(
      DuckDbOptions options,
      LakeSource lake,
      TailSource tail,
      List<SystemTable> systemTables,
      OpenProjects projects) {
    this.options = options;
    this.lake = lake;
    this.tail = tail;
    this.systemTables = systemTables;
    this.projects = projects;
  }

  private synchronized Parser parser() throws SQLException {
    if (parser == null) {
      ProjectDatabase database = ProjectDatabase.parser(options);
      parser = new Parser(database, Set.copyOf(database.readReserved()));
    }
    return parser;
  }

  /** Holds an instance of a project. */
  OpenProjects.Lease lease(String project, OpenProjects.Choice choice) throws QueryException {
    try {
      return projects.lease(project, parser().reserved(), choice);
    } catch (SQLException e) {
      throw new QueryException(QueryError.INTERNAL, "the engine cannot start", e);
    }
  }

  /**
   * Prepares a statement.
   *
   * @param export the one file that it may write to; null for none
   */
  PreparedQuery prepare(Query query, Deadline deadline, @Nullable Path export)
      throws QueryException {
    CheckedSql sql = check(query, deadline);
    DuckPlan.allow(query, sql);
    if (sql.tables().isEmpty() && sql.catalog().isEmpty()) {
      return withoutTables(query, sql, deadline, export);
    }
    // before the snapshot: what is dropped in between is in that
    TailPin pin = query.asOf().isPresent() ? TailPin.EMPTY : tail.pin(query.project());
    LakeSnapshot newest = snapshot(query);
    boolean sealed = query.access().limit().isPresent() && !(options.trusted() && export == null);
    PreparedQuery.Room room =
        room(query, deadline, instance(query, sql, newest, pin, sealed ? null : export));
    LakeSnapshot snapshot = room.lease().database().reach().seen(newest);
    try {
      if (query.postgres()) {
        new PostgresTables(room.session(), query.project(), query.settings()).functions(sql.text());
      }
      ProjectViews views =
          views(
              query, snapshot, pin, room.lease().facts(), room.lease().database(), room.session());
      QueryStats stats = views.create(sql).at(options.pricePerTerabyte());
      return new PreparedQuery(
          sql, stats, room, views, sealed ? made -> asAsked(query, sealed(made, export)) : null);
    } catch (SQLException e) {
      QueryException failure = room.session().failure(e, Optional.empty());
      room.close();
      throw failure;
    } catch (QueryException | RuntimeException e) {
      room.close();
      throw e;
    }
  }

  private PreparedQuery withoutTables(
      Query query, CheckedSql sql, Deadline deadline, @Nullable Path export) throws QueryException {
    OpenProjects.Choice choice =
        export == null
            ? project -> project.empty(query.access().limit())
            : project -> project.alone(Reach.NOTHING.and(export));
    PreparedQuery.Room room = room(query, deadline, choice);
    try {
      if (query.postgres()) {
        new PostgresTables(room.session(), query.project(), query.settings()).functions(sql.text());
      }
      QueryStats stats = QueryStats.NONE.at(options.pricePerTerabyte());
      return new PreparedQuery(sql, stats, room, null, null);
    } catch (QueryException | RuntimeException e) {
      room.close();
      throw e;
    }
  }

  /** Where a statement's tables are to be made. */
  private OpenProjects.Choice instance(
      Query query, CheckedSql sql, LakeSnapshot snapshot, TailPin pin, @Nullable Path export)
      throws QueryException {
    if (query.access().limit().isPresent() || (options.trusted() && export == null)) {
      return OpenProject::ours;
    }
    List<StoredTable> stored = stored(sql, snapshot);
    if (export != null) {
      return project -> project.alone(Reach.of(snapshot, stored).and(export));
    }
    return query.asOf().isPresent()
        ? project -> project.earlier(snapshot, stored)
        : project -> project.newest(snapshot, pin, stored, ready(query, sql, pin, project.facts()));
  }

  /** What this statement would wait for, and the metadata of the files. */
  private Succession.Ready ready(Query query, CheckedSql sql, TailPin pin, ProjectFacts facts) {
    return (database, snapshot, deadline) -> {
      try (DuckSession session = new DuckSession(database.connectQuietly(), deadline)) {
        views(query, snapshot, pin, facts, database, session).create(sql);
        LakeTable events = snapshot.events();
        if (!events.files().isEmpty()) {
          session.query(
              "SELECT count(*) FROM " + ParquetSql.read(events.columns(), events.files()),
              rows -> {});
        }
      }
    };
  }

  /** The tables that users store and the statement names. */
  private List<StoredTable> stored(CheckedSql sql, LakeSnapshot snapshot) throws QueryException {
    List<StoredTable> tables = new ArrayList<>();
    for (String name : sql.tables().keySet()) {
      if (!TableNames.isSystem(name)
          && systemTables.stream().noneMatch(table -> table.name().equals(name))) {
        StoredViews.find(snapshot.stored(), name).ifPresent(tables::add);
      }
    }
    return tables;
  }

  private PreparedQuery.Room room(Query query, Deadline deadline, OpenProjects.Choice choice)
      throws QueryException {
    OpenProjects.Lease lease = lease(query.project(), choice);
    PreparedQuery.Room room;
    try {
      room = new PreparedQuery.Room(lease, new DuckSession(lease.database().connect(), deadline));
    } catch (SQLException e) {
      lease.close(true);
      throw DuckErrors.translate(e, deadline, Optional.empty());
    }
    return asAsked(query, room);
  }

  /** Times are told in the zone that the asker has set, and nulls ordered as its clients do. */
  private static PreparedQuery.Room asAsked(Query query, PreparedQuery.Room room)
      throws QueryException {
    try {
      room.session().zone(Optional.ofNullable(query.settings().get(TIME_ZONE)));
      if (query.postgres()) {
        room.session().orderNullsAsPostgres();
      }
      return room;
    } catch (QueryException e) {
      room.close();
      throw e;
    }
  }

  private static PreparedQuery.Room sealed(PreparedQuery.Room made, @Nullable Path export)
      throws QueryException {
    OpenProjects.Lease lease = made.lease().another(OpenProject::unlocked);
    try {
      Reach reach = export == null ? Reach.NOTHING : Reach.NOTHING.and(export);
      Path folder = made.lease().database().folder();
      return new PreparedQuery.Room(
          lease, SealedCopy.of(made.session(), folder, lease.database(), reach));
    } catch (QueryException | RuntimeException e) {
      lease.close(true);
      throw e;
    }
  }

  private ProjectViews views(
      Query query,
      LakeSnapshot snapshot,
      TailPin pin,
      ProjectFacts facts,
      ProjectDatabase database,
      DuckSession session)
      throws SQLException {
    PinnedTail pinned =
        new PinnedTail(database.tail(), pin, snapshot, facts.catalog()::properties, session);
    session.onClose(pinned::close);
    return new ProjectViews(
        session,
        snapshot,
        pinned,
        facts,
        systemTables,
        database.identities(),
        query.access().limit(),
        new PostgresTables(session, query.project(), query.settings()),
        query.postgres(),
        query.asOf().isPresent());
  }

  private CheckedSql check(Query query, Deadline deadline) throws QueryException {
    deadline.check();
    try (DuckSession session = new DuckSession(parser().database().connectQuietly(), deadline)) {
      return SqlGateway.check(
          query.sql(), session::parse, query.postgres() ? PostgresCatalog.functions() : Set.of());
    } catch (SQLException e) {
      throw DuckErrors.translate(e, deadline, Optional.empty());
    } catch (SqlRefusedException e) {
      QueryError error =
          switch (e.reason()) {
            case INVALID -> QueryError.INVALID_SQL;
            case NOT_ALLOWED -> QueryError.NOT_ALLOWED;
          };
      throw new QueryException(error, String.valueOf(e.getMessage()), e.place(), e);
    }
  }

  /** The lake as a statement sees it. */
  LakeSnapshot snapshot(Query query) throws QueryException {
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

  @Override
  public synchronized void close() {
    if (parser != null) {
      try {
        parser.database().close();
      } catch (SQLException e) {
        throw new IllegalStateException("cannot close an instance in memory", e);
      }
      parser = null;
    }
  }
}
