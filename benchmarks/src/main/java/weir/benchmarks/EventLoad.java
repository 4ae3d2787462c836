package weir.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;

/**
 * Sends events from several threads for as long as it is open, single ones and batches: mostly new
 * ids, some that were sent before, some that must go to quarantine. Whatever is not answered 200 is
 * not tried again, but its id may come up as one sent before.
 */
final class EventLoad implements AutoCloseable {
  /** Told of events as soon as they are answered 200, before anything else is sent. */
  interface Acknowledgements {
    void acknowledged(List<String> ids) throws IOException;
  }

  /**
   * How much is sent.
   *
   * @param threads each sends one request after the other
   * @param pause between two requests of a thread
   * @param largestBatch events in a request at most
   * @param grows whether now and then an event has a property that was never seen before
   */
  record Shape(int threads, Duration pause, int largestBatch, boolean grows) {}

  private final URI target;
  private final String authorization;
  private final Shape shape;
  private final IdBook book;
  private final Acknowledgements acknowledgements;
  private final String prefix;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  EventLoad(
      WeirProcess weir,
      long seed,
      Instant start,
      Shape shape,
      IdBook book,
      Acknowledgements acknowledgements) {
    this.target = URI.create("http://127.0.0.1:" + weir.port() + "/v1/batch");
    String user = weir.writeKey() + ":";
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    this.shape = shape;
    this.book = book;
    this.acknowledgements = acknowledgements;
    this.prefix = Long.toHexString(seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < shape.threads(); i++) {
      Sender sender = new Sender(i, random.split(), start);
      threads.add(Thread.ofPlatform().daemon().name("load-" + i).start(sender));
    }
  }

  private final class Sender implements Runnable {
    private final SplittableRandom random;
    private final EventMix mix;

    Sender(int number, SplittableRandom random, Instant start) {
      this.random = random;
      this.mix = new EventMix(prefix + "-" + number, random, start, shape.grows(), book);
    }

    @Override
    public void run() {
      try {
        while (!closed) {
          send();
          LockSupport.parkNanos(shape.pause().toNanos());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void send() throws InterruptedException {
      List<GeneratedEvent> events = new ArrayList<>();
      int count = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(shape.largestBatch());
      for (int i = 0; i < count; i++) {
        events.add(mix.next());
      }
      List<String> ids = events.stream().map(GeneratedEvent::id).toList();
      book.sending(ids);
      if (post(EventGenerator.batch(events))) {
        book.acknowledged(ids);
        try {
          acknowledgements.acknowledged(ids);
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }

    private boolean post(byte[] body) throws InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .timeout(Duration.ofSeconds(10))
              .header("Authorization", authorization)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      try {
        return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Stops sending; waits for the requests under way. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(15));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    http.shutdownNow();
  }
}
