package weir.query.door;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * Lets so many queries run at a time, and so many of one project, half of which may be questions
 * about behaviour: dashboards ask many at once, and are not to hold up statements. One place of
 * each kind is left to a project's other keys, so that no key holds them up. Those who wait come in
 * when their project, kind and key have a place: first those whose keys have the fewest inside,
 * then first come, first served. Safe for use by several threads.
 */
final class QueryGate {
  private final int concurrent;
  private final int perProject;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Map<String, Integer> inside = new HashMap<>();
  private final Map<String, Integer> questionsInside = new HashMap<>();
  private final Map<Holder, Integer> ofKey = new HashMap<>();
  private final Map<Holder, Integer> questionsOfKey = new HashMap<>();
  private int all;

  /** What is run. */
  enum Kind {
    STATEMENT,
    QUESTION
  }

  /** A key of a project. */
  private record Holder(String project, String key) {
    static Holder of(Access access) {
      return new Holder(access.project(), access.key());
    }
  }

  /** A query at the gate; equal to itself alone. */
  private static final class Waiting {
    private final Holder holder;
    private final Kind kind;

    Waiting(Holder holder, Kind kind) {
      this.holder = holder;
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
  void enter(Access access, Kind kind, Deadline deadline) throws QueryException {
    Runnable wake = this::wake;
    deadline.onEnd(wake);
    try {
      await(new Waiting(Holder.of(access), kind), deadline);
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
      inside.merge(query.holder.project(), 1, Integer::sum);
      ofKey.merge(query.holder, 1, Integer::sum);
      if (query.kind == Kind.QUESTION) {
        questionsInside.merge(query.holder.project(), 1, Integer::sum);
        questionsOfKey.merge(query.holder, 1, Integer::sum);
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
    Waiting next = null;
    for (Waiting each : waiting) {
      if (hasPlace(each) && (next == null || count(ofKey, each) < count(ofKey, next))) {
        next = each;
      }
    }
    return next == query;
  }

  private static int count(Map<Holder, Integer> of, Waiting query) {
    return of.getOrDefault(query.holder, 0);
  }

  private boolean hasPlace(Waiting query) {
    int statementsAndQuestions = inside.getOrDefault(query.holder.project(), 0);
    if (statementsAndQuestions >= perProject || count(ofKey, query) >= ofOneKey(perProject)) {
      return false;
    }
    int questions = (perProject + 1) / 2;
    return query.kind == Kind.STATEMENT
        || (questionsInside.getOrDefault(query.holder.project(), 0) < questions
            && count(questionsOfKey, query) < ofOneKey(questions));
  }

  /** One of several places is for others. */
  private static int ofOneKey(int places) {
    return Math.max(1, places - 1);
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Gives a place back. */
  synchronized void leave(Access access, Kind kind) {
    Holder holder = Holder.of(access);
    all--;
    leave(inside, holder.project());
    leave(ofKey, holder);
    if (kind == Kind.QUESTION) {
      leave(questionsInside, holder.project());
      leave(questionsOfKey, holder);
    }
    notifyAll();
  }

  private static <K> void leave(Map<K, Integer> inside, K holder) {
    inside.computeIfPresent(holder, (name, count) -> count == 1 ? null : count - 1);
  }
}
