package weir.log.embedded;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The durable end as the writer itself knows it; wakes the readers of its process. */
final class LiveEnd implements DurableEnd {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile Extent extent;

  LiveEnd(Extent extent) {
    this.extent = extent;
  }

  void move(Extent to) {
    lock.lock();
    try {
      extent = to;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Extent now() {
    return extent;
  }

  @Override
  public boolean awaitPast(long position, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (extent.end() <= position && left > 0) {
        left = moved.awaitNanos(left);
      }
      return extent.end() > position;
    } finally {
      lock.unlock();
    }
  }
}
