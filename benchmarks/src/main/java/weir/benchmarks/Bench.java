package weir.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import weir.testkit.powercut.Strace;

/**
 * The command line of the benchmarks and fault runs; exits 1 when a promise or figure is missed.
 */
@Command(
    name = "bench",
    description = "Measures Weir, and breaks it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Bench.CrashCommand.class,
      Bench.PowerCutCommand.class,
      Bench.CollectCommand.class,
      Bench.PipelineCommand.class,
      Bench.FreshnessCommand.class,
      Bench.LakeCommand.class,
      Bench.StartCommand.class
    })
public final class Bench implements Callable<Integer> {
  private static final PrintStream OUT = System.out;

  public static void main(String[] arguments) {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() {
    CommandLine.usage(this, OUT);
    return CommandLine.ExitCode.USAGE;
  }

  static final class SeedAndCount {
    @Option(names = "--seed", description = "Chooses what happens when.", defaultValue = "1")
    long seed;

    @Option(names = "--count", description = "How many times.", defaultValue = "20")
    int count;
  }

  @Command(
      name = "crash",
      description = "Kills collector, engine, query or all under load, and looks for losses.",
      mixinStandardHelpOptions = true)
  static final class CrashCommand implements Callable<Integer> {
    @CommandLine.Mixin SeedAndCount run = new SeedAndCount();

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path work = Files.createTempDirectory("weir-crash");
      Path data = work.resolve("data");
      Crash crash = new Crash(run.seed, run.count, data, InstantSource.system(), OUT);
      return report(crash.run(), run.seed, work);
    }
  }

  @Command(
      name = "powercut",
      description = "Cuts the power under load, rebuilds the disk, and looks for losses.",
      mixinStandardHelpOptions = true)
  static final class PowerCutCommand implements Callable<Integer> {
    @CommandLine.Mixin SeedAndCount run = new SeedAndCount();

    @Option(
        names = "--break",
        description = "Fsyncs to pass over, to see it fail: ${COMPLETION-CANDIDATES}.",
        defaultValue = "NOTHING")
    Forgotten forgotten = Forgotten.NOTHING;

