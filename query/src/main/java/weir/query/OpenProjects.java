package weir.query;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of projects that were asked something last. One stays open as long as it is used.
 * Safe for use by several threads.
 */
final class OpenProjects implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenProjects.class);

  private final DuckDbOptions options;
  private final LakeSource lake;
  private final Map<String, Project> projects = new LinkedHashMap<>(16, 0.75f, true);

  /** The instance of a project, and what is known of its files. */
  record Project(ProjectDatabase database, FileCatalog catalog) {}

  OpenProjects(DuckDbOptions options, LakeSource lake) {
    this.options = options;
    this.lake = lake;
  }

  /** Opens a project, unless it is; to be given back by {@link #release}. */
  synchronized Project acquire(String name) throws QueryException {
    Project project = projects.get(name);
    if (project == null) {
      closeIdle(options.instances() - 1);
      try {
        project =
            new Project(
                new ProjectDatabase(options, name, lake.folder(name)),
                new FileCatalog(() -> lake.properties(name)));
      } catch (SQLException e) {
        throw new QueryException(QueryError.INTERNAL, "the engine cannot start", e);
      }
      projects.put(name, project);
    }
    project.database().addUsers(1);
    return project;
  }

  /**
   * Gives a project back.
   *
   * @param broken whether the instance is of no use any more
   */
  synchronized void release(String name, Project project, boolean broken) {
    project.database().addUsers(-1);
    if (broken) {
      projects.remove(name, project);
    }
    if (project.database().users() == 0 && projects.get(name) != project) {
      close(project);
    }
    closeIdle(options.instances());
  }

  /** Closes the instances that were not used for longest, as long as there are too many. */
  private void closeIdle(int keep) {
    Iterator<Project> each = projects.values().iterator();
    while (projects.size() > keep && each.hasNext()) {
      Project project = each.next();
      if (project.database().users() == 0) {
        each.remove();
        close(project);
      }
    }
  }

  /** Does something to each open project. */
  void forEach(Consumer<Project> task) {
    Map<String, Project> open;
    synchronized (this) {
      open = new LinkedHashMap<>(projects);
      open.values().forEach(project -> project.database().addUsers(1));
    }
    open.forEach((name, project) -> {
      try {
        task.accept(project);
      } finally {
        release(name, project, false);
      }
    });
  }

  private static void close(Project project) {
    try {
      project.database().close();
    } catch (SQLException e) {
      LOG.warn("An instance in memory was not closed", e);
    }
  }

  /** Closes all instances; queries must have ended. */
  @Override
  public synchronized void close() {
    List<Project> open = new ArrayList<>(projects.values());
    projects.clear();
    open.forEach(OpenProjects::close);
  }
}
