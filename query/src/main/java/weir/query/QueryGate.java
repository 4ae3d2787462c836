package weir.query;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets so many queries run at a time; the others wait, first come, first served. Safe for use by
 * several threads.
 */
final class QueryGate {
  private final int concurrent;
  private final Deque<Deadline> waiting = new ArrayDeque<>();
  private int inside;

  QueryGate(int concurrent) {
    this.concurrent = concurrent;
  }

  /**
   * Waits for a place, which is to be given back by {@link #leave}.
   *
   * @throws QueryException if the query ends before; it has no place then
   */
  void enter(Deadline deadline) throws QueryException {
    Runnable wake = this::wake;
    deadline.onEnd(wake);
    try {
      await(deadline);
    } finally {
      deadline.forget(wake);
    }
  }

  private synchronized void await(Deadline deadline) throws QueryException {
    waiting.addLast(deadline);
    try {
      while (inside >= concurrent || waiting.peekFirst() != deadline) {
        deadline.check();
        wait();
      }
      deadline.check();
      inside++;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueryException(QueryError.QUERY_CANCELLED, "the query was interrupted", e);
    } finally {
      waiting.remove(deadline);
      notifyAll();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Gives a place back. */
  synchronized void leave() {
    inside--;
    notifyAll();
  }
}
