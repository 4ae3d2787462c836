package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends batches, several at a time, and knows up to which row all is stored. Its methods are called
 * by one thread.
 */
final class Sending implements AutoCloseable {
  private static final int IN_FLIGHT = 4;

  private final Collector collector;
  private final Refusals refusals;
  private final RowSource source;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("import-send-", 0).factory());
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private Delivered delivered = Delivered.NOTHING;
  private long storedRows;

  private record UnderWay(Batch batch, Future<Delivered> done) {}

  /**
   * What became of events that were sent.
   *
   * @param accepted stored, and will be in {@code events}
   * @param quarantined stored, but in {@code bad_events}
   * @param refused not stored
   */
  record Delivered(long accepted, long quarantined, long refused) {
    static final Delivered NOTHING = new Delivered(0, 0, 0);

    Delivered plus(Delivered other) {
      return new Delivered(
          accepted + other.accepted, quarantined + other.quarantined, refused + other.refused);
    }
  }

  /**
   * @param source of the rows, which can write them
   */
  Sending(Collector collector, Refusals refusals, RowSource source) {
    this.collector = collector;
    this.refusals = refusals;
    this.source = source;
  }

  /** Sends a batch, once there is room for it. */
  void send(Batch batch) throws IOException, InterruptedException {
    while (underWay.size() >= IN_FLIGHT) {
      awaitOldest();
    }
    Future<Delivered> done =
        batch.events().isEmpty()
            ? CompletableFuture.completedFuture(Delivered.NOTHING)
            : threads.submit(() -> deliver(batch));
    underWay.add(new UnderWay(batch, done));
    while (!underWay.isEmpty() && underWay.element().done().isDone()) {
      awaitOldest();
    }
  }

  /** Waits for all that was sent. */
  void finish() throws IOException, InterruptedException {
    while (!underWay.isEmpty()) {
      awaitOldest();
    }
  }

  private void awaitOldest() throws IOException, InterruptedException {
    UnderWay oldest = underWay.element();
    try {
      delivered = delivered.plus(oldest.done().get());
    } catch (ExecutionException e) {
      throw new IOException(
          e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e.getCause());
    }
    underWay.remove();
    storedRows = oldest.batch().rows();
  }

  private Delivered deliver(Batch batch) throws IOException, InterruptedException {
    JsonNode answer;
    try {
      answer = collector.post("/v1/import", batch.body());
    } catch (Collector.RefusedException e) {
      if (!e.isTooLarge()) {
        throw e;
      }
      if (batch.events().size() == 1) {
        Row.Values row = batch.events().getFirst().row();
        refusals.add(row.line(), "it is too large for a request", source.text(row));
        return new Delivered(0, 0, 1);
      }
      Delivered both = Delivered.NOTHING;
      for (Batch half : batch.halves()) {
        both = both.plus(deliver(half));
      }
      return both;
    }
    JsonNode set = answer.path("quarantined");
    for (JsonNode each : set) {
      int index = each.path("index").asInt();
      String reason = each.path("reason").asText() + " (kept in bad_events)";
      refusals.add(batch.events().get(index).line(), reason);
    }
    return new Delivered(batch.events().size() - set.size(), set.size(), 0);
  }

  /** What became of all rows before {@link #storedRows}. */
  Delivered delivered() {
    return delivered;
  }

  /** All rows before this one are stored or refused; 0 as long as nothing is known. */
  long storedRows() {
    return storedRows;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
