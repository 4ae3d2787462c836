package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import weir.query.Access;

/** Asks for the other project's rows all the time, and remembers the first wrong answer. */
final class Neighbour implements AutoCloseable {
  private static final String SQL =
      "select count(*) n, count(distinct event_id) ids, min(user_id) lo, max(actor) hi,"
          + " count(*) filter (where event = 'Signed Up') ups from events";

  private final HostileWorld world;
  private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
  private final AtomicLong answers = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  Neighbour(HostileWorld world) {
    this.world = world;
    this.thread = Thread.ofPlatform().name("neighbour").start(this::ask);
  }

  private void ask() {
    String first = null;
    while (!closed) {
      HostileWorld.Seen seen =
          world.run(Access.to(HostileWorld.OTHER), SQL, false, Duration.ofMinutes(1));
      first = first == null ? seen.text() : first;
      if (seen.error() != null
          || !seen.text().equals(first)
          || !first.contains(HostileWorld.OTHER_WORD)) {
        wrong.compareAndSet(null, seen.toString());
      }
      answers.incrementAndGet();
    }
  }

  /** Fails if any answer so far was wrong; waits for one that was asked from now on. */
  void check() {
    long before = answers.get();
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> answers.get() > before + 1);
    assertThat(wrong.get()).isNull();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }
}
