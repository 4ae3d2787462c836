package weir.query.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeSnapshot;
import weir.lake.StoredTable;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.hottail.TailPin;
import weir.query.tables.ProjectFacts;
import weir.query.tables.StoredViews;

/**
 * The instances of a project. Those that run users' statements can open what one snapshot of the
 * lake has, or nothing; so there is another one after each commit, and the old one ends with its
 * last query. Safe for use by several threads.
 */
final class OpenProject {
  private static final Logger LOG = LoggerFactory.getLogger(OpenProject.class);

  /** Instances of one kind that stay open unused. */
  private static final int IDLE = 3;

  /** Stored tables that a new instance can open although nobody has named them yet. */
  private static final int STORED = 32;

  private enum Kind {
    OURS,
    NEWEST,
    EARLIER,
    EMPTY
  }

  private record Use(Kind kind, Object of) {}

  private final String name;
  private final DuckDbOptions options;
  private final Path lakeFolder;
  private final ProjectFacts facts;
  private final Map<Use, ProjectDatabase> open = new LinkedHashMap<>(16, 0.75f, true);

  private final Succession succession;
  private @Nullable ProjectDatabase spare;
  private boolean closed;

  OpenProject(String name, DuckDbOptions options, Path lakeFolder, ProjectFacts facts) {
    this.name = name;
    this.options = options;
    this.lakeFolder = lakeFolder;
    this.facts = facts;
    this.succession = new Succession(reach -> opened(options, reach), this::succeed);
  }

  ProjectFacts facts() {
    return facts;
  }

  /** The instance for our own statements, which can open all of the project's files. */
  synchronized ProjectDatabase ours() throws QueryException {
    return held(new Use(Kind.OURS, ""), () -> Reach.folder(lakeFolder));
  }

  /** An instance for users' statements that name no table; for each limit another one. */
  synchronized ProjectDatabase empty(Optional<RowLimit> limit) throws QueryException {
    return held(new Use(Kind.EMPTY, limit), () -> Reach.NOTHING);
  }

  /**
   * An instance for users' statements over an earlier snapshot.
   *
   * @param stored tables that the statement names
   */
  synchronized ProjectDatabase earlier(LakeSnapshot snapshot, Collection<StoredTable> stored)
      throws QueryException {
    ProjectDatabase found = serving(Kind.EARLIER, reach -> reach.serves(snapshot, stored));
    return found == null
        ? held(new Use(Kind.EARLIER, new Object()), () -> Reach.of(snapshot, stored))
        : found;
  }

  /**
   * An instance for users' statements over the newest snapshot; or, while one is made ready for
   * that, over the snapshot before, if the tail has all that was added since.
   *
   * @param pin of the tail, taken before the snapshot
   * @param stored tables that the statement names
   * @param ready makes an instance ready
   */
  synchronized ProjectDatabase newest(
      LakeSnapshot snapshot, TailPin pin, Collection<StoredTable> stored, Succession.Ready ready)
      throws QueryException {
    ProjectDatabase found = serving(Kind.NEWEST, reach -> reach.serves(snapshot, stored));
    if (found != null) {
      return found;
    }
    Reaching reaching = () -> Reach.of(snapshot, namedBefore(snapshot, stored));
    ProjectDatabase before =
        serving(Kind.NEWEST, reach -> reach.servesBefore(snapshot, stored, pin));
    if (before != null) {
      if (succession.begin(before, snapshot, reaching, ready)) {
        return before;
      }
      before.addUsers(-1);
    }
    Reach reach = reaching.reach();
    retire(use -> use.kind() == Kind.NEWEST);
    return held(new Use(Kind.NEWEST, new Object()), () -> reach);
  }

  private @Nullable ProjectDatabase serving(Kind kind, Predicate<Reach> good)
      throws QueryException {
    for (Map.Entry<Use, ProjectDatabase> each : open.entrySet()) {
      if (each.getKey().kind() == kind && good.test(each.getValue().reach())) {
        return held(each.getKey(), () -> Reach.NOTHING);
      }
    }
    return null;
  }

  /** Has another instance answer for the newest state, unless yet another one does already. */
  private synchronized boolean succeed(ProjectDatabase before, ProjectDatabase next) {
    boolean wanted =
        !closed
            && open.entrySet().stream()
                .anyMatch(each -> each.getKey().kind() == Kind.NEWEST && each.getValue() == before);
    if (wanted) {
      retire(use -> use.kind() == Kind.NEWEST);
      open.put(new Use(Kind.NEWEST, new Object()), next);
    }
    return wanted;
  }

