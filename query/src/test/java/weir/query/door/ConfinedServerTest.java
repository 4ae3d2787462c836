package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.reading.LakeReader;
import weir.query.ChildJvm;
import weir.query.LakeSource;
import weir.query.Questions;
import weir.query.duckdb.DuckDbEngine;
import weir.query.duckdb.DuckDbOptions;
import weir.query.duckdb.TestEngine;
import weir.query.hottail.TailSource;
import weir.query.sandbox.FileSandbox;

/** The whole query server, as a process that can write to its spill folder alone. */
class ConfinedServerTest {
  @TempDir Path dir;

  @Test
  void allFormatsWorkInAConfinedProcess() throws Exception {
    Process process = ChildJvm.start(Confined.class, List.of(), dir.toString());
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        HttpClient client = HttpClient.newHttpClient()) {
      String port = output.lines().filter(line -> line.startsWith("port ")).findFirst().orElse("");
      assumeTrue(!port.equals("port none"), "this system cannot confine a process");
      assertThat(port).as("the child did not start").isNotEmpty();
      URI uri = URI.create("http://127.0.0.1:" + port.substring(5) + "/query?project=shop");
      for (String format : List.of("json", "csv", "ndjson", "parquet")) {
        String sql = "select i, hash(i) from range(2000000) r(i) order by 2";
        HttpResponse<byte[]> response = post(client, uri, sql, "\"format\":\"" + format + "\"");
        assertThat(response.statusCode()).as(format).isEqualTo(200);
        assertThat(response.body()).isNotEmpty();
      }
      assertThat(post(client, uri, "select count(*) from events, ledger", "").statusCode())
          .isEqualTo(200);
      post(client, uri, "select 42", "\"async\":true,\"id\":\"a\"");
      URI kept = uri.resolve("/query/a?project=shop");
      Awaitility.await()
          .until(() ->
              client.send(get(kept), HttpResponse.BodyHandlers.ofString()).statusCode() == 200);
      assertThat(client.send(get(kept), HttpResponse.BodyHandlers.ofString()).body())
          .contains("[[42]]");
    } finally {
      process.destroyForcibly();
    }
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).header("Authorization", "Bearer t").build();
  }

  private static HttpResponse<byte[]> post(HttpClient client, URI uri, String sql, String more)
      throws Exception {
    String body = "{\"sql\":\"" + sql + "\"" + (more.isEmpty() ? "" : "," + more) + "}";
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer t")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The query role in small: native libraries first, then the sandbox, then everything else. */
  static final class Confined {
    private Confined() {}

    public static void main(String[] args) throws Exception {
      Path dir = Path.of(args[0]);
      Path spill = Files.createDirectories(dir.resolve("spill"));
      Files.createDirectories(dir.resolve("lake"));
      DuckDbEngine.load();
      DriverManager.getConnection("jdbc:sqlite::memory:").close();
      if (FileSandbox.enter(List.of(spill)) instanceof FileSandbox.Outcome.Unsupported) {
        System.out.println("port none");
        return;
      }
      DuckDbEngine engine =
          new DuckDbEngine(
              new DuckDbOptions(spill, 64L << 20, 1L << 30, 2, 2),
              LakeSource.of(LakeReader.open(dir.resolve("lake")), dir.resolve("lake")),
              TailSource.NONE,
              List.of(TestEngine.LEDGER));
      Path results = Files.createDirectories(spill.resolve("results"));
      QueryServer server =
          QueryServer.start(
              engine,
              Questions.NONE,
              QueryOptions.defaults(results),
              "t",
              System::nanoTime,
              new SimpleMeterRegistry(),
              () -> "",
              ProcessHalt.runtime());
      System.out.println("port " + server.port());
      Thread.currentThread().join();
    }
  }
}
