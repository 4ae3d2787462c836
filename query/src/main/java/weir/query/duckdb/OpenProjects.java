package weir.query.duckdb;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import weir.query.LakeSource;
import weir.query.QueryException;
import weir.query.tables.ProjectFacts;

/**
 * The projects that were asked something last. One stays open as long as it is used. Safe for use
 * by several threads.
 */
final class OpenProjects implements AutoCloseable {
  private final DuckDbOptions options;
  private final LakeSource lake;
  private final Map<String, Held> projects = new LinkedHashMap<>(16, 0.75f, true);

  /** A project, and how many hold it; guarded by the lock of the projects. */
  private static final class Held {
    private final OpenProject project;
    private int users;

    Held(OpenProject project) {
      this.project = project;
    }
  }

  OpenProjects(DuckDbOptions options, LakeSource lake) {
    this.options = options;
    this.lake = lake;
  }

  /** What a query holds of a project: an instance, until it is closed. */
  final class Lease {
    private final Held held;
    private final ProjectDatabase database;
    private boolean closed;

    private Lease(Held held, ProjectDatabase database) {
      this.held = held;
      this.database = database;
    }

    ProjectDatabase database() {
      return database;
    }

    ProjectFacts facts() {
      return held.project.facts();
    }

    /** Another instance of the same project. */
    Lease another(Choice choice) throws QueryException {
      synchronized (OpenProjects.this) {
        held.users++;
      }
      return leased(held, choice);
    }

    /**
     * Gives it back, once.
     *
     * @param broken whether the instance is of no use any more
     */
    void close(boolean broken) {
      if (!closed) {
        closed = true;
        held.project.release(database, broken);
        release(held);
      }
    }
  }

  /** Chooses an instance of a project, and holds it. */
  interface Choice {
    ProjectDatabase of(OpenProject project) throws QueryException;
  }

  /**
   * Holds an instance of a project, which is opened unless it is.
   *
   * @param reserved names that the engine keeps to itself
   */
  Lease lease(String name, Set<String> reserved, Choice choice) throws QueryException {
    Held held;
    synchronized (this) {
      held = projects.get(name);
      if (held == null) {
        closeIdle(options.instances() - 1);
        held =
            new Held(
                new OpenProject(
                    name,
                    options,
                    lake.folder(name),
                    new ProjectFacts(reserved, () -> lake.properties(name))));
        projects.put(name, held);
      }
      held.users++;
    }
    return leased(held, choice);
  }

  private Lease leased(Held held, Choice choice) throws QueryException {
    try {
      return new Lease(held, choice.of(held.project));
    } catch (QueryException | RuntimeException e) {
      release(held);
      throw e;
    }
  }

  private synchronized void release(Held held) {
    held.users--;
    closeIdle(options.instances());
  }

  /** Closes the projects that were not used for longest, as long as there are too many. */
  private void closeIdle(int keep) {
    Iterator<Held> each = projects.values().iterator();
    while (projects.size() > keep && each.hasNext()) {
      Held held = each.next();
      if (held.users == 0) {
        each.remove();
        held.project.close();
      }
    }
  }

  /** Does something to each instance of the open projects. */
  void forEach(Consumer<ProjectDatabase> task) {
    List<Held> open;
    synchronized (this) {
      open = new ArrayList<>(projects.values());
      open.forEach(held -> held.users++);
    }
    for (Held held : open) {
      try {
        held.project.forEach(task);
      } finally {
        release(held);
      }
    }
  }

  /** Closes all instances; queries must have ended. */
  @Override
  public synchronized void close() {
    projects.values().forEach(held -> held.project.close());
    projects.clear();
  }
}
