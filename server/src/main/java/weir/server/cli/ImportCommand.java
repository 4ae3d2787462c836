package weir.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;
import weir.tools.importing.Collector;
import weir.tools.importing.FileImport;
import weir.tools.importing.ImportOptions;
import weir.tools.importing.ImportOptions.ValueType;
import weir.tools.importing.ImportResult;
import weir.tools.importing.UnclearFileException;

@Command(
    name = "import",
    description = {
      "Sends the rows of a file as events.",
      "CSV with a header, NDJSON, a JSON array, Parquet; the first three also as gzip or zstd.",
      "What the file is, its content tells, but for access logs (--format access-log).",
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
      "  weir import users.csv --identify --user-column id",
      "  weir import orders.csv --time-format dd.MM.yyyy --decimal , --types zip:text --dry-run",
      "  weir import access.log.gz --format access-log --site shop.example",
      "  weir import --undo 20260131-100000-4f2a9c"
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  private static final String REQUEST = "Request";

  enum Format {
    AUTO,
    ACCESS_LOG;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "The file.")
  @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "auto|access-log",
      description = {
        "access-log: an access log of Apache or nginx, common or combined; each request is",
        "an event, called Request unless --event says otherwise (default: auto)."
      })
  Format format = Format.AUTO;

  @Option(
      names = "--site",
      paramLabel = "HOST",
      split = ",",
      description = {
        "Host of the site that an access log is of, or several, which most logs do not name:",
        "pages have addresses then, and their own site's pages are no referrals."
      })
  List<String> site = List.of();

  @Option(
      names = "--types",
      paramLabel = "C:TYPE",
      split = ",",
      description = {
        "Types of columns that are not to be found out: text, number, integer or boolean,",
        "as in zip:text,price:number. A row with another value there is refused."
      })
  List<String> types = List.of();

  @Option(
      names = "--decimal",
      paramLabel = "MARK",
      description = "What is before the fraction of a number: . or , (default: .).")
  char decimal = '.';

  @Option(
      names = "--dry-run",
      description = "Show types, times and the first rows as events; send nothing.")
  boolean dryRun;

  @Option(
      names = "--undo",
      paramLabel = "IMPORT",
      description = {
        "Take the events of an import out again, and forget their ids, so that the file can",
        "be imported again. The end of an import says what it is called."
      })
  @Nullable String undo;

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
  @Mixin ImportApi api = new ImportApi();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    api.use(access);
    if (undo != null) {
      return new ImportUndo(api, out, spec.commandLine().getErr(), time -> Thread.sleep(time))
          .run(undo);
    }
    try {
      if (file == null) {
        throw new IllegalArgumentException("say which FILE to import");
      }
      return run(options(file), out);
    } catch (UnclearFileException | IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return WeirCommand.USAGE;
    }
  }

  private ImportOptions options(Path given) {
    EventName name = eventName == null ? new EventName() : eventName;
    boolean accessLog = format == Format.ACCESS_LOG;
    boolean unnamed = accessLog && name.event == null && name.column == null;
    return new ImportOptions(
        given,
        name.identify,
        unnamed ? REQUEST : name.event,
        name.column,
        userColumn,
        timeColumn,
        timeFormat,
        zone,
        new ImportOptions.Values(accessLog, types(), decimal, site),
        fromStart,
        Duration.ofSeconds(patience));
  }

  private Map<String, ValueType> types() {
    Map<String, ValueType> all = new HashMap<>();
    for (String each : types) {
      int colon = each.lastIndexOf(':');
      try {
        String type = each.substring(colon + 1).strip().toUpperCase(Locale.ROOT);
        all.put(each.substring(0, Math.max(0, colon)).strip(), ValueType.valueOf(type));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "--types takes C:TYPE with text, number, integer or boolean, such as zip:text, not '"
                + each
                + "'",
            e);
      }
    }
    return all;
  }

  private int run(ImportOptions options, PrintWriter out) throws Exception {
    try (ConsoleProgress progress = new ConsoleProgress(out, System::nanoTime)) {
      FileImport importing =
          new FileImport(options, InstantSource.system(), System::nanoTime, progress);
      if (dryRun) {
        importing.dryRun();
        return 0;
      }
      ImportResult result;
      try (Collector collector = access.open(options.patience())) {
        result = importing.run(collector, api);
      }
      progress.close();
      return print(result, out);
    }
  }

  private static int print(ImportResult result, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %d accepted, %d not%n",
        Amount.of(result.rows(), "row"),
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
    } else if (result.duplicates().isEmpty()) {
      out.println("How many of them were there before is not known yet.");
    } else if (result.duplicates().getAsLong() > 0) {
      out.printf(
          Locale.ROOT,
          "%d of them were there before and were dropped as duplicates%n",
          result.duplicates().getAsLong());
    }
    out.println("To take it out again: weir import --undo " + result.id().text());
    out.flush();
    return result.failure() == null && result.refused() + result.quarantined() == 0 ? 0 : 1;
  }
}
