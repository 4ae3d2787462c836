package weir.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.importing.Collector;
import weir.server.importing.FileImport;
import weir.server.importing.ImportOptions;
import weir.server.importing.ImportResult;
import weir.server.importing.UnclearFileException;
import weir.server.logging.LogSetup;

@Command(
    name = "import",
    description = {
      "Sends the rows of a file as events.",
      "CSV with a header, NDJSON, a JSON array, Parquet; the first three also as gzip or zstd.",
      "What the file is, its content tells.",
      "Columns that are not named by options are found by their names, and shown.",
      "Importing a file again adds nothing; an import that was interrupted goes on where it was.",
      "Exits 1 when some rows are no events, or it could not be finished.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  weir import orders.csv --event \"Order Completed\" --user-column customer",
      "  weir import log.ndjson.gz --event-column action --time-column ts --time-format epoch_ms",
      "  weir import users.csv --identify --user-column id"
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file.")
  Path file = Path.of("");

  static final class EventName {
    @Option(names = "--event", paramLabel = "NAME", description = "Name of every event.")
    @Nullable String event;

    @Option(
        names = "--event-column",
        paramLabel = "C",
        description = "Column that names the event.")
    @Nullable String column;

    @Option(
        names = "--identify",
        description = {
          "Rows are users: the other columns are their traits.",
          "A column with times is a trait too, unless --time-column names it."
        })
    boolean identify;
  }

  @ArgGroup @Nullable EventName eventName;

  @Option(names = "--user-column", paramLabel = "C", description = "Column that says who did it.")
  @Nullable String userColumn;

  @Option(
      names = "--time-column",
      paramLabel = "C",
      description = "Column with the time; none gives every event the time of the import.")
  @Nullable String timeColumn;

  @Option(
      names = "--time-format",
      paramLabel = "F",
      description = {
        "How times are written: a pattern such as \"dd/MM/yyyy HH:mm:ss\",",
        "epoch_s, epoch_ms, epoch_us, epoch_ns, or iso (default: ISO 8601, or a number",
        "since 1970 whose unit its size tells)."
      })
  @Nullable String timeFormat;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "Zone of times that name none, such as Europe/Berlin (default: UTC).")
  ZoneId zone = ZoneId.of("UTC");

  @Option(
      names = "--from-start",
      description = "Send everything, also what an interrupted import had sent.")
  boolean fromStart;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long to go on trying when the collector takes nothing (default: 120).")
  long patience = 120;

  @Mixin CollectorAccess access = new CollectorAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    EventName name = eventName == null ? new EventName() : eventName;
    ImportOptions options =
        new ImportOptions(
            file,
            name.identify,
            name.event,
            name.column,
            userColumn,
            timeColumn,
            timeFormat,
            zone,
            fromStart,
            Duration.ofSeconds(patience));
    PrintWriter out = spec.commandLine().getOut();
    ImportResult result;
    try (Collector collector = access.open(options.patience());
        ConsoleProgress progress = new ConsoleProgress(out, System::nanoTime)) {
      result =
          new FileImport(options, collector, InstantSource.system(), System::nanoTime, progress)
              .run();
    } catch (UnclearFileException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return WeirCommand.USAGE;
    }
    return print(result, out);
  }

  private static int print(ImportResult result, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d rows: %d accepted, %d not%n",
        result.rows(),
        result.accepted(),
        result.refused() + result.quarantined());
    if (result.resumed() > 0) {
      out.printf(Locale.ROOT, "(%d of them by the import before)%n", result.resumed());
    }
    result.reasons().forEach(reason -> out.println("  " + reason));
    if (result.failure() != null) {
      out.println("Stopped: " + result.failure());
      out.println(
          "Start it again to go on; how far it came is in "
              + result.state()
              + ". Nothing is stored twice.");
    }
    out.flush();
    return result.failure() == null && result.refused() + result.quarantined() == 0 ? 0 : 1;
  }
}
