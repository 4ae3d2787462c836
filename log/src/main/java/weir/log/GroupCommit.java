package weir.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends frames of many submitters with one write and one fsync for all that wait: one thread
 * takes the whole queue, appends it as one batch, then tells everybody, and finds the next batch
 * waiting. Safe for use by several threads; frames keep the order of their submission.
 */
public final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private final EventLog log;
  private final long maxQueuedBytes;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition waiting = lock.newCondition();
  private Batch next = new Batch();
  private long queuedBytes;
  private boolean idle;
  private boolean closed;

  /** Told the outcome on the log's thread, exactly once; must not block. */
  public interface Callback {
    /**
     * How it ended, with certainty. {@link Appended.Stored} names the whole group's first position
     * and end.
     */
    void done(Appended outcome);

    /**
     * A {@link LogFailedException} means that it is not certain whether the frame is stored, an
     * {@link IllegalArgumentException} that the log does not take it, so it is not.
     */
    void failed(Exception failure);
  }

  private static final class Batch {
    final List<byte[]> frames = new ArrayList<>();
    final List<Callback> callbacks = new ArrayList<>();
    long bytes;

    void clear() {
      frames.clear();
      callbacks.clear();
      bytes = 0;
    }
  }

  /**
   * Starts the thread. The log stays its owner's to close, after this.
   *
   * @param maxQueuedBytes how much may wait, including what is being written
   */
  public GroupCommit(EventLog log, long maxQueuedBytes, String threadName) {
    if (maxQueuedBytes <= 0) {
      throw new IllegalArgumentException("maxQueuedBytes is not positive: " + maxQueuedBytes);
    }
    this.log = log;
    this.maxQueuedBytes = maxQueuedBytes;
    this.thread = Thread.ofPlatform().name(threadName).unstarted(this::run);
    thread.start();
  }

  /**
   * Queues a frame, which must not be changed from then on, and returns at once.
   *
   * @return false if the queue is full or closed; the callback is never told then
   * @throws IllegalArgumentException if the frame is empty
   */
  public boolean submit(byte[] frame, Callback callback) {
    if (frame.length == 0) {
      throw new IllegalArgumentException("an empty frame");
    }
    lock.lock();
    try {
      if (closed || queuedBytes + frame.length > maxQueuedBytes) {
        return false;
      }
      queuedBytes += frame.length;
      next.frames.add(frame);
      next.callbacks.add(callback);
      next.bytes += frame.length;
      if (idle) {
        waiting.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes wait or are being written. */
  public long queuedBytes() {
    lock.lock();
    try {
      return queuedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more, appends what waits, and returns when everybody was told. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Batch spare = new Batch();
    while (true) {
      Batch batch = take(spare);
      if (batch.frames.isEmpty()) {
        return;
      }
      append(batch);
      spare = batch;
    }
  }

  /** Exchanges the waiting batch for the last one, which is done; empty once all is over. */
  private Batch take(Batch done) {
    lock.lock();
    try {
      queuedBytes -= done.bytes;
      done.clear();
      while (next.frames.isEmpty() && !closed) {
        idle = true;
        waiting.awaitUninterruptibly();
      }
      idle = false;
      Batch batch = next;
      next = done;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void append(Batch batch) {
    Appended outcome;
    try {
      outcome = log.append(batch.frames);
    } catch (IllegalArgumentException e) {
      appendSingly(batch);
      return;
    } catch (IOException | RuntimeException e) {
      batch.callbacks.forEach(callback -> fail(callback, e));
      return;
    } catch (Error e) {
      LOG.error("the log failed", e);
      LogFailedException failure = new LogFailedException("the log failed: " + e, e);
      batch.callbacks.forEach(callback -> fail(callback, failure));
      return;
    }
    for (Callback callback : batch.callbacks) {
      tell(callback, outcome);
    }
  }

  /** One frame that the log does not take must not fail the others. */
  private void appendSingly(Batch batch) {
    for (int i = 0; i < batch.frames.size(); i++) {
      Callback callback = batch.callbacks.get(i);
      Appended outcome;
      try {
        outcome = log.append(List.of(batch.frames.get(i)));
      } catch (IOException | RuntimeException e) {
        fail(callback, e);
        continue;
      } catch (Error e) {
        LOG.error("the log failed", e);
        fail(callback, new LogFailedException("the log failed: " + e, e));
        continue;
      }
      tell(callback, outcome);
    }
  }

  private static void tell(Callback callback, Appended outcome) {
    try {
      callback.done(outcome);
    } catch (RuntimeException e) {
      LOG.error("a callback threw", e);
    }
  }

  private static void fail(Callback callback, Exception failure) {
    try {
      callback.failed(failure);
    } catch (RuntimeException e) {
      LOG.error("a callback threw", e);
    }
  }
}
