package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A steady load for a long time, with questions beside it: what the processes hold in memory, files
 * and disk should be the same late as early.
 */
final class Soak {
  private static final double FLAT = 1.1;
  private static final Duration SAMPLE = Duration.ofSeconds(10);
  private static final int SAMPLES_A_LINE = 6;
  private static final Duration TO_SETTLE = Duration.ofMinutes(10);
  private static final String QUESTION =
      "select event, count(*) as n, count(distinct actor) from events"
          + " where timestamp > now() - interval 10 minutes group by event order by n desc";

  /** What is replaced goes within the run, and does not look like growth. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "lake.commit_interval", "30s",
          "lake.quiet_commit_interval", "30s",
          "lake.snapshot_age", "6m",
          "query.max_timeout", "5m");

  private final Path data;
  private final int perSecond;
  private final Duration length;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final List<Sample> samples = new ArrayList<>();

  Soak(
      Path work,
      int perSecond,
      Duration length,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out) {
    this.data = work.resolve("data");
    this.perSecond = perSecond;
    this.length = length;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /** What is held at one moment: megabytes, and open files. */
  private record Sample(
      long events, double memory, long handles, double logs, double ids, double lake) {
    double lakeOfEvent() {
      return lake * 1e6 / events;
    }
  }

  /** Runs, printing a line a minute. */
  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    Files.createDirectories(data);
    out.printf("%,d events a second for %d minutes%n", perSecond, length.toMinutes());
    out.println("minute       events  resident MB  handles  logs MB  ids MB  lake MB");
    try (WeirProcess weir = WeirProcess.start(data, SETTINGS);
        SteadyLoad load = new SteadyLoad(weir)) {
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .name("load")
              .start(() -> load.run(perSecond, 1, clock, ticker));
      watch(weir, load);
      load.end();
      sender.join();
      weir.awaitEvents(load.accepted(), TO_SETTLE);
      figures.note("events accepted", load.accepted());
      figures.atMost("events refused", load.refused(), 0);
      boolean balanced = weir.ledger().balanced();
      figures.atMost("ledger out of balance", balanced ? 0 : 1, 0);
    }
    report(figures);
  }

  private void watch(WeirProcess weir, SteadyLoad load) throws IOException, InterruptedException {
    long began = ticker.getAsLong();
    for (int i = 1; ticker.getAsLong() - began < length.toNanos(); i++) {
      long due = began + SAMPLE.toNanos() * i;
      LockSupport.parkNanos(Math.max(0, due - ticker.getAsLong()));
      weir.column(QUESTION);
      samples.add(sample(weir, load.accepted()));
      if (i % SAMPLES_A_LINE == 0) {
        print(i / SAMPLES_A_LINE, samples.getLast());
      }
    }
  }

  private void print(int minute, Sample now) {
    out.printf(
        "%6d  %,11d  %11.0f  %7d  %7.0f  %6.0f  %7.0f%n",
        minute, now.events(), now.memory(), now.handles(), now.logs(), now.ids(), now.lake());
  }

  private Sample sample(WeirProcess weir, long events) throws IOException {
    double memory = 0;
    long handles = 0;
    for (String role : WeirProcess.ROLES) {
      Path process = Path.of("/proc", Long.toString(weir.pid(role).orElse(0)));
      if (Files.isDirectory(process)) {
        memory += resident(process);
        handles += handles(process);
      }
    }
    double logs = megabytes("raw") + megabytes("clean");
    return new Sample(events, memory, handles, logs, megabytes("duplicates"), megabytes("lake"));
  }

  private double megabytes(String part) throws IOException {
    Path folder = data.resolve(part);
    return Files.exists(folder) ? Trees.content(folder).bytes() / 1e6 : 0;
  }

  private static double resident(Path process) throws IOException {
    for (String line : Files.readAllLines(process.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    return 0;
  }

  private static long handles(Path process) throws IOException {
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return open.count();
    }
  }

  /** What is flat has its highest in the last third hardly above that in the middle third. */
  private void report(Figures figures) {
    flat(figures, "memory", Sample::memory);
    flat(figures, "handles", Sample::handles);
    flat(figures, "logs on disk", Sample::logs);
    flat(figures, "lake on disk, of an event", Sample::lakeOfEvent);
    Sample last = samples.getLast();
    figures.note("resident at the end (MB)", last.memory());
    figures.note("ids on disk, of an event (bytes)", last.ids() * 1e6 / last.events());
    figures.note("lake on disk, of an event (bytes)", last.lakeOfEvent());
  }

  private void flat(Figures figures, String name, ToDoubleFunction<Sample> value) {
    int third = samples.size() / 3;
    double middle = highest(samples.subList(third, 2 * third), value);
    double late = highest(samples.subList(2 * third, samples.size()), value);
    figures.atMost(name + ", last third of the middle one", late / middle, FLAT);
  }

  private static double highest(List<Sample> some, ToDoubleFunction<Sample> value) {
    return some.stream().mapToDouble(value).max().orElse(Double.NaN);
  }
}