  /**
   * Some stored tables, and those that statements have named of late, lest each makes the others
   * wait.
   */
  private List<StoredTable> namedBefore(LakeSnapshot snapshot, Collection<StoredTable> named)
      throws QueryException {
    List<StoredTable> tables = new ArrayList<>(named);
    Set<String> names = new HashSet<>();
    named.forEach(table -> names.add(table.name()));
    for (Map.Entry<Use, ProjectDatabase> each : open.entrySet()) {
      if (each.getKey().kind() == Kind.NEWEST) {
        for (String name : each.getValue().reach().stored()) {
          if (tables.size() < STORED && names.add(name)) {
            StoredViews.find(snapshot.stored(), name).ifPresent(tables::add);
          }
        }
      }
    }
    return tables;
  }

  /** An instance for one statement alone: it closes when it is given back. */
  ProjectDatabase alone(Reach reach) throws QueryException {
    ProjectDatabase database = opened(options.beside(), reach);
    synchronized (this) {
      database.addUsers(1);
    }
    return database;
  }

  /**
   * As {@link #alone}, for statements of ours until it is locked. The next one is opened meanwhile,
   * so that the next statement need not wait for it.
   */
  ProjectDatabase unlocked() throws QueryException {
    ProjectDatabase taken;
    synchronized (this) {
      taken = spare;
      spare = null;
    }
    try {
      ProjectDatabase database = taken == null ? openSpare() : taken;
      synchronized (this) {
        database.addUsers(1);
      }
      Thread.ofPlatform().daemon().name("weir-query-spare").start(this::refill);
      return database;
    } catch (SQLException e) {
      throw cannotStart(e);
    }
  }

  private ProjectDatabase openSpare() throws SQLException {
    return ProjectDatabase.unlocked(options.beside(), name, facts);
  }

  private void refill() {
    synchronized (this) {
      if (spare != null || closed) {
        return;
      }
    }
    try {
      ProjectDatabase opened = openSpare();
      synchronized (this) {
        if (spare == null && !closed) {
          spare = opened;
          return;
        }
      }
      close(opened);
    } catch (SQLException e) {
      LOG.warn("No instance was opened ahead", e);
    }
  }

  /** Tells what an instance may open, once one is to be opened. */
  interface Reaching {
    Reach reach() throws QueryException;
  }

  private ProjectDatabase held(Use use, Reaching reaching) throws QueryException {
    ProjectDatabase database = open.get(use);
    if (database == null) {
      boolean isMain = use.kind() == Kind.NEWEST || use.kind() == Kind.OURS;
      database = opened(isMain ? options : options.beside(), reaching.reach());
      open.put(use, database);
    }
    database.addUsers(1);
    closeIdle(use.kind());
    return database;
  }

  private ProjectDatabase opened(DuckDbOptions with, Reach reach) throws QueryException {
    try {
      return ProjectDatabase.locked(with, name, facts, reach);
    } catch (SQLException e) {
      throw cannotStart(e);
    }
  }

  private static QueryException cannotStart(SQLException e) {
    return new QueryException(QueryError.INTERNAL, "the engine cannot start", e);
  }

  private void closeIdle(Kind kind) {
    long idle =
        open.entrySet().stream()
            .filter(each -> each.getKey().kind() == kind && each.getValue().users() == 0)
            .count();
    for (Iterator<Map.Entry<Use, ProjectDatabase>> all = open.entrySet().iterator();
        idle > IDLE && all.hasNext(); ) {
      Map.Entry<Use, ProjectDatabase> each = all.next();
      if (each.getKey().kind() == kind && each.getValue().users() == 0) {
        all.remove();
        close(each.getValue());
        idle--;
      }
    }
  }

  private void retire(Predicate<Use> uses) {
    for (Iterator<Map.Entry<Use, ProjectDatabase>> all = open.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<Use, ProjectDatabase> each = all.next();
      if (uses.test(each.getKey())) {
        all.remove();
        if (each.getValue().users() == 0) {
          close(each.getValue());
        }
      }
    }
  }

  /**
   * Gives an instance back.
   *
   * @param broken whether it is of no use any more
   */
  void release(ProjectDatabase database, boolean broken) {
    boolean ends;
    synchronized (this) {
      database.addUsers(-1);
      if (broken) {
        open.values().removeIf(each -> each == database);
      }
      ends = database.users() == 0 && !open.containsValue(database);
    }
    if (ends) {
      close(database);
    }
  }

  /** Does something to each instance that stays open. */
  void forEach(Consumer<ProjectDatabase> task) {
    List<ProjectDatabase> all;
    synchronized (this) {
      all = new ArrayList<>(open.values());
      all.forEach(database -> database.addUsers(1));
    }
    for (ProjectDatabase database : all) {
      try {
        task.accept(database);
      } finally {
        release(database, false);
      }
    }
  }

  /** Closes the instances that no query holds, and the others once none does. */
  synchronized void close() {
    closed = true;
    succession.end();
    retire(use -> true);
    if (spare != null) {
      close(spare);
      spare = null;
    }
  }

  static void close(ProjectDatabase database) {
    try {
      database.close();
    } catch (SQLException e) {
      LOG.warn("An instance in memory was not closed", e);
    }
  }
}
