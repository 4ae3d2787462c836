package weir.server.roles;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, to be stopped in reverse order. One that fails to stop is logged and skips
 * nothing.
 */
final class Stoppables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stoppables.class);

  private final Deque<Named> started = new ArrayDeque<>();
  private boolean closed;
  private volatile boolean hurried;

  private record Named(String name, AutoCloseable stop) {}

  /**
   * Remembers to stop this, before all that came earlier.
   *
   * @throws IllegalStateException if everything was stopped meanwhile; this then is, too
   */
  <T extends AutoCloseable> T add(String name, T fresh) {
    Named named = new Named(name, fresh);
    if (!remember(named)) {
      stop(named);
      throw new IllegalStateException("stopped while starting " + name);
    }
    return fresh;
  }

  private synchronized boolean remember(Named named) {
    if (!closed) {
      started.push(named);
    }
    return !closed;
  }

  /** From now on there is no time for what may as well be done after the next start. */
  void hurry() {
    hurried = true;
  }

  boolean isHurried() {
    return hurried;
  }

  /** Stops everything; again does nothing. */
  @Override
  public void close() {
    for (Named next = pop(); next != null; next = pop()) {
      stop(next);
    }
  }

  private static void stop(Named named) {
    try {
      named.stop().close();
    } catch (InterruptedException e) {
      LOG.warn("interrupted while stopping {}", named.name());
    } catch (Exception | Error e) {
      LOG.error("{} did not stop cleanly", named.name(), e);
    }
  }

  private synchronized @Nullable Named pop() {
    closed = true;
    return started.poll();
  }
}
