package weir.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import weir.server.config.ConfigurationException;
import weir.server.config.Fault;

/** The command {@code weir} and its subcommands. */
@Command(
    name = "weir",
    description = {
      "Event analytics that loses nothing: send events by HTTP, ask for them in SQL.",
      ""
    },
    footer = {
      "",
      "First steps:",
      "  weir start                               prints how to send the first event",
      "  weir query \"select event, count(*) from events group by all\"",
      "  weir demo                                plays a shop, so that there is something to see",
      "  weir import FILE                         brings in what there is already",
      "",
      "Also, by the script ./weir alone:",
      "  weir test                                the whole test suite",
      "  weir bench --help                        the benchmarks"
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = WeirCommand.Version.class,
    subcommands = {
      StartCommand.class,
      QueryCommand.class,
      StatusCommand.class,
      ImportCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      ConfigCommand.class,
      PrepareCommand.class,
      RehearseCommand.class,
      RoleCommand.class
    })
public final class WeirCommand {
  /** What a command exits with that was told nonsense. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  private WeirCommand() {}

  /** Runs a command line and answers the exit code. */
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new WeirCommand())
        .setExecutionExceptionHandler(WeirCommand::explain)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static int explain(Exception failure, CommandLine command, Object parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof ConfigurationException configuration) {
      err.println("The configuration cannot be used:");
      for (Fault fault : configuration.faults()) {
        err.println("  " + fault);
      }
      err.println("weir config --help tells where settings come from.");
      return USAGE;
    }
    String message = failure.getMessage();
    err.println("weir: " + (message == null ? failure.toString() : message));
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** Answers {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream stream =
          Objects.requireNonNull(
              WeirCommand.class.getResourceAsStream("/weir/server/version.properties"))) {
        properties.load(stream);
      }
      return new String[] {
        "weir " + properties.getProperty("version"), "Java " + Runtime.version()
      };
    }
  }
}
