package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import weir.lake.LakeFile;
import weir.lake.reading.LakeReader;

/**
 * Bytes of an event in the lake's live files after compaction, beside the same rows and columns in
 * the order of their arrival in Parquet as DuckDB writes it with snappy.
 */
final class StoredSize {
  private static final double MOST_OF_SNAPPY = 0.5;
  private static final Duration TO_LOAD = Duration.ofMinutes(30);

  /**
   * Commits as large as they are in life, a day that rests as soon as it is loaded, a large log.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "lake.commit_interval", "30s",
          "lake.quiet_commit_interval", "30s",
          "lake.quiet_day", "5s",
          "log.raw_limit", "32GiB");

  private final Path work;
  private final long events;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;

  StoredSize(Path work, long events, InstantSource clock, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.events = events;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, printing what it does. */
  void run(Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    Path data = work.resolve("data");
    out.printf("making %,d events%n", events);
    long raw = RawLogs.fill(data, events, 100, 1, clock);
    try (WeirProcess weir = WeirProcess.start(data, SETTINGS);
        LakeReader lake = LakeReader.open(data.resolve("lake"))) {
      weir.awaitEvents(events, TO_LOAD);
      out.println("loaded; waiting for compaction to rest");
      List<LakeFile> files = CompactionRest.await(weir, lake, events, ticker);
      long stored = files.stream().mapToLong(LakeFile::bytes).sum();
      long snappy = snappy(files);
      figures.note("bytes of an event as it was sent", (double) raw / events);
      figures.note("files of the table", files.size());
      figures.note("bytes of an event, stored", (double) stored / events);
      figures.note("bytes of an event, snappy in order of arrival", (double) snappy / events);
      figures.atMost("stored, of snappy", (double) stored / snappy, MOST_OF_SNAPPY);
    }
  }

  private long snappy(List<LakeFile> files) throws SQLException, IOException {
    out.println("writing them again, with snappy, in the order of arrival");
    Path target = work.resolve("snappy.parquet");
    Path spill = Files.createDirectories(work.resolve("spill"));
    String sources =
        files.stream().map(file -> "'" + file.path() + "'").collect(Collectors.joining(", "));
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("set memory_limit = '4GB'");
      statement.execute("set temp_directory = '" + spill + "'");
      statement.execute(
          "copy (select * from read_parquet(["
              + sources
              + "], union_by_name = true) order by received_at, timestamp) to '"
              + target
              + "' (format parquet, compression snappy)");
    }
    return Files.size(target);
  }
}
