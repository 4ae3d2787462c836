package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** From a raw log that is full of requests to committed Parquet: events a second. */
final class PipelineRate {
  static final double LEAST_RATE = 40_000;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Path work;
  private final int events;
  private final int batch;
  private final int rounds;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;

  /**
   * Prepares to measure.
   *
   * @param events in the raw log
   * @param batch events in a request
   * @param rounds measured ones; another one before them warms up
   */
  PipelineRate(
      Path work,
      int events,
      int batch,
      int rounds,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out) {
    this.work = work;
    this.events = events;
    this.batch = batch;
    this.rounds = rounds;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, prints, and returns the median. */
  double run() throws IOException, InterruptedException, TimeoutException {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      Path data = work.resolve("round-" + round);
      double rate = measure(data, round);
      if (round > 0) {
        rates.add(rate);
      }
      Trees.delete(data);
    }
    double median = rates.stream().sorted().toList().get(rates.size() / 2);
    Table table = new Table("raw log to Parquet", "events/s", "us/event", "of 40,000/s");
    table.row(
        "%,d events, %d a request".formatted(events, batch),
        "%,.0f".formatted(median),
        "%.1f".formatted(1e6 / median),
        "%.2f".formatted(median / LEAST_RATE));
    table.print(out);
    return median;
  }

  private double measure(Path data, int round)
      throws IOException, InterruptedException, TimeoutException {
    long bytes = RawLogs.fill(data, events, batch, round, clock);
    long start = ticker.getAsLong();
    long rows;
    double seconds;
    try (EmbeddedEngine engine =
        EmbeddedEngine.open(data, EmbeddedEngine.largeLogs(), clock, ticker)) {
      engine.awaitCommitted(LIMIT);
      seconds = (ticker.getAsLong() - start) / 1e9;
      rows = engine.lake().reader().snapshot("default").events().rows();
    }
    if (rows != events) {
      throw new IOException("the table has " + rows + " rows, not " + events);
    }
    out.printf(
        "%s: %,d events, %,d MB of raw log, %.2f s, %,.0f events/s%n",
        round == 0 ? "warm-up" : "round " + round, events, bytes >> 20, seconds, events / seconds);
    return events / seconds;
  }
}
