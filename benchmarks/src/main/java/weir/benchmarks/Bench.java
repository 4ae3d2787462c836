package weir.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command line of the benchmarks and fault runs; exits 1 when a promise or figure is missed.
 */
@Command(
    name = "bench",
    description = "Measures Weir, and breaks it.",
    mixinStandardHelpOptions = true,
    subcommands = {
      FaultCommands.CrashCommand.class,
      FaultCommands.PowerCutCommand.class,
      FaultCommands.SoakCommand.class,
      SpeedCommands.CollectCommand.class,
      SpeedCommands.PipelineCommand.class,
      SpeedCommands.EnrichCommand.class,
      SpeedCommands.FreshnessCommand.class,
      SpeedCommands.StreamCommand.class,
      SpeedCommands.LakeCommand.class,
      SpeedCommands.SizeCommand.class,
      SpeedCommands.DuplicatesCommand.class,
      SpeedCommands.StartCommand.class,
      SpeedCommands.NeighboursCommand.class,
      YearsCommand.class,
      InsightCommand.class
    })
public final class Bench implements Callable<Integer> {
  private static final PrintStream OUT = System.out;

  /** What {@code --check} measures: everything that asks for a figure, but for the soak. */
  private static final List<String[]> CHECKED =
      List.of(
          words("collect"),
          words("pipeline"),
          words("enrich"),
          words("freshness"),
          words("freshness", "--dashboards", "20", "--stored", "10000000"),
          words("stream"),
          words("insights"),
          words("insights", "--dashboards", "20"),
          words("size"),
          words("duplicates"),
          words("start"),
          words("neighbours"));

  @Option(
      names = "--check",
      description = {
        "Measures all figures, prints them beside what is asked, and exits 1 where one is missed.",
        "Takes about half an hour on a machine that does nothing else."
      })
  boolean check;

  @Spec CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.WARN);
    }
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  private static String[] words(String... words) {
    return words;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException, SQLException {
    if (!check) {
      CommandLine.usage(this, OUT);
      return CommandLine.ExitCode.USAGE;
    }
    Figures all = new Figures();
    for (String[] words : CHECKED) {
      OUT.println("\nbench " + String.join(" ", words));
      CommandLine line = Objects.requireNonNull(spec.commandLine().getSubcommands().get(words[0]));
      line.parseArgs(List.of(words).subList(1, words.length).toArray(String[]::new));
      Measurement measurement = line.getCommand();
      all.addAll(measurement.figures());
    }
    return all.print(OUT) ? 0 : 1;
  }
}
