package weir.server.webhook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.metadata.WebhookRequests;

/**
 * Keeps the last requests of each webhook, as they are decoded. A second's worth is written at
 * once, and only the last of it, so that the fastest service costs no more than a slow one. A kill
 * can cost that second; the events are in the log in any case. Where more comes than may wait, a
 * webhook keeps fewer. Safe for use by several threads.
 */
final class RecentRequests implements AutoCloseable {
  /** Larger ones are not kept. */
  static final int LARGEST = 128 << 10;

  /** What all that wait may take, however many webhooks there are and however slow the disk. */
  static final long MOST_WAITING = 32 << 20;

  /** What a request takes beside its body. */
  private static final int BESIDE = 1 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(RecentRequests.class);
  private static final long PERIOD_MILLIS = 1_000;

  private final WebhookRequests store;
  private final RawRequestCodec codec = new RawRequestCodec();
  private final ScheduledExecutorService writing;
  private final Object writes = new Object();
  private Map<String, Deque<RawRequest>> waiting = new HashMap<>();
  private long waitingBytes;

  private RecentRequests(WebhookRequests store, ScheduledExecutorService writing) {
    this.store = store;
    this.writing = writing;
  }

  static RecentRequests start(WebhookRequests store) {
    RecentRequests requests =
        new RecentRequests(
            store,
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("weir-webhook-requests").daemon().factory()));
    requests.writing.scheduleWithFixedDelay(
        requests::flush, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return requests;
  }

  /** Takes a request that is about to be decoded. Does not block. */
  void note(RawRequest request) {
    if (request.body().length > LARGEST) {
      return;
    }
    synchronized (this) {
      Deque<RawRequest> own = waiting.computeIfAbsent(request.key(), id -> new ArrayDeque<>());
      while (!own.isEmpty()
          && (own.size() >= WebhookRequests.KEPT || waitingBytes + size(request) > MOST_WAITING)) {
        waitingBytes -= size(own.removeFirst());
      }
      if (waitingBytes + size(request) <= MOST_WAITING) {
        waitingBytes += size(request);
        own.addLast(request);
      }
    }
  }

  private static long size(RawRequest request) {
    return request.body().length + BESIDE;
  }

  /** What those that wait take. */
  synchronized long waitingBytes() {
    return waitingBytes;
  }

  /** The last requests of a webhook, the newest first. */
  List<RawRequest> last(String webhook, int limit) {
    flush();
    return store.last(webhook, limit).stream().map(codec::decode).toList();
  }

  private void flush() {
    synchronized (writes) { // in the order in which they came
      Map<String, Deque<RawRequest>> taken;
      synchronized (this) {
        taken = waiting;
        waiting = new HashMap<>();
        waitingBytes = 0;
      }
      List<WebhookRequests.Kept> kept = new ArrayList<>();
      taken
          .values()
          .forEach(requests ->
              requests.forEach(each ->
                  kept.add(new WebhookRequests.Kept(each.key(), each.id(), codec.encode(each)))));
      try {
        if (!kept.isEmpty()) {
          store.add(kept);
        }
      } catch (RuntimeException e) {
        LOG.warn("the last requests of webhooks cannot be kept", e);
      }
    }
  }

  @Override
  public void close() {
    writing.shutdownNow();
    flush();
  }
}
