package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "property",
    description = {"Lists and drops the columns that properties have.", ""},
    synopsisSubcommandLabel = "list|drop",
    mixinStandardHelpOptions = true)
final class PropertyCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/schemas/properties";

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(
      name = "list",
      description = "Lists the columns, and which write key brought them.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ApiAccess api,
      @Option(names = "--all", description = "Also dropped ones.") boolean all)
      throws Exception {
    LogSetup.quiet();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        ApiAnswer.table(
            api,
            PATH + "?",
            "properties",
            List.of("property", "column", "type", "source", "since", "state"),
            column ->
                all || column.path("state").asText().equals("used") ? row(column) : List.of()));
    out.flush();
    return 0;
  }

  private static List<String> row(JsonNode column) {
    return List.of(
        column.path("name").asText(),
        column.path("column").asText(),
        column.path("type").asText(),
        column.path("source").asText(),
        column.path("since").asText(),
        column.path("state").asText());
  }

  @Command(
      name = "drop",
      description = {
        "Drops columns for good.",
        "Their values are gone, but for snapshots that were taken before; new values",
        "of these properties are in the column properties.",
        "At a terminal it asks before.",
        ""
      },
      mixinStandardHelpOptions = true)
  int drop(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME", arity = "0..*", description = "Names of properties.")
          @Nullable List<String> names,
      @Option(names = "--source", paramLabel = "S", description = "All that this source brought.")
          @Nullable String source,
      @Option(names = "--yes", description = "Do not ask.") boolean yes)
      throws Exception {
    LogSetup.quiet();
    List<String> asked = new ArrayList<>();
    if (names != null) {
      names.forEach(name -> asked.add("name=" + ApiAnswer.encoded(name)));
    }
    if (source != null) {
      asked.add("source=" + ApiAnswer.encoded(source));
    }
    if (asked.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "names of properties, or --source");
    }
    if (!yes && !Confirmation.of(question(names, source))) {
      spec.commandLine().getErr().println("nothing is dropped");
      return 1;
    }
    JsonNode answer = ApiAnswer.of(api, "DELETE", PATH + "?" + String.join("&", asked), null);
    PrintWriter out = spec.commandLine().getOut();
    for (JsonNode column : answer.path("properties")) {
      boolean isDone = column.path("state").asText().equals("dropped");
      out.printf(
          "%s  %s%n", column.path("column").asText(), isDone ? "dropped" : "is being dropped");
    }
    out.flush();
    return 0;
  }

  private static String question(@Nullable List<String> names, @Nullable String source) {
    List<String> what = new ArrayList<>(names == null ? List.of() : names);
    if (source != null) {
      what.add("all that the source " + source + " brought");
    }
    return "Drop for good: " + String.join(", ", what) + "? The values in these columns are lost.";
  }
}
