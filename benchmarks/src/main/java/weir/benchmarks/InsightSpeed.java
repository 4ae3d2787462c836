package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import weir.lake.LakeFile;

/**
 * How long questions about behaviour take over HTTP, beside ClickHouse over the same rows: once in
 * the order of time, once in Weir's own files. Both have two threads, are asked in turns, and must
 * answer the same.
 *
 * <p>ClickHouse keeps nothing of a question. So that Weir has nothing of it either, each time
 * another condition stands in it that all events meet, on a column that ClickHouse reads anyway.
 * Measured apart: the first question of a new process, another question about the same events, and
 * the very same one asked again.
 */
final class InsightSpeed {
  /** Long enough for what takes very long, so that it is measured and not cut off. */
  static final Map<String, String> SETTINGS =
      Map.of("query.timeout", "9m", "query.max_timeout", "10m", "query.threads", "2");

  private static final Duration TO_REPLACE = Duration.ofSeconds(60);
  private static final String MERGED =
      "if((joinGet('merged', 'user_id', actor) AS known) = '', actor, known)";
  private static final int SHOWN = 5;
  private static final double MOST_BESIDE = 0.12;

  private final VisitData data;
  private final int rounds;
  private final LongSupplier ticker;
  private final PrintStream out;
  private int variant;

  InsightSpeed(VisitData data, int rounds, LongSupplier ticker, PrintStream out) {
    this.data = data;
    this.rounds = rounds;
    this.ticker = ticker;
    this.out = out;
  }

  /** What ClickHouse reads. */
  private record Theirs(ClickHouse engine, String timed, String lake) {}

  /** Seconds of one question, each kind of asking apart. */
  private static final class Times {
    private final List<Double> fresh = new ArrayList<>();
    private final List<Double> repeated = new ArrayList<>();
    private final List<Double> other = new ArrayList<>();
    private final List<Double> timed = new ArrayList<>();
    private final List<Double> lake = new ArrayList<>();
    private final List<Double> unmerged = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> timedCpu = new ArrayList<>();
    private final List<Double> lakeCpu = new ArrayList<>();
    private final List<Double> first = new ArrayList<>();
    private final List<Double> firstCpu = new ArrayList<>();
  }

  /** Our answer as lines, and how long it took. */
  private record Asked(double seconds, List<String> lines) {}

  /** What is printed: seconds as they pass, and those that processors worked. */
  private record Tables(Table seconds, Table cpu, Table first) {}

  /**
   * Measures beside ClickHouse.
   *
   * @param cache folder that ClickHouse is installed in
   * @param onlyFirst only the first question of a process
   */
  void beside(Path cache, boolean onlyFirst, Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    TimedParquet parquet = TimedParquet.of(data, out);
    try (ClickHouse engine = ClickHouse.start(cache);
        WeirProcess weir = WeirProcess.start(data.directory(), SETTINGS)) {
      out.printf(
          "ClickHouse %s, two threads each, %d rounds after one to warm up%n",
          engine.ask("SELECT version()").rows().getFirst().path(0).asText(), rounds);
      engine.ask(
          "CREATE TABLE merged ENGINE = Join(ANY, LEFT, anonymous_id) AS SELECT"
              + " assumeNotNull(anonymous_id) AS anonymous_id, assumeNotNull(user_id) AS user_id"
              + " FROM file('"
              + parquet.merges()
              + "', Parquet)");
      Theirs theirs = new Theirs(engine, parquet.events(), lakeFiles());
      Tables tables = tables();
      for (InsightQuestion question : InsightQuestion.all(data.start())) {
        Times firsts = firsts(question, weir, theirs);
        report(question, firsts, tables.first(), figures);
        if (!onlyFirst) {
          compare(question, median(firsts.first), weir, theirs, tables, figures);
        }
      }
      List<Table> all = List.of(tables.first(), tables.seconds(), tables.cpu());
      for (Table table : onlyFirst ? all.subList(0, 1) : all) {
        out.println();
        table.print(out);
      }
      figures.atMost("Bytes beside files, of theirs", data.sidecarShare(), MOST_BESIDE);
    }
  }

