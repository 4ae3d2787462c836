package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import weir.testkit.ChildProcess;
import weir.testkit.EventGenerator;
import weir.testkit.FreePorts;
import weir.testkit.GeneratedEvent;

/**
 * The collector alone, on an otherwise idle machine, beside an echo that stores nothing: the same
 * requests from the same load generator, in turns, so that a noisy neighbour meets both.
 */
final class CollectRate {
  private static final double LEAST_RATIO = 0.65;
  private static final double LEAST_EVENTS = 150_000;
  private static final int CONNECTIONS = 64;
  private static final int BATCH = 100;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path work;
  private final int rounds;
  private final Duration length;
  private final LongSupplier ticker;
  private final PrintStream out;

  CollectRate(Path work, int rounds, Duration length, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.rounds = rounds;
    this.length = length;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, and prints each round. */
  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    try (WeirProcess weir = WeirProcess.start(work.resolve("data"), Map.of())) {
      weir.stop();
      weir.restart("collect");
      weir.awaitReady(weir.port());
      int echoPort = FreePorts.next();
      List<String> echo =
          ChildProcess.java(
              List.of("-Xmx512m"), EchoServer.class.getName(), Integer.toString(echoPort));
      try (ChildProcess child = ChildProcess.start(echo, work)) {
        child.awaitLine(line -> line.startsWith("listening"), Duration.ofSeconds(30));
        measure(weir, echoPort, figures);
      }
    }
  }

  private void measure(WeirProcess weir, int echoPort, Figures figures) throws IOException {
    EventGenerator generator = new EventGenerator(1, START);
    List<byte[]> single =
        Stream.generate(generator::next)
            .limit(5_000)
            .map(event -> HttpLoad.post(event.path(), weir.writeKey(), event.json()))
            .toList();
    List<byte[]> batches = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      List<GeneratedEvent> events = Stream.generate(generator::next).limit(BATCH).toList();
      batches.add(HttpLoad.post("/v1/batch", weir.writeKey(), EventGenerator.batch(events)));
    }
    Table table =
        new Table("requests", "server", "requests/s", "events/s", "median ms", "p99 ms", "ratio");
    Compared one = compare(table, "one event", 1, single, weir.port(), echoPort);
    Compared many = compare(table, "batch of " + BATCH, BATCH, batches, weir.port(), echoPort);
    table.print(out);
    figures.note("single events, accepted a second", one.perSecond());
    figures.atLeast("single events, share of a bare echo", one.ratio(), LEAST_RATIO);
    figures.atLeast(
        "batches of " + BATCH + ", events accepted a second",
        many.perSecond() * BATCH,
        LEAST_EVENTS);
  }

  /** Requests a second of the collector, and their share of the echo's. */
  private record Compared(double perSecond, double ratio) {}

  private Compared compare(
      Table table, String name, int events, List<byte[]> requests, int collector, int echo)
      throws IOException {
    try (HttpLoad toCollector = load(collector, requests);
        HttpLoad toEcho = load(echo, requests)) {
      warmUp(toCollector);
      warmUp(toEcho);
      List<HttpLoad.Result> ours = new ArrayList<>();
      List<HttpLoad.Result> theirs = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        theirs.add(toEcho.run(length));
        ours.add(toCollector.run(length));
        ratios.add(ours.getLast().perSecond() / theirs.getLast().perSecond());
        out.printf(
            "%s, round %d: echo %,.0f, collector %,.0f requests/s, %d refused%n",
            name,
            round + 1,
            theirs.getLast().perSecond(),
            ours.getLast().perSecond(),
            ours.getLast().refused());
      }
      double ratio = median(ratios);
      row(table, name, "echo", theirs, events, "1.00");
      row(table, name, "collector", ours, events, "%.2f".formatted(ratio));
      return new Compared(median(ours.stream().map(HttpLoad.Result::perSecond).toList()), ratio);
    }
  }

  private HttpLoad load(int port, List<byte[]> requests) throws IOException {
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new HttpLoad(target, CONNECTIONS, requests, ticker);
  }

  private void warmUp(HttpLoad load) throws IOException {
    load.run(length.multipliedBy(2));
  }

  private static void row(
      Table table,
      String name,
      String server,
      List<HttpLoad.Result> results,
      int events,
      String ratio) {
    double rate = median(results.stream().map(HttpLoad.Result::perSecond).toList());
    double middle = median(results.stream().map(r -> r.median().toNanos() / 1e6).toList());
    double p99 = median(results.stream().map(r -> r.p99().toNanos() / 1e6).toList());
    table.row(
        name,
        server,
        "%,.0f".formatted(rate),
        "%,.0f".formatted(rate * events),
        "%.2f".formatted(middle),
        "%.2f".formatted(p99),
        ratio);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
