package weir.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the steps of all deliveries, each on a virtual thread of its own, so many at a time. Those
 * whose receiver was slow the last time share a quarter of the places among themselves: however
 * many receivers are slow or dead, the others do not wait for them.
 */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LOOK_FOR_EXPIRED = Duration.ofMinutes(1);
  private static final long JOIN_MILLIS = 2_000;

  private final Step step;
  private final LongSupplier ticker;
  private final Semaphore places;
  private final Semaphore troubledPlaces;
  private final Map<String, Round> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("deliveries").daemon().factory());
  private volatile boolean closed;

  /**
   * What was done for one.
   *
   * @param pause until there is more to do; empty if it is over
   * @param sent whether its receiver was asked
   */
  record Turn(Optional<Duration> pause, boolean sent) {}

  /** Does the next thing there is to do for one. */
  interface Step {
    Turn of(String id) throws IOException, InterruptedException;
  }

  /** Something that is done now and then; answers how much there was to do. */
  interface Chore {
    int run();
  }

  /**
   * @param places how many steps at a time
   * @param ticker nanoseconds, for durations
   */
  Rounds(Step step, Chore chore, int places, LongSupplier ticker) {
    this.step = step;
    this.ticker = ticker;
    this.troubledPlaces = new Semaphore(Math.max(1, places / 4), true);
    this.places = new Semaphore(Math.max(1, places - places / 4), true);
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            chore.run();
          } catch (RuntimeException e) {
            LOG.warn("expired dead letters stay for now", e);
          }
        },
        0,
        LOOK_FOR_EXPIRED.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** One delivery's thread. */
  private final class Round implements Runnable {
    private final String id;
    private final Semaphore awake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean troubled;

    Round(String id) {
      this.id = id;
      this.thread = Thread.ofVirtual().name("delivery-" + id).unstarted(this);
    }

    @Override
    public void run() {
      try {
        while (!closed) {
          awake.drainPermits();
          Optional<Duration> wait = turn();
          if (wait.isPresent()) {
            awake.tryAcquire(wait.get().toNanos(), TimeUnit.NANOSECONDS);
          } else if (leaves()) {
            return;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        running.remove(id, this);
      }
    }

    /** Whether nobody has woken it since it found nothing to do. */
    private boolean leaves() {
      return running.compute(id, (ignored, round) -> awake.tryAcquire() ? round : null) == null;
    }

    private Optional<Duration> turn() throws InterruptedException {
      Semaphore place = troubled ? troubledPlaces : places;
      place.acquire();
      long begin = ticker.getAsLong();
      try {
        Turn turn = step.of(id);
        if (turn.sent()) {
          troubled = ticker.getAsLong() - begin > SLOW.toNanos();
        }
        return turn.pause();
      } catch (IOException | RuntimeException e) {
        LOG.warn("a delivery waits", e);
        return Optional.of(AFTER_FAILURE);
      } finally {
        place.release();
      }
    }
  }

  /** There is something to do for one. */
  void wake(String id) {
    running.compute(
        id,
        (ignored, round) -> {
          Round now = round;
          if (now == null && !closed) {
            now = new Round(id);
            now.thread.start();
          }
          if (now != null) {
            now.awake.release();
          }
          return now;
        });
  }

  int size() {
    return running.size();
  }

  long troubled() {
    return running.values().stream().filter(round -> round.troubled).count();
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    running.values().forEach(round -> round.thread.interrupt());
    for (Round round : running.values()) {
      try {
        round.thread.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