  private static Tables tables() {
    return new Tables(
        new Table(
            "seconds, median",
            "first",
            "Weir",
            "another",
            "repeated",
            "ClickHouse, by time",
            "without merges",
            "over our files",
            "Weir / by time",
            "Weir / our files",
            "MB"),
        new Table(
            "seconds of CPU, median",
            "Weir",
            "ClickHouse, by time",
            "over our files",
            "Weir / by time",
            "Weir / our files"),
        new Table(
            "first of a process, median",
            "Weir",
            "ClickHouse, by time",
            "Weir / by time",
            "Weir, CPU",
            "ClickHouse, CPU",
            "CPU / CPU"));
  }

  /** ClickHouse takes a choice of files within a folder only. */
  private String lakeFiles() throws IOException {
    Path lake = data.directory().resolve("lake");
    return data.files().stream()
        .map(LakeFile::path)
        .map(file -> lake.relativize(file).toString())
        .collect(Collectors.joining(",", lake + "/{", "}"));
  }

  private void compare(
      InsightQuestion question,
      double first,
      WeirProcess weir,
      Theirs theirs,
      Tables tables,
      Figures figures)
      throws IOException, InterruptedException, TimeoutException {
    PeakMemory memory = peakOfQueries(weir);
    Times times = new Times();
    for (int round = 0; round <= rounds; round++) {
      round(question, weir, theirs, round, round == 0 ? new Times() : times);
    }
    report(question, first, times, memory.megabytes(), tables, figures);
  }

  /** First questions, each of a new process, in turns with ClickHouse. */
  private Times firsts(InsightQuestion question, WeirProcess weir, Theirs theirs)
      throws IOException, InterruptedException, TimeoutException {
    Times times = new Times();
    for (int round = 0; round <= rounds; round++) {
      weir.stop();
      weir.restart(); // a process that is killed again and again waits longer each time
      long queries = weir.pid("query").orElse(0);
      double before = cpu(queries);
      Asked first = ask(question, weir, ++variant);
      double spent = cpu(queries) - before;
      before = cpu(theirs.engine().pid());
      double timed = ask(question, theirs.engine(), theirs.timed(), first.lines());
      if (round > 0) {
        times.first.add(first.seconds());
        times.firstCpu.add(spent);
        times.timed.add(timed);
        times.timedCpu.add(cpu(theirs.engine().pid()) - before);
      }
    }
    return times;
  }

  private static void report(InsightQuestion question, Times times, Table table, Figures figures) {
    double first = median(times.first);
    double timed = median(times.timed);
    double cpu = median(times.firstCpu);
    double timedCpu = median(times.timedCpu);
    table.row(
        question.name(),
        seconds(first),
        seconds(timed),
        "%.2f".formatted(first / timed),
        seconds(cpu),
        seconds(timedCpu),
        "%.2f".formatted(cpu / timedCpu));
    figures.atMost(question.name() + ", first, of ClickHouse by time", first / timed, 1);
  }

  private void round(
      InsightQuestion question, WeirProcess weir, Theirs theirs, int round, Times times)
      throws IOException, InterruptedException {
    long queries = weir.pid("query").orElse(0);
    double before = cpu(queries);
    Asked fresh = ask(question, weir, ++variant);
    times.cpu.add(cpu(queries) - before);
    times.fresh.add(fresh.seconds());
    Asked again = ask(question, weir, 0);
    times.repeated.add(again.seconds());
    same(question, "asked again", fresh.lines(), again.lines());
    long begun = ticker.getAsLong();
    weir.insight(question.kind(), question.otherBody(round + 1));
    times.other.add((ticker.getAsLong() - begun) / 1e9);
    ClickHouse engine = theirs.engine();
    before = cpu(engine.pid());
    times.timed.add(ask(question, engine, theirs.timed(), fresh.lines()));
    times.timedCpu.add(cpu(engine.pid()) - before);
    before = cpu(engine.pid());
    times.lake.add(ask(question, engine, theirs.lake(), fresh.lines()));
    times.lakeCpu.add(cpu(engine.pid()) - before);
    times.unmerged.add(engine.ask(question.sql(theirs.timed(), "actor", variant)).seconds());
  }

