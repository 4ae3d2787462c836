package weir.benchmarks;

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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import weir.testkit.powercut.Strace;

/** The commands that break Weir; each exits 1 when a promise is broken. */
final class FaultCommands {
  private static final PrintStream OUT = System.out;

  private FaultCommands() {}

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
      name = "soak",
      description = "A steady load for long: memory, handles and disk are to stay flat.",
      mixinStandardHelpOptions = true)
  static final class SoakCommand extends Measurement {
    @Option(names = "--rate", description = "Events a second.", defaultValue = "5000")
    int rate;

    @Option(names = "--minutes", description = "How long.", defaultValue = "60")
    int minutes;

    @Override
    void measure(Path work, Figures figures)
        throws IOException, InterruptedException, TimeoutException {
      Duration length = Duration.ofMinutes(minutes);
      new Soak(work, rate, length, InstantSource.system(), System::nanoTime, OUT).run(figures);
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
