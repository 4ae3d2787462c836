package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.Appended;
import weir.log.EventLog;

/**
 * Appends batches to the clean log, one after the other, on a thread of its own: while one is being
 * synced, the next waits and the one after it is being made. New property columns are committed
 * before the frames that use them.
 *
 * <p>A full log, or a full disk beside it, is tried again until it has room. A log that has failed
 * ends the processor: only a new look at what is durable tells where to go on.
 */
final class CleanAppender implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(CleanAppender.class);
  private static final Duration FULL_PAUSE = Duration.ofMillis(50);
  private static final long LOOK_MILLIS = 100;

  private final EventLog clean;
  private final PropertySchema schema;
  private final Ending ending;
  private final MeterRegistry metrics;
  private final Timer appends;
  private final Counter fulls;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable CleanBatch waiting;
  private boolean working;
  private boolean closed;
  private boolean gone;
  private Progress progress;
  private volatile String trouble = "";

  /**
   * What is durable.
   *
   * @param cleanEnd the position after the last clean frame
   * @param last the raw event that it decides; null if there is none
   * @param rawNext the raw log is done with up to here
   */
  record Progress(Position cleanEnd, @Nullable RawPosition last, Position rawNext) {}

  CleanAppender(
      EventLog clean, PropertySchema schema, Progress start, Ending ending, MeterRegistry metrics) {
    this.clean = clean;
    this.schema = schema;
    this.progress = start;
    this.ending = ending;
    this.metrics = metrics;
    this.appends =
        Timer.builder("weir_process_append_seconds")
            .description("Time to make a batch of clean frames durable")
            .register(metrics);
    this.fulls =
        Counter.builder("weir_process_clean_log_full")
            .description("Appends that the clean log had no room for, and that were tried again")
            .register(metrics);
  }

  Progress progress() {
    lock.lock();
    try {
      return progress;
    } finally {
      lock.unlock();
    }
  }

  /** Hands a batch over if none is waiting. */
  boolean offer(CleanBatch batch) {
    lock.lock();
    try {
      if (waiting != null) {
        return false;
      }
      waiting = batch;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands a batch over once there is room.
   *
   * @throws Ending.Stopped if the processor ends meanwhile
   */
  void put(CleanBatch batch) throws InterruptedException {
    lock.lock();
    try {
      while (waiting != null) {
        pause();
      }
      waiting = batch;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything that was handed over is durable. */
  Progress awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      while (waiting != null || working) {
        pause();
      }
      return progress;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the raw log is done with up to a position; false if it was not in time. */
  boolean awaitRaw(Position position, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (progress.rawNext().isBefore(position) && left > 0) {
        ending.check();
        long look = Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        left -= look - Math.max(0, changed.awaitNanos(look));
      }
      return !progress.rawNext().isBefore(position);
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    ending.check();
    if (gone) {
      throw new Ending.Stopped();
    }
    changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void run() {
    try {
      for (CleanBatch batch = take(); batch != null; batch = take()) {
        commit(batch.growth());
        done(batch, append(batch));
        trouble = "";
      }
    } catch (Ending.Stopped e) {
      LOG.debug("appending ends with the processor");
    } catch (IOException | RuntimeException | InterruptedException e) {
      ending.fail(e);
    } finally {
      leave();
    }
  }

  /** Why nothing can be stored now; empty if it can. */
  String trouble() {
    return trouble;
  }

  private void commit(SchemaGrowth growth) throws InterruptedException {
    while (true) {
      try {
        schema.commit(growth);
        return;
      } catch (RuntimeException e) {
        if (!Passing.is(e)) {
          throw e;
        }
        tell("no room for new properties: " + e.getMessage());
        awaitRoom();
      }
    }
  }

  private void tell(String why) {
    if (trouble.isEmpty()) {
      LOG.warn("decided events cannot be stored and are tried again: {}", why);
    }
    trouble = "decided events cannot be stored: " + why;
  }

  private void leave() {
    lock.lock();
    try {
      gone = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable CleanBatch take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting == null) {
        if (closed) {
          return null;
        }
        pause();
      }
      CleanBatch batch = waiting;
      waiting = null;
      working = true;
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Position append(CleanBatch batch) throws IOException, InterruptedException {
    if (batch.frames().isEmpty()) {
      return null;
    }
    while (true) {
      Timer.Sample sample = Timer.start(metrics);
      switch (clean.append(batch.frames())) {
        case Appended.Stored stored -> {
          sample.stop(appends);
          return stored.end();
        }
        case Appended.Full full -> {
          fulls.increment();
          tell(full.why());
          awaitRoom();
        }
      }
    }
  }

  private void awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      if (closed || ending.isAsked()) {
        throw new Ending.Stopped();
      }
      changed.await(FULL_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      lock.unlock();
    }
  }

  private void done(CleanBatch batch, @Nullable Position end) {
    lock.lock();
    try {
      progress =
          new Progress(
              end == null ? progress.cleanEnd() : end,
              batch.last() == null ? progress.last() : batch.last(),
              batch.rawNext());
      working = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends {@link #run} once nothing waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