  /** Seconds that a process has worked so far, on all processors. */
  private static double cpu(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(spent -> spent.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  private void report(
      InsightQuestion question,
      double first,
      Times times,
      double megabytes,
      Tables tables,
      Figures figures) {
    double fresh = median(times.fresh);
    double timed = median(times.timed);
    double lake = median(times.lake);
    out.printf("%s: %.3f s, ClickHouse %.3f s%n", question.name(), fresh, timed);
    tables
        .seconds()
        .row(
            question.name(),
            seconds(first),
            seconds(fresh),
            seconds(median(times.other)),
            seconds(median(times.repeated)),
            seconds(timed),
            seconds(median(times.unmerged)),
            seconds(lake),
            "%.2f".formatted(fresh / timed),
            "%.2f".formatted(fresh / lake),
            "%,.0f".formatted(megabytes));
    double cpu = median(times.cpu);
    tables
        .cpu()
        .row(
            question.name(),
            seconds(cpu),
            seconds(median(times.timedCpu)),
            seconds(median(times.lakeCpu)),
            "%.2f".formatted(cpu / median(times.timedCpu)),
            "%.2f".formatted(cpu / median(times.lakeCpu)));
    figures.note(question.name() + ", of ClickHouse by time", fresh / timed);
    figures.note(question.name() + ", of ClickHouse over our files", fresh / lake);
  }

  /** In a query process that has answered nothing of these events yet. */
  private double first(InsightQuestion question, WeirProcess weir)
      throws IOException, InterruptedException, TimeoutException {
    weir.replace("query", TO_REPLACE);
    weir.column("select 1");
    return ask(question, weir, ++variant).seconds();
  }

  private static PeakMemory peakOfQueries(WeirProcess weir) throws IOException {
    OptionalLong pid = weir.pid("query");
    return PeakMemory.of(pid.orElseThrow(() -> new IOException("there is no query process")));
  }

  private Asked ask(InsightQuestion question, WeirProcess weir, int asked)
      throws IOException, InterruptedException {
    long begun = ticker.getAsLong();
    var answer = weir.insight(question.kind(), question.body(asked));
    double seconds = (ticker.getAsLong() - begun) / 1e9;
    return new Asked(seconds, question.ours().apply(answer));
  }

  private double ask(InsightQuestion question, ClickHouse theirs, String files, List<String> ours)
      throws IOException {
    ClickHouse.Answer answer = theirs.ask(question.sql(files, MERGED, variant));
    same(question, "ClickHouse over " + files, ours, question.theirs().apply(answer.rows()));
    return answer.seconds();
  }

  /** Refuses to measure what is not the same. */
  private static void same(
      InsightQuestion question, String other, List<String> ours, List<String> theirs)
      throws IOException {
    if (ours.equals(theirs)) {
      return;
    }
    List<String> onlyOurs = new ArrayList<>(ours);
    onlyOurs.removeAll(theirs);
    List<String> onlyTheirs = new ArrayList<>(theirs);
    onlyTheirs.removeAll(ours);
    throw new IOException(
        "%s: %d and %d lines; Weir alone has %s, %s alone %s"
            .formatted(
                question.name(),
                ours.size(),
                theirs.size(),
                onlyOurs.stream().limit(SHOWN).toList(),
                other,
                onlyTheirs.stream().limit(SHOWN).toList()));
  }

  /** What questions cost by themselves, for this many events. */
  void alone(Table table) throws IOException, InterruptedException, TimeoutException {
    try (WeirProcess weir = WeirProcess.start(data.directory(), SETTINGS)) {
      for (InsightQuestion question : InsightQuestion.all(data.start())) {
        double first = first(question, weir);
        PeakMemory memory = peakOfQueries(weir);
        List<Double> fresh = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          fresh.add(ask(question, weir, ++variant).seconds());
        }
        table.row(
            question.name(),
            "%,d".formatted(data.events()),
            seconds(first),
            seconds(median(fresh)),
            "%.0f".formatted(median(fresh) * 1e9 / data.events()),
            "%,.0f".formatted(memory.megabytes()));
      }
    }
  }

  /** The header of what {@link #alone} adds. */
  static Table curve() {
    return new Table("question", "events", "first (s)", "then (s)", "ns an event", "MB");
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String seconds(double value) {
    return "%.3f".formatted(value);
  }
}
