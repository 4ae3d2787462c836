package weir.log.embedded;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The durable end as another process publishes it. Where the published file is missing or broken,
 * only what lies before the newest segment is known to be durable, since a segment begins at the
 * durable end of its time.
 */
final class PublishedEnd implements DurableEnd, AutoCloseable {
  private static final long FIRST_WAIT_NANOS = 500_000;
  private static final long LONGEST_WAIT_NANOS = 5_000_000;
  private static final int ATTEMPTS = 3;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();
  private final LogDirectory directory;
  private @Nullable DurableFile file;
  private @Nullable Extent known;

  PublishedEnd(LogDirectory directory) {
    this.directory = directory;
  }

  @Override
  public Extent now() throws IOException {
    lock.lock();
    try {
      Extent published = published();
      Extent before = known;
      if (published == null && before == null) {
        long base = directory.newest().orElse(0);
        return new Extent(base, base);
      }
      if (before == null || (published != null && published.end() >= before.end())) {
        known = published;
      }
      return known == null ? new Extent(0, 0) : known;
    } finally {
      lock.unlock();
    }
  }

  /** Polls: a read of a few cached bytes, at first every 0.5 ms, then every 5 ms. */
  @Override
  public boolean awaitPast(long position, Duration atMost)
      throws InterruptedException, IOException {
    long left = atMost.toNanos();
    long step = FIRST_WAIT_NANOS;
    while (now().end() <= position) {
      if (left <= 0) {
        return false;
      }
      long wait = Math.min(step, left);
      left -= wait - pause(wait);
      step = Math.min(step * 2, LONGEST_WAIT_NANOS);
    }
    return true;
  }

  private long pause(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return never.awaitNanos(nanos);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Extent published() throws IOException {
    if (file == null) {
      try {
        file = DurableFile.open(directory.files(), directory.path());
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    try {
      Extent extent = null;
      for (int i = 0; i < ATTEMPTS && extent == null; i++) {
        extent = file.read();
      }
      return extent;
    } catch (IOException e) {
      // An interrupt closes the channel; the next reader opens it again.
      file.close();
      file = null;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (file != null) {
        file.close();
        file = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
