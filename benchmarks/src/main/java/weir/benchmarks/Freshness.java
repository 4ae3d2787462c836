package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import weir.lake.reading.LakeReader;

/**
 * How long after its client timestamp an event answers SQL, while others come in at a steady rate,
 * and how long dashboards wait meanwhile.
 *
 * <p>Ten marked events a second are sent by themselves; one thread asks again and again which of
 * them it sees. So a figure holds the wait for the answer of that question, too.
 */
final class Freshness {
  private static final double LONGEST_SECONDS = 1;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration MARK_EVERY = Duration.ofMillis(100);
  private static final Duration TO_LOAD = Duration.ofMinutes(30);
  private static final Duration ROUND = Duration.ofSeconds(10);

  /** Commits as the product makes them, and a raw log that takes all that is there before. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "lake.commit_interval", "30s",
          "lake.quiet_commit_interval", "10m",
          "log.raw_limit", "32GiB");

  private final Path data;
  private final int perSecond;
  private final Duration length;
  private final List<List<Boards.Question>> boards;
  private final long stored;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final ConcurrentSkipListMap<Long, Long> marked = new ConcurrentSkipListMap<>();
  private final List<Double> fresh = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean ended;
  private long refused;

  /**
   * Prepares to measure.
   *
   * @param data a data directory with the events that are there before
   * @param boards each asks its questions every ten seconds
   * @param stored how many there are at least
   */
  Freshness(
      Path data,
      int perSecond,
      Duration length,
      List<List<Boards.Question>> boards,
      long stored,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out) {
    this.data = data;
    this.perSecond = perSecond;
    this.length = length;
    this.boards = boards;
    this.stored = stored;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, and prints how the times are spread. */
  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    try (WeirProcess weir = WeirProcess.start(data, SETTINGS);
        SteadyLoad load = new SteadyLoad(weir)) {
      if (stored > 0) {
        out.printf("loading %,d events%n", stored);
        weir.awaitEvents(stored, TO_LOAD);
        try (LakeReader lake = LakeReader.open(data.resolve("lake"))) {
          int files = CompactionRest.await(weir, lake, stored, ticker).size();
          out.printf("they lie in %d files%n", files);
        }
      }
      List<Thread> threads = new ArrayList<>();
      threads.add(start("load", () -> load.run(perSecond, 2, clock, ticker)));
      threads.add(start("marks", () -> mark(load)));
      threads.add(start("watch", () -> watch(weir)));
      for (List<Boards.Question> board : boards) {
        SplittableRandom random = new SplittableRandom(threads.size());
        threads.add(start("dashboard-" + threads.size(), () -> dashboard(weir, board, random)));
      }
      LockSupport.parkNanos(length.toNanos());
      ended = true;
      load.end();
      for (Thread thread : threads) {
        thread.join();
      }
      refused = load.refused();
    }
    report(figures);
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private Thread start(String name, Task task) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try {
            task.run();
          } catch (IOException e) {
            out.println(name + " ended: " + e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void mark(SteadyLoad load) throws InterruptedException {
    long next = ticker.getAsLong();
    for (long number = 1; !ended; number++) {
      marked.put(number, ticker.getAsLong());
      String event =
          "[{\"type\":\"track\",\"event\":\"mark\",\"userId\":\"m\",\"messageId\":\"mark-"
              + number
              + "\",\"properties\":{\"number\":"
              + number
              + "}}]";
      load.post(event.getBytes(StandardCharsets.UTF_8), 1);
      next += MARK_EVERY.toNanos();
      LockSupport.parkNanos(Math.max(0, next - ticker.getAsLong()));
    }
  }

  private void watch(WeirProcess weir) throws InterruptedException {
    while (!ended) {
      try {
        List<String> seen = weir.column("select cast(max(number) as bigint) as n from mark");
        long now = ticker.getAsLong();
        Map<Long, Long> visible = marked.headMap(Long.parseLong(seen.getFirst()), true);
        visible.forEach((number, at) -> fresh.add((now - at) / 1e9));
        visible.clear();
        LockSupport.parkNanos(MARK_EVERY.toNanos());
      } catch (IOException | NumberFormatException e) {
        LockSupport.parkNanos(PAUSE.toNanos()); // there is no such event yet
      }
    }
  }

  private void dashboard(WeirProcess weir, List<Boards.Question> board, SplittableRandom random)
      throws IOException, InterruptedException {
    LockSupport.parkNanos(random.nextLong(ROUND.toNanos()));
    while (!ended) {
      long begun = ticker.getAsLong();
      for (Boards.Question question : board) {
        long at = ticker.getAsLong();
        question.ask(weir);
        asked.add((ticker.getAsLong() - at) / 1e9);
      }
      LockSupport.parkNanos(Math.max(0, begun + ROUND.toNanos() - ticker.getAsLong()));
    }
  }

  private void report(Figures figures) {
    // the first fifth warms up
    double[] freshness = sorted(fresh.subList(fresh.size() / 5, fresh.size()));
    double[] questions = sorted(asked.subList(asked.size() / 5, asked.size()));
    Table table = new Table("seconds", "count", "median", "p95", "p99", "longest");
    row(table, "client timestamp to SQL", freshness);
    if (!boards.isEmpty()) {
      row(table, "a dashboard's question", questions);
    }
    table.print(out);
    out.printf(
        "%,d events/s for %d s, %d dashboards, %,d events before; %d events refused,"
            + " %d marks not seen yet at the end%n",
        perSecond, length.toSeconds(), boards.size(), stored, refused, marked.size());
    String with = !boards.isEmpty() ? ", " + boards.size() + " dashboards" : "";
    figures.atMost(
        "client timestamp to SQL" + with + ", p99 (s)",
        percentile(freshness, 0.99),
        LONGEST_SECONDS);
    if (!boards.isEmpty()) {
      figures.atMost(
          "a dashboard's question, p95 (s)", percentile(questions, 0.95), LONGEST_SECONDS);
    }
  }

  private static double[] sorted(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  private static void row(Table table, String name, double[] sorted) {
    table.row(
        name,
        "%,d".formatted(sorted.length),
        "%.3f".formatted(percentile(sorted, 0.5)),
        "%.3f".formatted(percentile(sorted, 0.95)),
        "%.3f".formatted(percentile(sorted, 0.99)),
        "%.3f".formatted(percentile(sorted, 1)));
  }

  private static double percentile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }
}
