package weir.query.door;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * Lets so many queries run at a time, and so many of one project, half of which may be questions
 * about behaviour: dashboards ask many at once, and are not to hold up statements. The others wait,
 * first come, first served; one whose project or kind has its share lets those behind it pass. Safe
 * for use by several threads.
 */
final class QueryGate {
  private final int concurrent;
  private final int perProject;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Map<String, Integer> inside = new HashMap<>();
  private final Map<String, Integer> questionsInside = new HashMap<>();
  private int all;

  /** What is run. */
  enum Kind {
    STATEMENT,
    QUESTION
  }

  /** A query at the gate; equal to itself alone. */
  private static final class Waiting {
    private final String project;
    private final Kind kind;

    Waiting(String project, Kind kind) {
      this.project = project;
      this.kind = kind;
    }
  }

  QueryGate(int concurrent, int perProject) {
    this.concurrent = concurrent;
    this.perProject = perProject;
  }

  /**
   * Waits for a place, which is to be given back by {@link #leave}.
   *
   * @throws QueryException if the query ends before; it has no place then
   */
  void enter(String project, Kind kind, Deadline deadline) throws QueryException {
    Runnable wake = this::wake;
    deadline.onEnd(wake);
    try {
      await(new Waiting(project, kind), deadline);
    } finally {
      deadline.forget(wake);
    }
  }

  private synchronized void await(Waiting query, Deadline deadline) throws QueryException {
    waiting.addLast(query);
    try {
      while (!isNext(query)) {
        deadline.check();
        wait();
      }
      deadline.check();
      all++;
      inside.merge(query.project, 1, Integer::sum);
      if (query.kind == Kind.QUESTION) {
        questionsInside.merge(query.project, 1, Integer::sum);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueryException(QueryError.QUERY_CANCELLED, "the query was interrupted", e);
    } finally {
      waiting.remove(query);
      notifyAll();
    }
  }

  private boolean isNext(Waiting query) {
    if (all >= concurrent) {
      return false;
    }
    for (Waiting each : waiting) {
      if (hasPlace(each)) {
        return each == query;
      }
    }
    return false;
  }

  private boolean hasPlace(Waiting query) {
    int questions = questionsInside.getOrDefault(query.project, 0);
    return inside.getOrDefault(query.project, 0) < perProject
        && (query.kind == Kind.STATEMENT || 2 * questions < perProject);
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Gives a place back. */
  synchronized void leave(String project, Kind kind) {
    all--;
    leave(inside, project);
    if (kind == Kind.QUESTION) {
      leave(questionsInside, project);
    }
    notifyAll();
  }

  private static void leave(Map<String, Integer> inside, String project) {
    inside.computeIfPresent(project, (name, count) -> count == 1 ? null : count - 1);
  }
}