    @Option(names = "--processes", description = "Recover by a whole start: slower by far.")
    boolean processes;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException, SQLException {
      Optional<String> missing = Strace.missing();
      if (missing.isPresent()) {
        OUT.println("cannot cut the power here: " + missing.get());
        return 1;
      }
      Path memory = Path.of("/dev/shm");
      Path work =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "weir-powercut")
              : Files.createTempDirectory("weir-powercut");
      try (EmbeddedRecovery embedded =
          new EmbeddedRecovery(InstantSource.system(), System::nanoTime)) {
        Recovery recovery = processes ? new ProcessRecovery() : embedded;
        PowerCut cuts =
            new PowerCut(
                run.seed,
                run.count,
                forgotten,
                work,
                TracedLoad.class,
                Duration.ofSeconds(8),
                recovery,
                OUT);
        return report(cuts.run(), run.seed, work);
      }
    }
  }

  @Command(
      name = "collect",
      description = "Requests a second, each fsynced before its answer, beside a bare echo.",
      mixinStandardHelpOptions = true)
  static final class CollectCommand implements Callable<Integer> {
    @Option(names = "--rounds", description = "Pairs of runs.", defaultValue = "5")
    int rounds;

    @Option(names = "--seconds", description = "Length of a run.", defaultValue = "5")
    int seconds;

    @Option(names = "--check", description = "Exit 1 where the ratio is below 0.5.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path work = Files.createTempDirectory("weir-collect");
      CollectRate rate =
          new CollectRate(work, rounds, Duration.ofSeconds(seconds), System::nanoTime, OUT);
      double ratio = rate.run();
      Trees.delete(work);
      return check && ratio < CollectRate.LEAST_RATIO ? 1 : 0;
    }
  }

  @Command(
      name = "pipeline",
      description = "Events a second from the raw log to committed Parquet.",
      mixinStandardHelpOptions = true)
  static final class PipelineCommand implements Callable<Integer> {
    @Option(names = "--events", description = "In the raw log.", defaultValue = "300000")
    int events;

    @Option(names = "--batch", description = "Events in a request.", defaultValue = "1")
    int batch;

    @Option(names = "--rounds", description = "After one to warm up.", defaultValue = "3")
    int rounds;

    @Option(names = "--check", description = "Exit 1 below 40,000 events a second.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path work = Files.createTempDirectory("weir-pipeline");
      try {
        double rate =
            new PipelineRate(
                    work, events, batch, rounds, InstantSource.system(), System::nanoTime, OUT)
                .run();
        return check && rate < PipelineRate.LEAST_RATE ? 1 : 0;
      } finally {
        Trees.delete(work);
      }
    }
  }

  @Command(
      name = "freshness",
      description = "How soon events answer SQL at a steady rate, and how long dashboards wait.",
      mixinStandardHelpOptions = true)
  static final class FreshnessCommand implements Callable<Integer> {
    @Option(names = "--rate", description = "Events a second.", defaultValue = "5000")
    int rate;

    @Option(names = "--seconds", description = "How long.", defaultValue = "60")
    int seconds;

    @Option(names = "--dashboards", description = "How many ask.", defaultValue = "0")
    int dashboards;

    @Option(names = "--stored", description = "Events before.", defaultValue = "0")
    long stored;

    @Option(names = "--check", description = "Exit 1 where p99 is above a second.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path work = Files.createTempDirectory("weir-freshness");
      try {
        Freshness freshness =
            new Freshness(
                work,
                rate,
                Duration.ofSeconds(seconds),
                dashboards,
                stored,
                InstantSource.system(),
                System::nanoTime,
                OUT);
        double p99 = freshness.run();
        return check && !(p99 <= Freshness.LONGEST_SECONDS) ? 1 : 0;
      } finally {
        Trees.delete(work);
      }
    }
  }

  @Command(
      name = "lake",
      description = "Commits, planning and metadata of a lake of many names, days and projects.",
      mixinStandardHelpOptions = true)
  static final class LakeCommand implements Callable<Integer> {
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
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path work = Files.createTempDirectory("weir-lake");
      try {
        LakeScale.Size size =
            new LakeScale.Size(commits, events, names, properties, days, projects);
        new LakeScale(work, size, InstantSource.system(), System::nanoTime, OUT).run();
        return 0;
      } finally {
        Trees.delete(work);
      }
    }
  }

  @Command(
      name = "start",
      description = "How long ./weir start takes, a query after a kill, and memory when idle.",
      mixinStandardHelpOptions = true)
  static final class StartCommand implements Callable<Integer> {
    @Option(names = "--rounds", description = "How many times.", defaultValue = "5")
    int rounds;

    @Option(names = "--idle", description = "Seconds before memory is read.", defaultValue = "20")
    int idle;

    @Option(names = "--check", description = "Exit 1 where a median is above what is asked.")
    boolean check;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
      Path weir = Path.of(System.getenv().getOrDefault("WEIR_HOME", ""), "weir").toAbsolutePath();
      Path work = Files.createTempDirectory("weir-start");
      try {
        boolean held =
            new StartTimes(weir, work, rounds, Duration.ofSeconds(idle), System::nanoTime, OUT)
                .run();
        return check && !held ? 1 : 0;
      } finally {
        Trees.delete(work);
      }
    }
  }

  private static int report(List<String> violations, long seed, Path work) throws IOException {
    if (violations.isEmpty()) {
      Trees.delete(work);
      OUT.println("nothing lost, nothing twice, the ledger is balanced");
      return 0;
    }
    violations.forEach(violation -> OUT.println("FAILED: " + violation));
    OUT.println("seed " + seed + "; the data directory is kept in " + work);
    return 1;
  }
}
