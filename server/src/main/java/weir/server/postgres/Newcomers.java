package weir.server.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that have not proved yet who they are. They are few and get little time, and take no
 * place from those who have: where there are too many, the oldest of the address that has most must
 * go, as who has a key needs a moment only. Safe for use by several threads.
 */
final class Newcomers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Newcomers.class);

  private final int most;
  private final Duration patience;
  private final Map<Socket, Newcomer> present = new LinkedHashMap<>();
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1,
          task -> Thread.ofPlatform().daemon().name("postgres-login").unstarted(task),
          new ThreadPoolExecutor.DiscardPolicy());

  private record Newcomer(InetAddress from, ScheduledFuture<?> deadline) {}

  /**
   * None yet.
   *
   * @param most at a time
   * @param patience how long each may take
   */
  Newcomers(int most, Duration patience) {
    this.most = most;
    this.patience = patience;
    clock.setRemoveOnCancelPolicy(true);
  }

  /** Takes a connection in, for which another may have to go. */
  synchronized void enter(Socket socket) {
    if (present.size() >= most) {
      sendAway(oldestOfTheMost());
    }
    ScheduledFuture<?> deadline =
        clock.schedule(() -> sendAway(socket), patience.toNanos(), TimeUnit.NANOSECONDS);
    present.put(socket, new Newcomer(socket.getInetAddress(), deadline));
  }

  private Socket oldestOfTheMost() {
    Map<InetAddress, Integer> counts = new HashMap<>();
    present.values().forEach(each -> counts.merge(each.from(), 1, Integer::sum));
    int highest = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    return present.entrySet().stream()
        .filter(each -> counts.getOrDefault(each.getValue().from(), 0) == highest)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private synchronized void sendAway(Socket socket) {
    if (leave(socket)) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("a connection without a login did not end", e);
      }
    }
  }

  /**
   * Forgets a connection that has proved who it is, or has ended.
   *
   * @return whether it was still here; one that was not has been closed
   */
  synchronized boolean leave(Socket socket) {
    Newcomer known = present.remove(socket);
    if (known != null) {
      known.deadline().cancel(false);
    }
    return known != null;
  }

  synchronized int count() {
    return present.size();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
