package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.server.logging.LogSetup;

@Command(
    name = "table",
    description = {"Stores, lists and drops tables of your own, which SQL joins with events.", ""},
    synopsisSubcommandLabel = "list|show|put|keep|drop",
    footer = {
      "",
      "Examples:",
      "  weir table put plans plans.csv --types code:VARCHAR",
      "  weir table keep dear \"select * from plans where price > ?\" --param 5",
      "  weir table drop dear"
    },
    mixinStandardHelpOptions = true)
final class TableCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/tables";
  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return WeirCommand.USAGE;
  }

  @Command(name = "list", description = "Lists the stored tables.", mixinStandardHelpOptions = true)
  int list(@Mixin ApiAccess api) throws Exception {
    LogSetup.quiet();
    print(
        ApiAnswer.table(
            api,
            PATH + "?",
            "tables",
            List.of("name", "rows", "bytes", "stored"),
            table ->
                List.of(
                    table.path("name").asText(),
                    table.path("rows").asText(),
                    table.path("bytes").asText(),
                    table.path("stored_at").asText())));
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows the columns of a table.",
      mixinStandardHelpOptions = true)
  int show(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    JsonNode table = ApiAnswer.of(api, "GET", path(name), null);
    ArrayNode columns = JsonNodeFactory.instance.arrayNode();
    columns.addObject().put("name", "column");
    columns.addObject().put("name", "type");
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (JsonNode column : table.path("columns")) {
      rows.addArray().add(column.path("name")).add(column.path("type"));
    }
    print(TextTable.of(columns, rows));
    print(said(table) + "\n");
    return 0;
  }

  @Command(
      name = "put",
      description = {
        "Makes a table of a file, or replaces one by it.",
        "CSV with a header, also as gzip, or Parquet. What the file is, its content tells."
      },
      mixinStandardHelpOptions = true)
  int put(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--types",
              paramLabel = "C:TYPE",
              description = "Types of CSV columns, such as code:VARCHAR,price:DECIMAL(10,2).")
          @Nullable String types)
      throws Exception {
    LogSetup.quiet();
    Map<String, String> headers = headers(file);
    String query =
        types == null ? "" : "?types=" + URLEncoder.encode(types, StandardCharsets.UTF_8);
    JsonNode stored = ApiAnswer.put(api, path(name) + query, file, headers);
    print("stored " + said(stored) + "\n");
    return 0;
  }

  private static Map<String, String> headers(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no file " + file);
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(PARQUET.length);
    }
    if (Arrays.equals(head, PARQUET)) {
      return Map.of("Content-Type", "application/vnd.apache.parquet");
    }
    boolean gzip = head.length > 1 && head[0] == 0x1f && head[1] == (byte) 0x8b;
    return gzip
        ? Map.of("Content-Type", "text/csv", "Content-Encoding", "gzip")
        : Map.of("Content-Type", "text/csv");
  }

  @Command(
      name = "keep",
      description = "Makes a table of what a SELECT answers, or replaces one by it.",
      mixinStandardHelpOptions = true)
  int keep(
      @Mixin ApiAccess api,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "SQL", description = "The SELECT; - reads it from standard input.")
          String sql,
      @Mixin StatementOptions options)
      throws Exception {
    LogSetup.quiet();
    ObjectNode request = options.request(sql).put("name", name);
    print("stored " + said(ApiAnswer.of(api, "POST", PATH, request)) + "\n");
    return 0;
  }

  @Command(name = "drop", description = "Drops a table.", mixinStandardHelpOptions = true)
  int drop(@Mixin ApiAccess api, @Parameters(paramLabel = "NAME") String name) throws Exception {
    LogSetup.quiet();
    ApiAnswer.of(api, "DELETE", path(name), null);
    print("dropped " + name + "\n");
    return 0;
  }

  private static String path(String name) {
    return PATH + "/" + ApiAnswer.encoded(name);
  }

  private static String said(JsonNode table) {
    return String.format(
        "%s: %s, %s, %s",
        table.path("name").asText(),
        Amount.of(table.path("rows").asLong(), "row"),
        Amount.of(table.path("columns").size(), "column"),
        Amount.of(table.path("bytes").asLong(), "byte"));
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
