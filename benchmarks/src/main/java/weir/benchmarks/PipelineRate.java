package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import weir.lake.LakeTable;

/** From a raw log that is full of requests to committed Parquet: events a second. */
final class PipelineRate {
  /** With all default enrichments. */
  private static final double LEAST_RATE = 60_000;

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Path work;
  private final int events;
  private final int batch;
  private final int rounds;
  private final boolean plugin;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;
  private int columns;

  /**
   * Prepares to measure.
   *
   * @param events in the raw log
   * @param batch events in a request
   * @param rounds measured ones; another one before them warms up
   * @param plugin whether events pass a plug-in that adds a property
   */
  PipelineRate(
      Path work,
      int events,
      int batch,
      int rounds,
      boolean plugin,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out) {
    this.work = work;
    this.events = events;
    this.batch = batch;
    this.rounds = rounds;
    this.plugin = plugin;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, and prints each round. A collector runs beside, as it does in life. */
  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    List<Double> rates = new ArrayList<>();
    try (NotingRun plugins = NotingRun.start(work, plugin, clock, ticker);
        WeirProcess collector = WeirProcess.start(work.resolve("collector"), Map.of())) {
      collector.stop();
      collector.restart("collect");
      collector.awaitReady(collector.port());
      for (int round = 0; round <= rounds; round++) {
        Path data = work.resolve("round-" + round);
        double rate = measure(data, round, plugins);
        if (round > 0) {
          rates.add(rate);
        }
        Trees.delete(data);
      }
    }
    double median = rates.stream().sorted().toList().get(rates.size() / 2);
    figures.note("columns of the table", columns);
    String what = "raw log to Parquet, %d a request, events a second".formatted(batch);
    if (plugin) {
      figures.note(what + ", through a plug-in", Math.round(median));
    } else {
      figures.atLeast(what, median, LEAST_RATE);
    }
  }

  private double measure(Path data, int round, NotingRun plugins)
      throws IOException, InterruptedException, TimeoutException {
    long bytes = RawLogs.fill(data, events, batch, round, clock);
    long start = ticker.getAsLong();
    long rows;
    double seconds;
    try (EmbeddedEngine engine =
        EmbeddedEngine.openWithPlugins(
            data, EmbeddedEngine.largeLogs(), clock, ticker, plugins::of)) {
      engine.awaitCommitted(LIMIT);
      seconds = (ticker.getAsLong() - start) / 1e9;
      LakeTable table = engine.lake().reader().snapshot("default").events();
      rows = table.rows();
      columns = table.columns().size();
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
