package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that measure speed, size and memory. */
final class SpeedCommands {
  private SpeedCommands() {}

  @Command(
      name = "collect",
      description = "Requests a second, each fsynced before its answer, beside a bare echo.",
      mixinStandardHelpOptions = true)
  static final class CollectCommand extends Measurement {
    @Option(names = "--rounds", description = "Pairs of runs.", defaultValue = "5")
    int rounds;

    @Option(names = "--seconds", description = "Length of a run.", defaultValue = "5")
    int seconds;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      new CollectRate(work, rounds, Duration.ofSeconds(seconds), System::nanoTime, OUT)
          .run(figures);
    }
  }

  @Command(
      name = "pipeline",
      description = "Events a second from the raw log to committed Parquet.",
      mixinStandardHelpOptions = true)
  static final class PipelineCommand extends Measurement {
    @Option(names = "--events", description = "In the raw log.", defaultValue = "600000")
    int events;

    @Option(names = "--batch", description = "Events in a request.", defaultValue = "1")
    int batch;

    @Option(names = "--rounds", description = "After one to warm up.", defaultValue = "3")
    int rounds;

    @Option(names = "--plugin", description = "Through a plug-in that adds a property.")
    boolean plugin;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      new PipelineRate(
              work, events, batch, rounds, plugin, InstantSource.system(), System::nanoTime, OUT)
          .run(figures);
    }
  }

  @Command(
      name = "enrich",
      description = "What each enrichment costs an event, and agents that were never seen.",
      mixinStandardHelpOptions = true)
  static final class EnrichCommand extends Measurement {
    @Option(names = "--rounds", description = "After one to warm up.", defaultValue = "5")
    int rounds;

    @Override
    void measure(Path work, Figures figures) throws IOException {
      new EnrichmentCost(work, rounds, System::nanoTime, OUT).run(figures);
    }
  }

  @Command(
      name = "freshness",
      description = "How soon events answer SQL at a steady rate, and how long dashboards wait.",
      mixinStandardHelpOptions = true)
  static final class FreshnessCommand extends Measurement {
    @Option(names = "--rate", description = "Events a second.", defaultValue = "5000")
    int rate;

    @Option(names = "--seconds", description = "How long.", defaultValue = "120")
    int seconds;

    @Option(names = "--dashboards", description = "How many ask.", defaultValue = "0")
    int dashboards;

    @Option(names = "--stored", description = "Events before.", defaultValue = "0")
    long stored;

    @Option(names = "--data", description = "A data directory that has them; it is added to.")
    @Nullable Path data;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      Duration length = Duration.ofSeconds(seconds);
      Path directory = data == null ? work.resolve("data") : data;
      if (data == null) {
        RawLogs.fill(directory, stored, 100, 1, InstantSource.system());
      }
      new Freshness(
              directory,
              rate,
              length,
              Boards.sql(dashboards),
              stored,
              InstantSource.system(),
              System::nanoTime,
              OUT)
          .run(figures);
    }
  }

  @Command(
      name = "stream",
      description = "How soon events reach those who read the stream along.",
      mixinStandardHelpOptions = true)
  static final class StreamCommand extends Measurement {
    @Option(names = "--idle", description = "Readers of what never comes.", defaultValue = "1000")
    int idle;

    @Option(names = "--busy", description = "Readers of everything.", defaultValue = "100")
    int busy;

    @Option(names = "--rate", description = "Events a second.", defaultValue = "5000")
    int rate;

    @Option(names = "--seconds", description = "How long.", defaultValue = "20")
    int seconds;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      new StreamReaders(
              work.resolve("data"),
              idle,
              busy,
              rate,
              Duration.ofSeconds(seconds),
              InstantSource.system(),
              System::nanoTime,
              OUT)
          .run(figures);
    }
  }

  @Command(
      name = "lake",
      description = "Commits, planning and metadata of a lake of many names, days and projects.",
      mixinStandardHelpOptions = true)
  static final class LakeCommand extends Measurement {
    @Option(names = "--commits", description = "Of the large project.", defaultValue = "20")
    int commits;

    @Option(names = "--events", description = "In each of them.", defaultValue = "20000")
    int events;

    @Option(names = "--names", description = "Event names.", defaultValue = "5000")
    int names;

    @Option(names = "--properties", description = "Property columns.", defaultValue = "500")
    int properties;

    @Option(names = "--days", description = "That events are spread over.", defaultValue = "400")
    int days;

    @Option(names = "--projects", description = "Small ones beside.", defaultValue = "200")
    int projects;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      LakeScale.Size size = new LakeScale.Size(commits, events, names, properties, days, projects);
      new LakeScale(work, size, InstantSource.system(), System::nanoTime, OUT).run();
    }
  }

  @Command(
      name = "size",
      description = "Bytes of an event in the lake, beside snappy Parquet in the order of arrival.",
      mixinStandardHelpOptions = true)
  static final class SizeCommand extends Measurement {
    @Option(names = "--events", description = "Of a shop.", defaultValue = "10000000")
    long events;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException, SQLException {
      new StoredSize(work, events, InstantSource.system(), System::nanoTime, OUT).run(figures);
    }
  }

  @Command(
      name = "duplicates",
      description = "Time, disk and memory that the ids of accepted events take.",
      mixinStandardHelpOptions = true)
  static final class DuplicatesCommand extends Measurement {
    @Option(names = "--ids", description = "Over seven days.", defaultValue = "50000000")
    int ids;

    @Override
    void measure(Path work, Figures figures) throws IOException {
      new DuplicateIds(work, ids, System::nanoTime, OUT).run(figures);
    }
  }

  @Command(
      name = "start",
      description = "How long ./weir start takes, a query after a kill, and memory when idle.",
      mixinStandardHelpOptions = true)
  static final class StartCommand extends Measurement {
    @Option(names = "--rounds", description = "How many times.", defaultValue = "5")
    int rounds;

    @Option(names = "--idle", description = "Seconds before memory is read.", defaultValue = "20")
    int idle;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      Path weir = Path.of(System.getenv().getOrDefault("WEIR_HOME", ""), "weir").toAbsolutePath();
      new StartTimes(weir, work, rounds, Duration.ofSeconds(idle), System::nanoTime, OUT)
          .run(figures);
    }
  }

  @Command(
      name = "neighbours",
      description = "How long a project waits while another one's key asks the worst statements.",
      mixinStandardHelpOptions = true)
  static final class NeighboursCommand extends Measurement {
    @Option(names = "--seconds", description = "For each statement.", defaultValue = "20")
    int seconds;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      new Neighbours(work.resolve("data"), Duration.ofSeconds(seconds), System::nanoTime, OUT)
          .run(figures);
    }
  }
}
