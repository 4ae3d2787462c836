package weir.query;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets so many queries run at a time, and so many of one project. The others wait, first come,
 * first served; one whose project has its share lets those behind it pass. Safe for use by several
 * threads.
 */
final class QueryGate {
  private final int concurrent;
  private final int perProject;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Map<String, Integer> inside = new HashMap<>();
  private int all;

  /** A query at the gate; equal to itself alone. */
  private static final class Waiting {
    private final String project;

    Waiting(String project) {
      this.project = project;
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
  void enter(String project, Deadline deadline) throws QueryException {
    Runnable wake = this::wake;
    deadline.onEnd(wake);
    try {
      await(new Waiting(project), deadline);
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
      if (inside.getOrDefault(each.project, 0) < perProject) {
        return each == query;
      }
    }
    return false;
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Gives a place back. */
  synchronized void leave(String project) {
    all--;
    inside.computeIfPresent(project, (name, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }
}
