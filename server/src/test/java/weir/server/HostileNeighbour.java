package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Counts the other project's rows all the time, and remembers the first wrong answer. */
final class HostileNeighbour implements AutoCloseable {
  private final HostileDoors doors;
  private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
  private final AtomicLong answers = new AtomicLong();

  /** How many answers took as many milliseconds. */
  private final ConcurrentSkipListMap<Long, Long> times = new ConcurrentSkipListMap<>();

  private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();

  HostileNeighbour(HostileDoors doors) {
    this.doors = doors;
    asking.scheduleWithFixedDelay(this::ask, 0, 20, TimeUnit.MILLISECONDS);
  }

  private void ask() {
    long start = System.nanoTime();
    try {
      ApiCalls.Answer answer = doors.neighbour();
      if (answer.at("/rows/0/0").asLong(-1) != HostileDoors.EVENTS) {
        wrong.compareAndSet(null, answer.toString());
      }
    } catch (RuntimeException e) {
      wrong.compareAndSet(null, e.toString());
    }
    times.merge((System.nanoTime() - start) / 1_000_000, 1L, Long::sum);
    answers.incrementAndGet();
  }

  /** Fails if any answer so far was wrong; waits for one that was asked from now on. */
  void check() {
    long before = answers.get();
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> answers.get() > before + 1);
    assertThat(wrong.get()).isNull();
  }

  /** How many answers, and how long they took. */
  @Override
  public String toString() {
    return answers
        + " answers, ms at the median "
        + quantile(0.5)
        + ", p95 "
        + quantile(0.95)
        + ", longest "
        + quantile(1);
  }

  private long quantile(double share) {
    long left = Math.max(1, Math.round(answers.get() * share));
    for (var time : times.entrySet()) {
      left -= time.getValue();
      if (left <= 0) {
        return time.getKey();
      }
    }
    return times.isEmpty() ? 0 : times.lastKey();
  }

  @Override
  public void close() {
    asking.close();
  }
}
