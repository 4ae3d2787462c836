package weir.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be said of a statement. */
final class StatementOptions {
  @Option(
      names = "--param",
      paramLabel = "VALUE",
      description = {
        "Value of the next ? in the statement; say it once for each.",
        "17, true and null are what they are, all else is text, and so is '\"17\"'."
      })
  List<String> parameters = List.of();

  @Option(
      names = "--as-of",
      paramLabel = "NAME",
      description = "Ask a named snapshot, or a time such as 2026-01-31T10:00:00Z.")
  @Nullable String asOf;

  @Option(
      names = "--timeout",
      paramLabel = "SPAN",
      description = "When to give up, such as 60s (default: the server's).")
  String timeout = "";

  /**
   * The statement as the API takes it.
   *
   * @param sql - for what standard input has
   */
  ObjectNode request(String sql) throws IOException {
    String statement =
        sql.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : sql;
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("sql", statement);
    if (!parameters.isEmpty()) {
      request.set("parameters", JsonArgument.all(parameters));
    }
    if (asOf != null) {
      request.put("as_of", asOf);
    }
    if (!timeout.isEmpty()) {
      request.put("timeout", timeout.toLowerCase(Locale.ROOT));
    }
    return request;
  }
}
