package weir.server.tables;

import java.util.ArrayList;
import java.util.List;

/** Whether somebody still waits for what is being done. Safe for use by several threads. */
public final class Cancellation {
  private final List<Runnable> ends = new ArrayList<>();
  private volatile boolean cancelled;

  /** Nobody waits any more. */
  public void cancel() {
    List<Runnable> all;
    synchronized (this) {
      cancelled = true;
      all = List.copyOf(ends);
      ends.clear();
    }
    all.forEach(Runnable::run);
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Runs it when nobody waits any more, at once if that is so already. */
  void then(Runnable end) {
    synchronized (this) {
      if (!cancelled) {
        ends.add(end);
        return;
      }
    }
    end.run();
  }
}
