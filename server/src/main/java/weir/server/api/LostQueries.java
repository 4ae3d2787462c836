package weir.server.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Gives queries that were lost with the query process a second try, one after the other: one of
 * them may have been its end, and if it is so again, the others have not begun. Safe for use by
 * several threads.
 */
final class LostQueries {
  private final Deque<Consumer<Runnable>> waiting = new ArrayDeque<>();
  private boolean busy;

  /**
   * Tries a query again, now or when those before have ended.
   *
   * @param query is given what it is to run once at its end
   */
  void retry(Consumer<Runnable> query) {
    synchronized (this) {
      waiting.addLast(query);
      if (busy) {
        return;
      }
      busy = true;
    }
    next();
  }

  private void next() {
    Consumer<Runnable> query;
    synchronized (this) {
      query = waiting.pollFirst();
      busy = query != null;
    }
    if (query != null) {
      query.accept(this::next);
    }
  }
}
