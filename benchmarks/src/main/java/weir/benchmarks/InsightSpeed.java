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
 * another condition stands in it that all events meet, on a column that is read anyway; how long
 * the very same question takes when it is asked again is measured apart.
 */
final class InsightSpeed {
  /** Long enough for what takes very long, so that it is measured and not cut off. */
  static final Map<String, String> SETTINGS =
      Map.of("query.timeout", "9m", "query.max_timeout", "10m", "query.threads", "2");

  private static final Duration TO_REPLACE = Duration.ofSeconds(60);
  private static final String MERGED =
      "if((joinGet('merged', 'user_id', actor) AS known) = '', actor, known)";
  private static final int SHOWN = 5;

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
    private final List<Double> timed = new ArrayList<>();
    private final List<Double> lake = new ArrayList<>();
    private final List<Double> unmerged = new ArrayList<>();
  }

  /** Our answer as lines, and how long it took. */
  private record Asked(double seconds, List<String> lines) {}

  /**
   * Measures beside ClickHouse.
   *
   * @param cache folder that ClickHouse is installed in
   */
  void beside(Path cache, Figures figures)
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
      Table table =
          new Table(
              "seconds, median",
              "first",
              "Weir",
              "repeated",
              "ClickHouse, by time",
              "without merges",
              "over our files",
              "Weir / by time",
              "Weir / our files",
              "MB");
      for (InsightQuestion question : InsightQuestion.all(data.start())) {
        compare(question, weir, theirs, table, figures);
      }
      table.print(out);
    }
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
      InsightQuestion question, WeirProcess weir, Theirs theirs, Table table, Figures figures)
      throws IOException, InterruptedException, TimeoutException {
    double first = first(question, weir);
    PeakMemory memory = peakOfQueries(weir);
    Times times = new Times();
    for (int round = 0; round <= rounds; round++) {
      Times into = round == 0 ? new Times() : times;
      Asked fresh = ask(question, weir, ++variant);
      into.fresh.add(fresh.seconds());
      Asked again = ask(question, weir, 0);
      into.repeated.add(again.seconds());
      same(question, "asked again", fresh.lines(), again.lines());
      into.timed.add(ask(question, theirs.engine(), theirs.timed(), fresh.lines()));
      into.lake.add(ask(question, theirs.engine(), theirs.lake(), fresh.lines()));
      into.unmerged.add(
          theirs.engine().ask(question.sql(theirs.timed(), "actor", variant)).seconds());
    }
    double fresh = median(times.fresh);
    double ofTimed = fresh / median(times.timed);
    double ofLake = fresh / median(times.lake);
    table.row(
        question.name(),
        seconds(first),
        seconds(fresh),
        seconds(median(times.repeated)),
        seconds(median(times.timed)),
        seconds(median(times.unmerged)),
        seconds(median(times.lake)),
        "%.2f".formatted(ofTimed),
        "%.2f".formatted(ofLake),
        "%,.0f".formatted(memory.megabytes()));
    figures.note(question.name() + ", of ClickHouse by time", ofTimed);
    figures.note(question.name() + ", of ClickHouse over our files", ofLake);
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
