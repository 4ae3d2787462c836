package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that measures questions about behaviour. */
@Command(
    name = "insights",
    description =
        "How long funnels, retention, paths, trends and distributions take, beside ClickHouse.",
    mixinStandardHelpOptions = true)
final class InsightCommand extends Measurement {
  private static final long SMALLEST = 1_000_000;

  @Option(names = "--events", description = "Of a shop, over 60 days.", defaultValue = "10000000")
  long events;

  @Option(names = "--merged", description = "Visitors who sign in.", defaultValue = "0.2")
  double merged;

  @Option(names = "--rounds", description = "Measured ones of each.", defaultValue = "5")
  int rounds;

  @Option(
      names = "--data",
      description = "Folder that the events are kept in, to be used again; without it, they go.")
  @Nullable Path kept;

  @Option(names = "--first", description = "Only the first question of a process.")
  boolean onlyFirst;

  @Option(
      names = "--curve",
      description = "Weir alone, over a million events, ten times as many, and so on to --events.")
  boolean curve;

  @Option(
      names = "--dashboards",
      description = {
        "So many ask twelve insights each every ten seconds for a minute, while events come in,",
        "instead; they have events of their own, which are added to."
      },
      defaultValue = "0")
  int dashboards;

  @Option(names = "--rate", description = "Events a second meanwhile.", defaultValue = "5000")
  int rate;

  @Option(names = "--seconds", description = "How long they ask.", defaultValue = "60")
  int seconds;

  @Option(
      names = "--cache",
      description = "Folder that npm installs ClickHouse (chdb, 550 MB) in.",
      defaultValue = "${sys:user.home}/.cache/weir/chdb")
  Path cache = Path.of("");

  @Override
  void measure(Path work, Figures figures)
      throws IOException, InterruptedException, TimeoutException, SQLException {
    Path folder = kept == null ? work : kept.toAbsolutePath();
    if (dashboards > 0) {
      VisitData data = data(folder.resolve("dashboards"), events);
      new Freshness(
              data.directory(),
              rate,
              Duration.ofSeconds(seconds),
              Boards.insights(dashboards),
              events,
              InstantSource.system(),
              System::nanoTime,
              OUT)
          .run(figures);
    } else if (curve) {
      Table table = InsightSpeed.curve();
      for (long size : sizes()) {
        speed(data(folder, size)).alone(table);
      }
      table.print(OUT);
    } else {
      speed(data(folder, events)).beside(cache.toAbsolutePath(), onlyFirst, figures);
    }
  }

  private List<Long> sizes() {
    return LongStream.iterate(Math.min(SMALLEST, events), size -> size <= events, s -> s * 10)
        .boxed()
        .toList();
  }

  private VisitData data(Path folder, long size)
      throws IOException, InterruptedException, TimeoutException {
    Path own = folder.resolve(size + "-" + merged);
    return VisitData.in(own, size, merged, InstantSource.system(), System::nanoTime, OUT);
  }

  private InsightSpeed speed(VisitData data) {
    return new InsightSpeed(data, rounds, System::nanoTime, OUT);
  }
}
