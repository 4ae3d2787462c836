package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "query",
    description = {
      "Runs one SELECT over the project's events and prints the result.",
      "Tables: events, bad_events, ledger, and a view per event name (order_completed).",
      ""
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(30);

  enum Format {
    TABLE,
    JSON,
    CSV
  }

  @Parameters(paramLabel = "SQL", description = "The statement.")
  String sql = "";

  @Option(
      names = "--format",
      paramLabel = "table|json|csv",
      description = "How to print it (default: table).")
  Format format = Format.TABLE;

  @Option(
      names = "--timeout",
      paramLabel = "SPAN",
      description = "When to give up, such as 60s (default: the server's).")
  String timeout = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows at most; not for csv (default: 10000).")
  int limit = 10_000;

  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    ObjectNode request = JSON.createObjectNode().put("sql", sql);
    request.put("format", format == Format.CSV ? "csv" : "json").put("limit", limit);
    if (!timeout.isEmpty()) {
      request.put("timeout", timeout.toLowerCase(Locale.ROOT));
    }
    HttpResponse<InputStream> answer =
        api.send("/api/v1/query", request.toString(), CLIENT_TIMEOUT);
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        return explain(answer.statusCode(), body);
      }
      print(body);
      return 0;
    }
  }

  private void print(InputStream body) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.TABLE) {
      JsonNode result = JSON.readTree(body);
      out.print(TextTable.of(result.path("columns"), result.path("rows")));
      if (result.path("truncated").asBoolean()) {
        out.println("(more rows than " + limit + "; --limit N shows more)");
      }
    } else {
      out.println(new String(body.readAllBytes(), StandardCharsets.UTF_8).stripTrailing());
    }
    out.flush();
  }

  private int explain(int status, InputStream body) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
    String message = status + ": " + text;
    try {
      JsonNode error = JSON.readTree(text).path("error");
      if (error.hasNonNull("message")) {
        String place =
            error.has("line")
                ? " (line " + error.path("line") + ", column " + error.path("column") + ")"
                : "";
        message = error.path("code").asText() + ": " + error.path("message").asText() + place;
      }
    } catch (IOException e) {
      message = status + ", and no JSON: " + text; // a proxy's page perhaps
    }
    err.println(message);
    return 1;
  }
}
