package weir.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bound on bytes that several threads share. One who needs more than all waits for all. */
final class InFlight {
  private final long max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition givenBack = lock.newCondition();
  private long taken;

  InFlight(long max) {
    this.max = max;
  }

  /**
   * Takes bytes, once there are as many.
   *
   * @throws Ending.Stopped if the processor ends meanwhile
   */
  void take(long bytes, Ending ending) throws InterruptedException {
    lock.lock();
    try {
      while (taken > 0 && taken + bytes > max) {
        ending.checkAsked();
        givenBack.await(RawFeed.LOOK.toMillis(), TimeUnit.MILLISECONDS);
      }
      taken += bytes;
    } finally {
      lock.unlock();
    }
  }

  void giveBack(long bytes) {
    lock.lock();
    try {
      taken -= bytes;
      givenBack.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
