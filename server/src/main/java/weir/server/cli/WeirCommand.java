package weir.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import weir.config.ConfigurationException;
import weir.config.Fault;
import weir.directory.FileProblem;

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
      "  weir demo                                plays a shop (or: menu), to have events to look at",
      "  weir import FILE                         brings in what there is already",
      "",
      "Also, by the script ./weir alone:",
      "  weir test                                the whole test suite",
      "  weir bench --help                        the benchmarks"
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = WeirCommand.Version.class)
public final class WeirCommand {
  /** What a command exits with that was told nonsense. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  /** In the order in which the help lists them. */
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("start", StartCommand::new);
    COMMANDS.put("query", QueryCommand::new);
    COMMANDS.put("table", TableCommand::new);
    COMMANDS.put("snapshot", SnapshotCommand::new);
    COMMANDS.put("status", StatusCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("demo", DemoCommand::new);
    COMMANDS.put("project", ProjectCommand::new);
    COMMANDS.put("key", KeyCommand::new);
    COMMANDS.put("webhook", WebhookCommand::new);
    COMMANDS.put("property", PropertyCommand::new);
    COMMANDS.put("enrichment", EnrichmentCommand::new);
    COMMANDS.put("plugin", PluginCommand::new);
    COMMANDS.put("delivery", DeliveryCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("backup", BackupCommand::new);
    COMMANDS.put("restore", RestoreCommand::new);
    COMMANDS.put("config", ConfigCommand::new);
    COMMANDS.put("prepare", PrepareCommand::new);
    COMMANDS.put("rehearse", RehearseCommand::new);
  }

  private WeirCommand() {}

  /** Runs a command line and answers the exit code. */
  public static int execute(String... args) {
    return execute(commandLine(args), args);
  }

  /** The same with what it prints elsewhere than to the process' own streams. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    return execute(commandLine(args).setOut(out).setErr(err), args);
  }

  private static int execute(CommandLine line, String... args) {
    return line.execute(Arguments.of(line, args));
  }

  /** With all commands, or with that alone which these words name: the others take time. */
  static CommandLine commandLine(String... args) {
    CommandLine line = new CommandLine(new WeirCommand());
    Supplier<Callable<Integer>> named = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (named != null) {
      line.addSubcommand(args[0], named.get());
    } else {
      COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
      line.addSubcommand(help());
    }
    return line.setExecutionExceptionHandler(WeirCommand::explain)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static CommandLine help() {
    CommandLine help = new CommandLine(new CommandLine.HelpCommand());
    help.getCommandSpec()
        .usageMessage()
        .header(new String[0])
        .description("Shows what COMMAND --help does.");
    return help;
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
    err.println("weir: " + message(failure));
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String message(Exception failure) {
    return switch (failure) {
      case UncheckedIOException wrapped when wrapped.getCause() != null ->
          FileProblem.of(wrapped.getCause());
      case IOException io -> FileProblem.of(io);
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /** Weir's own. */
  static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream stream =
        Objects.requireNonNull(
            WeirCommand.class.getResourceAsStream("/weir/server/version.properties"))) {
      properties.load(stream);
    }
    return Objects.requireNonNullElse(properties.getProperty("version"), "unknown");
  }

  /** Answers {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"weir " + version(), "Java " + Runtime.version()};
    }
  }
}
