package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.server.statements.RoleStatements;

/** What the routes of stored tables take and refuse, before anything is stored. */
class TableRoutesTest {
  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final KnownEngine engine = new KnownEngine();
  private KnownKeys keys;
  private ApiServer api;

  @BeforeEach
  void start() throws Exception {
    keys = KnownKeys.create(folder, "shop");
    api =
        ApiServer.start(
            new ApiServer.Options(
                "127.0.0.1",
                0,
                Optional.empty(),
                folder.resolve("query.json"),
                Duration.ofSeconds(1)),
            keys.store(),
            engine,
            new KnownEvents(),
            new RoleStatements(folder.resolve("query.json")),
            () -> Instant.EPOCH);
  }

  @AfterEach
  void stop() {
    api.close();
    keys.close();
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer good");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String path, String type, String body) throws Exception {
    return send(
        request("/api/v1/tables/" + path)
            .header("Content-Type", type)
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void aBodyReachesTheTableWhole() throws Exception {
    HttpResponse<String> created =
        put("plans?types=a:varchar,b:DECIMAL(10,2)", "text/csv; charset=utf-8", "a,b\n1,2\n");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body())
        .startsWith("shop CSV {")
        .contains("a=VARCHAR", "b=DECIMAL(10,2)")
        .endsWith("a,b\n1,2\n");
    HttpResponse<String> replaced = put("other", "application/vnd.apache.parquet", "PAR1");
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(replaced.body()).isEqualTo("shop PARQUET {} PAR1");
  }

  @Test
  void anEmptyBodyIsAnsweredToo() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(put("plans", "text/csv", "").body()).startsWith("shop CSV {}");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedSaidOrNot() throws Exception {
    String large = "x".repeat((int) KnownTables.LIMIT + 1);
    assertThat(put("plans", "text/csv", large).statusCode()).isEqualTo(413);
    HttpResponse<String> chunked =
        send(
            request("/api/v1/tables/plans")
                .header("Content-Type", "text/csv")
                .PUT(
                    HttpRequest.BodyPublishers.ofInputStream(() ->
                        new java.io.ByteArrayInputStream(
                            large.getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(put("plans", "text/csv", "still there").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a:WORD", "a:VARCHAR,", ":VARCHAR", "a:DECIMAL(1"})
  void typesThatAreNoneAreRefused(String types) throws Exception {
    HttpResponse<String> answer = put("plans?types=" + types, "text/csv", "a\n1\n");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("types must be like");
  }

  @Test
  void otherKindsOfBodiesAreRefused() throws Exception {
    assertThat(put("plans", "application/json", "{}").statusCode()).isEqualTo(415);
    HttpResponse<String> brotli =
        send(
            request("/api/v1/tables/plans")
                .header("Content-Type", "text/csv")
                .header("Content-Encoding", "br")
                .PUT(HttpRequest.BodyPublishers.ofString("x")));
    assertThat(brotli.statusCode()).isEqualTo(415);
    assertThat(put("taken", "text/csv", "a\n1\n").statusCode()).isEqualTo(409);
  }

  @Test
  void listsPageByCursor() throws Exception {
    assertThat(send(request("/api/v1/tables?cursor=b&limit=7")).body())
        .isEqualTo("{\"after\":\"b\",\"limit\":7}");
    assertThat(send(request("/api/v1/tables")).body()).isEqualTo("{\"after\":\"\",\"limit\":100}");
    assertThat(send(request("/api/v1/tables?limit=1001")).statusCode()).isEqualTo(400);
  }

  @Test
  void errorsOfAQueryAreItsOwn() throws Exception {
    HttpResponse<String> answer =
        send(
            request("/api/v1/tables")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\",\"sql\":\"y\"}")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_sql");
  }

  @Test
  void tablesThatAreNoneAreNotFound() throws Exception {
    assertThat(send(request("/api/v1/tables/plans")).statusCode()).isEqualTo(200);
    assertThat(send(request("/api/v1/tables/none")).statusCode()).isEqualTo(404);
    assertThat(send(request("/api/v1/tables/plans").DELETE()).statusCode()).isEqualTo(204);
    assertThat(send(request("/api/v1/tables/none").DELETE()).statusCode()).isEqualTo(404);
  }

  @Test
  void whoeverLeavesStopsWhatIsBeingStored() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket
          .getOutputStream()
          .write(
              ("PUT /api/v1/tables/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
                      + "Content-Type: text/csv\r\nContent-Length: 4\r\n\r\na\n1\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(engine.tables.storing.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(engine.tables.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatTakesLongKeepsNothingCheapWaiting() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      waiting.add(
          client.sendAsync(
              request("/api/v1/tables/slow").build(), HttpResponse.BodyHandlers.ofString()));
    }
    for (String cheap : List.of("/health", "/ready", "/metrics", "/api/openapi.json")) {
      assertThat(send(request(cheap)).statusCode()).as(cheap).isEqualTo(200);
    }
    assertThat(put("plans", "text/csv", "a\n1\n").statusCode()).as("an upload").isEqualTo(201);
    engine.tables.told.countDown();
    for (CompletableFuture<HttpResponse<String>> each : waiting) {
      assertThat(each.join().statusCode()).isEqualTo(404);
    }
  }
}
