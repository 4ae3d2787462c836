package weir.benchmarks;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.reading.LakeReader;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;

/**
 * A lake of many names, properties, days and projects: what a commit costs, how long it takes to
 * plan a query, and how large the metadata are, before and after compaction.
 */
final class LakeScale {
  private static final int PROPERTIES_EACH = 12;
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String LARGE = "large";

  /**
   * How much there is.
   *
   * @param commits of the large project; each has events of all days
   * @param eventsEach in a commit of the large project
   * @param projects small ones beside it
   */
  record Size(int commits, int eventsEach, int names, int properties, int days, int projects) {}

  private final Path work;
  private final Size size;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final SplittableRandom random = new SplittableRandom(1);
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private long number;

  LakeScale(Path work, Size size, InstantSource clock, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.size = size;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  void run() throws IOException, InterruptedException, TimeoutException {
    Path dir = work.resolve("lake");
    try (EventLog log =
            EmbeddedLog.writer(
                weir.log.files.Files.system(),
                work.resolve("clean"),
                EmbeddedEngine.largeLogs(),
                clock);
        Lake lake =
            Lake.open(dir, weir.log.files.Files.system(), LakeOptions.DEFAULT, clock, meters);
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      fillLarge(log, writer);
      fillSmall(log, writer);
      report("before compaction", dir, lake);
      long start = ticker.getAsLong();
      int batches = 0;
      while (lake.upkeep().step()) {
        batches++;
      }
      out.printf(
          "compaction: %d batches, %,.0f files, %,.0f rows, %.1f s%n",
          batches,
          meters.get("weir_lake_files_merged").counter().count(),
          meters.get("weir_lake_rows_merged").counter().count(),
          (ticker.getAsLong() - start) / 1e9);
      report("after compaction", dir, lake);
      List<Double> more = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        more.add(commit(log, writer, LARGE, size.eventsEach()));
      }
      out.printf("commits then: median %.0f ms%n", median(more));
    }
  }

  private void fillLarge(EventLog log, LakeWriter writer)
      throws IOException, InterruptedException, TimeoutException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < size.commits(); i++) {
      millis.add(commit(log, writer, LARGE, size.eventsEach()));
    }
    out.printf(
        "%d commits of %,d events of %d days: first %.0f, median %.0f, last %.0f ms%n",
        size.commits(),
        size.eventsEach(),
        size.days(),
        millis.getFirst(),
        median(millis),
        millis.getLast());
  }

  private void fillSmall(EventLog log, LakeWriter writer)
      throws IOException, InterruptedException, TimeoutException {
    List<byte[]> frames = new ArrayList<>();
    for (int project = 0; project < size.projects(); project++) {
      frames.addAll(events("small" + project, 20, 1));
    }
    append(log, frames);
    long start = ticker.getAsLong();
    flush(writer);
    out.printf(
        "%d small projects made and committed: %.0f ms each%n",
        size.projects(), (ticker.getAsLong() - start) / 1e6 / Math.max(1, size.projects()));
  }

  /** Appends and commits; returns the milliseconds of the commit, with the writing of its files. */
  private double commit(EventLog log, LakeWriter writer, String project, int events)
      throws IOException, InterruptedException, TimeoutException {
    Timer timer = meters.get("weir_lake_commit").timer();
    double before = timer.totalTime(TimeUnit.MILLISECONDS);
    append(log, events(project, events, size.days()));
    flush(writer);
    return timer.totalTime(TimeUnit.MILLISECONDS) - before;
  }

  private static void append(EventLog log, List<byte[]> frames) throws IOException {
    if (log.append(frames) instanceof Appended.Full full) {
      throw new IOException("the log is full: " + full.why());
    }
  }

  private static void flush(LakeWriter writer)
      throws IOException, InterruptedException, TimeoutException {
    try {
      writer.flush().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the lake writer has stopped", e);
    }
  }

  private List<byte[]> events(String project, int count, int days) {
    long today = clock.instant().getEpochSecond() * 1_000_000;
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long id = number++;
      Map<String, Object> properties = new HashMap<>();
      int name = random.nextInt(1 + random.nextInt(size.names()));
      int first = name % size.properties();
      for (int p = 0; p < Math.min(PROPERTIES_EACH, size.properties()); p++) {
        int property = (first + p) % size.properties();
        properties.put(
            "p_" + property, property % 2 == 0 ? random.nextInt(1000) / 10.0 : "text " + first);
      }
      frames.add(
          codec.encode(
              CleanEvent.builder()
                  .set(EventColumn.EVENT, "event " + name)
                  .set(EventColumn.EVENT_ID, project + "-" + id)
                  .set(EventColumn.TIMESTAMP, today - random.nextInt(days) * DAY_MICROS)
                  .set(EventColumn.ACTOR, "actor " + random.nextInt(50_000))
                  .properties(properties)
                  .build(new Origin(project, "web", today, today, new RawPosition(id, 0)))));
    }
    return frames;
  }

  private void report(String when, Path dir, Lake lake) throws IOException {
    double cold;
    LakeTable table;
    try (LakeReader reader = LakeReader.open(dir)) {
      long start = ticker.getAsLong();
      table = reader.snapshot(LARGE).events();
      cold = (ticker.getAsLong() - start) / 1e6;
    }
    long start = ticker.getAsLong();
    lake.reader().snapshot(LARGE);
    double first = (ticker.getAsLong() - start) / 1e6;
    start = ticker.getAsLong();
    lake.reader().snapshot(LARGE);
    double warm = (ticker.getAsLong() - start) / 1e6;
    Path metadata = dir.resolve("warehouse").resolve(LARGE).resolve("events").resolve("metadata");
    Table printed =
        new Table(when, "files", "columns", "data KB", "metadata KB", "newest json KB", "plan ms");
    printed.row(
        "large project",
        "%,d".formatted(table.files().size()),
        "%d".formatted(table.columns().size()),
        "%,d".formatted(table.files().stream().mapToLong(file -> file.bytes()).sum() >> 10),
        "%,d".formatted(bytes(metadata, "") >> 10),
        "%,d".formatted(newestJson(metadata) >> 10),
        "%.0f cold, %.0f, %.1f again".formatted(cold, first, warm));
    printed.print(out);
  }

  private static long bytes(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static long newestJson(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".metadata.json"))
          .max(Path::compareTo)
          .map(file -> file.toFile().length())
          .orElse(0L);
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
