package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.directory.FileProblem;
import weir.server.logging.LogSetup;

@Command(
    name = "query",
    description = {
      "Runs one SELECT over the project's events and prints the result.",
      "Tables: events, sessions, users, items, identities, bad_events, ledger,",
      "a view for each event name (order_completed), and those that weir table stores.",
      "SHOW TABLES lists them.",
      ""
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CLIENT_TIMEOUT = Duration.ofMinutes(30);

  enum Format {
    TABLE,
    JSON,
    CSV,
    PARQUET
  }

  @Parameters(paramLabel = "SQL", description = "The statement; - reads it from standard input.")
  String sql = "";

  @Option(
      names = "--format",
      paramLabel = "table|json|csv|parquet",
      description = "How to print it (default: table).")
  Format format = Format.TABLE;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write it there instead; parquet needs that, or a > FILE.")
  @Nullable Path output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows at most; not for csv and parquet (default: 10000).")
  int limit = 10_000;

  @Mixin StatementOptions statement = new StatementOptions();
  @Mixin ApiAccess api = new ApiAccess();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    if (format == Format.PARQUET && output == null && isTerminal()) {
      spec.commandLine().getErr().println("parquet is not for a terminal: give --output FILE");
      return WeirCommand.USAGE;
    }
    ObjectNode request = statement.request(sql);
    request.put("format", wanted()).put("limit", limit);
    HttpResponse<InputStream> answer =
        api.send("/api/v1/query", request.toString(), CLIENT_TIMEOUT);
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        return explain(answer.statusCode(), body);
      }
      if (output == null) {
        print(body);
      } else {
        write(body, output);
      }
      return 0;
    }
  }

  private String wanted() {
    return switch (format) {
      case CSV -> "csv";
      case PARQUET -> "parquet";
      case TABLE, JSON -> "json";
    };
  }

  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** All of it, or no file: half an answer would pass for a whole one. */
  private void write(InputStream body, Path file) throws IOException {
    try {
      writeWhole(body, file);
    } catch (FileSystemException e) {
      throw new IOException("cannot write " + file + ": " + FileProblem.of(e), e);
    }
  }

  private void writeWhole(InputStream body, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder: --output takes a file");
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try {
      if (format == Format.TABLE) {
        Files.writeString(unfinished, table(body));
      } else {
        Files.copy(body, unfinished, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private String table(InputStream body) throws IOException {
    JsonNode result = JSON.readTree(body);
    String more =
        result.path("truncated").asBoolean()
            ? "(more rows than " + limit + "; --limit N shows more)\n"
            : "";
    return TextTable.of(
            result.path("columns"), result.path("rows"), "; --format csv shows them whole")
        + more;
  }

  private void print(InputStream body) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case TABLE -> out.print(table(body));
      case PARQUET -> {
        body.transferTo(System.out);
        System.out.flush();
      }
      case JSON, CSV ->
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
