package weir.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import weir.testkit.EventGenerator;

/** Sends events at a steady rate, however long answers take. */
final class SteadyLoad implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final WeirProcess weir;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean ended;

  SteadyLoad(WeirProcess weir) {
    this.weir = weir;
  }

  /** Sends a batch every 20 ms until {@link #end}; for a thread of its own. */
  void run(int perSecond, long seed, InstantSource clock, LongSupplier ticker) {
    Duration step = Duration.ofSeconds(1).dividedBy(perSecond);
    EventGenerator generator = new EventGenerator(seed, clock.instant(), step);
    int each = Math.max(1, (int) (perSecond * TICK.toMillis() / 1_000));
    long next = ticker.getAsLong();
    while (!ended) {
      var events = Stream.generate(generator::next).limit(each).toList();
      post(EventGenerator.batch(events), each);
      next += TICK.toNanos();
      LockSupport.parkNanos(Math.max(0, next - ticker.getAsLong()));
    }
  }

  /** Sends the body of one batch call and does not wait for the answer. */
  void post(byte[] body, int events) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + weir.port() + "/v1/batch"))
            .header("Authorization", "Bearer " + weir.writeKey())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    var _ =
        http.sendAsync(request, BodyHandlers.discarding())
            .whenComplete((response, failure) -> {
              boolean taken = failure == null && response.statusCode() == 200;
              (taken ? accepted : refused).addAndGet(events);
            });
  }

  /** Events that were answered 200. */
  long accepted() {
    return accepted.get();
  }

  /** Events that were answered otherwise, or not. */
  long refused() {
    return refused.get();
  }

  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /** Ends it, and waits for the answers under way. */
  @Override
  public void close() {
    ended = true;
    http.close();
  }
}
