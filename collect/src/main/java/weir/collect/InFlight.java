package weir.collect;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of bodies that are held, from their arrival until they are stored: bounded, and shared
 * fairly.
 *
 * <p>Nobody holds more than is free, as in the buffers of switches (Choudhury and Hahne, Dynamic
 * Queue Length Thresholds, 1998): one who sends without end gets half, two get a third each, and
 * who comes then always finds room. A single body may take what there is. Who sends is told by the
 * write key; until that is known, by the address, of which several may count as one.
 */
final class InFlight {
  private static final int STRANGERS = 256;

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final Map<String, Share> byKey = new ConcurrentHashMap<>();
  private final Share[] strangers = new Share[STRANGERS];

  /** What one sender holds. */
  static final class Share {
    private final AtomicLong held = new AtomicLong();

    private Share() {}
  }

  InFlight(long limit) {
    this.limit = limit;
    for (int i = 0; i < STRANGERS; i++) {
      strangers[i] = new Share();
    }
  }

  /** The share of a write key that there is. */
  Share of(WriteKey key) {
    Share known = byKey.get(key.key());
    return known != null ? known : byKey.computeIfAbsent(key.key(), ignored -> new Share());
  }

  /** The share of who sends from an address and has named no key yet. */
  Share of(String address) {
    int hash = address.hashCode();
    return strangers[(hash ^ hash >>> 16) & (STRANGERS - 1)];
  }

  /**
   * Reserves so many more bytes of a body, or none of them.
   *
   * @param own what is reserved for this body already
   */
  boolean reserve(Share share, int own, int more) {
    long all = bytes.addAndGet(more);
    if (all <= limit && take(share, own + more, more, limit - all)) {
      return true;
    }
    bytes.addAndGet(-more);
    return false;
  }

  private static boolean take(Share share, int own, int more, long free) {
    long held = share.held.addAndGet(more);
    if (held <= free || held == own) {
      return true;
    }
    share.held.addAndGet(-more);
    return false;
  }

  /** Counts a body as another sender's from now on, unless that one holds too much for it. */
  boolean move(Share from, Share to, int own) {
    if (from == to) {
      return true;
    }
    if (!take(to, own, own, limit - bytes.get())) {
      return false;
    }
    from.held.addAndGet(-own);
    return true;
  }

  void release(Share share, int fewer) {
    share.held.addAndGet(-fewer);
    bytes.addAndGet(-fewer);
  }

  long bytes() {
    return bytes.get();
  }
}
