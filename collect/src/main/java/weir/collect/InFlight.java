package weir.collect;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of bodies that are held, from their arrival until they are stored: bounded. */
final class InFlight {
  private final long limit;
  private final AtomicLong bytes = new AtomicLong();

  InFlight(long limit) {
    this.limit = limit;
  }

  /** Reserves so many more, or none of them. */
  boolean reserve(int more) {
    if (bytes.addAndGet(more) <= limit) {
      return true;
    }
    bytes.addAndGet(-more);
    return false;
  }

  void release(int fewer) {
    bytes.addAndGet(-fewer);
  }

  long bytes() {
    return bytes.get();
  }
}
