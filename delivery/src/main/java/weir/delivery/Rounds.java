package weir.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the steps of all deliveries, each on a virtual thread of its own, so many at a time. A step
 * that takes long leaves its place to others after a second, so that nobody waits for receivers
 * that are slow or dead, however many they are; of those there are never more under way than there
 * are deliveries.
 */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LOOK_FOR_EXPIRED = Duration.ofMinutes(1);
  private static final long JOIN_MILLIS = 2_000;

  private final Step step;
  private final Semaphore places;
  private final Map<String, Round> running = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("deliveries").daemon().factory());
  private volatile boolean closed;

  /**
   * Does the next thing there is to do for one, told whether somebody has woken it; answers how
   * long to wait then, empty if it is over.
   */
  interface Step {
    Optional<Duration> of(String id, boolean told) throws IOException, InterruptedException;
  }

  /** Something that is done now and then; answers how much there was to do. */
  interface Chore {
    int run();
  }

  /**
   * @param places how many steps at a time
   */
  Rounds(Step step, Chore chore, int places) {
    this.step = step;
    this.places = new Semaphore(places, true);
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
    private volatile boolean slow;

    Round(String id) {
      this.id = id;
      this.thread = Thread.ofVirtual().name("delivery-" + id).unstarted(this);
    }

    @Override
    public void run() {
      boolean told = true;
      try {
        while (!closed) {
          Optional<Duration> wait = turn(told);
          if (wait.isPresent()) {
            told = awake.tryAcquire(wait.get().toNanos(), TimeUnit.NANOSECONDS);
          } else if (leaves()) {
            return;
          } else {
            told = true;
          }
          told |= awake.drainPermits() > 0;
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

    private Optional<Duration> turn(boolean told) throws InterruptedException {
      places.acquire();
      AtomicBoolean held = new AtomicBoolean(true);
      Runnable leave =
          () -> {
            if (held.getAndSet(false)) {
              places.release();
            }
          };
      Future<?> late =
          later(() -> {
            slow = true;
            leave.run();
          });
      try {
        return step.of(id, told);
      } catch (IOException | RuntimeException e) {
        LOG.warn("a delivery waits", e);
        return Optional.of(AFTER_FAILURE);
      } finally {
        if (late != null) {
          late.cancel(false);
        }
        leave.run();
        slow = false;
      }
    }

    private @Nullable Future<?> later(Runnable leave) {
      try {
        return timer.schedule(leave, SLOW.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        return null; // closed
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

  /** How many wait for a slow receiver now. */
  long slow() {
    return running.values().stream().filter(round -> round.slow).count();
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
