package weir.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import weir.lake.LakeOptions;
import weir.lake.writing.Lake;
import weir.testkit.FreePorts;

/**
 * What Weir takes on a data directory of years: to start, to answer, to be kept in order. The
 * upkeep is measured twice, beside the answers and alone.
 */
final class Years {
  private static final int ASKED = 9;

  private final Path work;
  private final YearsData.Size size;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final PrintStream out;

  Years(Path work, YearsData.Size size, InstantSource clock, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.size = size;
    this.clock = clock;
    this.ticker = ticker;
    this.out = out;
  }

  private interface Asked {
    void ask() throws IOException, InterruptedException;
  }

  void run(Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    Path data = work.resolve("data");
    Path saved = work.resolve("saved");
    if (!Files.exists(saved)) {
      make(data, saved);
    }
    restore(saved, data);
    answers(data, figures);
    restore(saved, data);
    upkeep(data.resolve("lake"), figures);
  }

  /** At the same place: a lake names its files by their whole paths. */
  private static void restore(Path saved, Path data) throws IOException {
    Trees.delete(data);
    Trees.copy(saved, data);
  }

  private void make(Path data, Path saved)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    long began = ticker.getAsLong();
    long rows = new YearsData(data, size, 1).make(clock.instant());
    Trees.Content content = Trees.content(data);
    out.printf(
        "made %,d days, %,d names, %,d snapshots, %,d events, %,d rows of the ledger: %,d files,"
            + " %,d MB, in %.0f s%n",
        size.days(),
        size.names(),
        size.snapshots(),
        size.events(),
        rows,
        content.files(),
        content.bytes() >> 20,
        seconds(began));
    Files.move(data, saved);
  }

  private void answers(Path data, Figures figures)
      throws IOException, InterruptedException, TimeoutException {
    int postgres = FreePorts.next();
    long began = ticker.getAsLong();
    try (WeirProcess weir =
        WeirProcess.start(data, Map.of("api.postgres_port", Integer.toString(postgres)))) {
      figures.note("both ports ready (s)", seconds(began));
      weir.awaitEvents(size.events(), java.time.Duration.ofMinutes(2));
      figures.note("first count of all events is right, after the start (s)", seconds(began));
      times(figures, "status", () -> weir.api("/api/v1/status", ""));
      times(figures, "ledger, its first page", () -> weir.api("/api/v1/ledger?limit=100", ""));
      times(figures, "SQL, a name", () -> weir.column("select count(*) from event_7"));
      times(
          figures,
          "SQL, all names",
          () -> weir.column("select event, count(*) as n from events group by 1"));
      times(
          figures,
          "SQL, ledger of the last hour",
          () ->
              weir.column(
                  "select sum(accepted) as n from ledger where minute > now() - interval 1 hour"));
      times(
          figures,
          "SQL, ledger of all years",
          () -> weir.column("select sum(accepted) as n from ledger"));
      times(
          figures,
          "trend of a year",
          () -> weir.insight("trend", "{\"events\":[\"Event 7\"],\"interval\":\"month\"}"));
      describe(weir, postgres, figures);
      weir.stop();
    }
  }

  private void times(Figures figures, String what, Asked asked)
      throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < ASKED; i++) {
      long began = ticker.getAsLong();
      asked.ask();
      millis.add((ticker.getAsLong() - began) / 1e6);
    }
    figures.note(what + ": first (ms)", millis.getFirst());
    figures.note(what + ": median (ms)", millis.stream().sorted().toList().get(ASKED / 2));
  }

  private void describe(WeirProcess weir, int port, Figures figures)
      throws IOException, InterruptedException {
    for (String command : List.of("\\d", "\\d events", "\\d event_7")) {
      long began = ticker.getAsLong();
      ProcessBuilder psql =
          new ProcessBuilder(
                  "psql",
                  "-X",
                  "-h",
                  "127.0.0.1",
                  "-p",
                  Integer.toString(port),
                  "-U",
                  "me",
                  "-d",
                  YearsData.PROJECT,
                  "-c",
                  command)
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("psql.txt").toFile());
      psql.environment().put("PGPASSWORD", weir.apiKey());
      Process process;
      try {
        process = psql.start();
      } catch (IOException e) {
        out.println("psql is not here: " + command + " is not measured");
        return;
      }
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + ": " + Files.readString(work.resolve("psql.txt")));
      }
      figures.note("psql " + command + " (ms)", seconds(began) * 1e3);
    }
  }

  private void upkeep(Path lake, Figures figures) throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Lake opened =
        Lake.open(lake, weir.log.files.Files.system(), LakeOptions.DEFAULT, clock, meters)) {
      long began = ticker.getAsLong();
      boolean more = opened.upkeep().step();
      figures.note("upkeep's first step, with the expiry (s)", seconds(began));
      figures.note(
          "snapshots expired", meters.get("weir_lake_snapshots_expired").counter().count());
      while (more) {
        more = opened.upkeep().step();
      }
      figures.note("upkeep, all of it (s)", seconds(began));
      figures.note("files merged", meters.get("weir_lake_files_merged").counter().count());
      opened.upkeep().trouble().ifPresent(out::println);
    }
  }

  private double seconds(long began) {
    return (ticker.getAsLong() - began) / 1e9;
  }
}
