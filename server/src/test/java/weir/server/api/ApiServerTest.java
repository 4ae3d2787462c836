package weir.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.directory.RoleFile;
import weir.server.statements.RoleStatements;

class ApiServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

  @TempDir static Path metadata;
  private static KnownKeys keys;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final KnownEngine engine = new KnownEngine();
  private final List<HttpServer> started = new ArrayList<>();
  private Path roleFile;
  private ApiServer api;

  @BeforeAll
  static void openKeys() throws IOException {
    keys = KnownKeys.create(metadata, "shop one");
  }

  @AfterAll
  static void closeKeys() {
    keys.close();
  }

  @BeforeEach
  void start() throws Exception {
    roleFile = folder.resolve("query.json");
    api =
        ApiServer.start(
            new ApiServer.Options(
                "127.0.0.1", 0, Optional.empty(), roleFile, Duration.ofSeconds(1)),
            keys.store(),
            engine,
            new KnownEvents(),
            new RoleStatements(roleFile),
            () -> NOW);
  }

  @AfterEach
  void stop() {
    api.close();
    client.close();
    started.forEach(server -> server.stop(0));
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/stream, 'authorization,last-event-id,weir-project'",
    "/stream/subscribe, 'read_key,last-event-id'"
  })
  void pagesMaySendAKeyAndThePositionToTheStream(String path, String asked) throws Exception {
    HttpRequest preflight =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Access-Control-Request-Method", "GET")
            .header("Access-Control-Request-Headers", asked)
            .build();
    HttpResponse<String> allowed = client.send(preflight, HttpResponse.BodyHandlers.ofString());
    assertThat(allowed.statusCode()).isEqualTo(200);
    String headers = allowed.headers().firstValue("access-control-allow-headers").orElse("");
    assertThat(headers.toLowerCase(Locale.ROOT).split(", ")).contains(asked.split(","));
    assertThat(allowed.headers().firstValue("access-control-allow-origin")).contains("*");
    HttpResponse<String> refused = get(path, "ak_wrong");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("access-control-allow-origin"))
        .as("else the page cannot read why")
        .contains("*");
  }

  @Test
  void whatNeedsNoKeyIsOpenAndTheRestIsNot() throws Exception {
    assertThat(get("/health", "").statusCode()).isEqualTo(200);
    assertThat(get("/ready", "").statusCode()).isEqualTo(200);
    for (Route route : api.allRoutes()) {
      HttpResponse<String> answer = send(route.method().name(), fill(route), "", "");
      if (route.open()) {
        assertThat(answer.statusCode()).as(route.template()).isEqualTo(200);
      } else {
        assertThat(answer.statusCode()).as(route.template()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(error(answer).path("code").asText()).isEqualTo("unauthorized");
      }
    }
    assertThat(get("/metrics", "Bearer bad").statusCode()).isEqualTo(401);
    assertThat(get("/metrics", "Basic good").statusCode()).isEqualTo(401);
    assertThat(get("/metrics", "bearer good").body()).contains("weir_x 1");
  }

  @Test
  void unknownPathsAndMethodsSaySo() throws Exception {
    HttpResponse<String> nowhere = get("/api/v1/nowhere", "Bearer good");
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(error(nowhere).path("message").asText()).contains("/api/v1/nowhere");
    HttpResponse<String> wrong = send("PUT", "/api/v1/query/x", "Bearer good", "");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).contains("GET, DELETE");
  }

  @Test
  void readinessSaysWhatIsMissing() throws Exception {
    engine.setReadiness(new Engine.Readiness(false, "the lake is not there"));
    HttpResponse<String> answer = get("/ready", "");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(error(answer).path("message").asText()).isEqualTo("the lake is not there");
  }

  @Test
  void timesOfTheLedgerAreAbsoluteOrRelative() throws Exception {
    JsonNode asked =
        JSON.readTree(
            get("/api/v1/ledger?from=-7d&to=2026-01-07T01:00:00%2B01:00", "Bearer good").body());
    assertThat(asked.path("project").asText()).isEqualTo("shop one");
    assertThat(asked.path("from").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(asked.path("to").asText()).isEqualTo("2026-01-07T00:00:00Z");
    assertThat(asked.path("limit").asInt()).isEqualTo(10_000);
    HttpResponse<String> wrong = get("/api/v1/ledger?from=yesterday", "Bearer good");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(error(wrong).path("message").asText()).contains("from", "yesterday");
  }

  @Test
  void theLedgerIsReadPageByPage() throws Exception {
    String cursor = LedgerQuestion.cursor(new weir.process.LedgerPage.Place(5, "a: b"));
    JsonNode asked =
        JSON.readTree(get("/api/v1/ledger?limit=7&cursor=" + cursor, "Bearer good").body());
    assertThat(asked.path("limit").asInt()).isEqualTo(7);
    assertThat(asked.path("source").asText()).isEqualTo("a: b");
    for (String wrong : java.util.List.of("limit=10001", "limit=0", "cursor=x", "cursor=%21")) {
      assertThat(get("/api/v1/ledger?" + wrong, "Bearer good").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aFailureInsideIsA500ThatGivesNothingAway() throws Exception {
    HttpResponse<String> answer = get("/api/v1/status", "Bearer good");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("on purpose");
  }

  @Test
  void theDescriptionAndTheRoutesAreTheSame() throws Exception {
    JsonNode openApi = JSON.readTree(get("/api/openapi.json", "").body());
    assertThat(openApi.path("openapi").asText()).startsWith("3.1");
    List<String> described = new ArrayList<>();
    for (var path : openApi.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (!method.getKey().equals("parameters")) {
          described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
          boolean open = method.getValue().has("security");
          assertThat(open).as(described.getLast()).isEqualTo(isOpen(described.getLast()));
        }
      }
    }
    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            api.allRoutes().stream().map(ApiServerTest::name).toList());
    assertReferencesHold(openApi, openApi);
  }

  private static String name(Route route) {
    return route.method() + " " + route.template();
  }

  private boolean isOpen(String name) {
    return api.allRoutes().stream().anyMatch(route -> name(route).equals(name) && route.open());
  }

  private static void assertReferencesHold(JsonNode node, JsonNode root) {
    if (node.has("$ref")) {
      assertThat(root.at(node.path("$ref").asText().substring(1)).isMissingNode())
          .as(node.toString())
          .isFalse();
    }
    node.forEach(child -> assertReferencesHold(child, root));
  }

  @Test
  void queriesGoToTheQueryProcessWithProjectAndToken() throws Exception {
    startQueryProcess(
        "the-token",
        exchange -> {
          String seen =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          exchange.getResponseHeaders().set("Weir-Query-Id", "q1");
          answer(exchange, 403, seen);
        });
    String id = keys.store().keys().find("good").orElseThrow().id();
    HttpResponse<String> answer =
        send("POST", "/api/v1/query", "Bearer good", "{\"sql\":\"select 'ü'\"}");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Weir-Query-Id")).contains("q1");
    assertThat(answer.body())
        .isEqualTo(
            "POST /query?project=shop+one&key="
                + id
                + " Bearer the-token {\"sql\":\"select 'ü'\"}");
    assertThat(send("DELETE", "/api/v1/query/a%2Fb", "Bearer good", "").body())
        .isEqualTo("DELETE /query/a%2Fb?project=shop+one&key=" + id + " Bearer the-token ");
  }

  @Test
  void aLargeAnswerIsPassedOnWhole() throws Exception {
    String large = "0123456789".repeat(500_000);
    startQueryProcess("t", exchange -> answer(exchange, 200, large));
    assertThat(send("POST", "/api/v1/query", "Bearer good", "{}").body()).isEqualTo(large);
  }

  @Test
  void aRestartingQueryProcessIsWaitedFor() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request("POST", "/api/v1/query", "Bearer good", "{}"),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer).isNotDone();
    startQueryProcess("t", exchange -> answer(exchange, 200, "back"));
    assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("back");
  }

  @Test
  void aQueryProcessThatDoesNotComeBackIsA503() throws Exception {
    new RoleFile(1, 1, 1, "t").publish(roleFile);
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(error(answer).path("code").asText()).isEqualTo("query_unavailable");
  }

  @Test
  void aQueryThatItsProcessDoesNotSurviveIsA503() throws Exception {
    startQueryProcess("t", HttpExchange::close); // also the second time
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", "{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(error(answer).path("code").asText()).isEqualTo("query_lost");
  }

  @Test
  void aLostQueryIsTriedOnceMore() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    startQueryProcess(
        "t",
        exchange -> {
          if (tries.incrementAndGet() == 1) {
            exchange.close();
          } else {
            answer(exchange, 200, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          }
        });
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", "{\"sql\":1}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"sql\":1}");
    assertThat(tries).hasValue(2);
    assertThat(send("DELETE", "/api/v1/query/x", "Bearer good", "").statusCode()).isEqualTo(200);
  }

  @Test
  void whatEndedItsProcessIsNotTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    startQueryProcess(
        "t",
        exchange -> {
          tries.incrementAndGet();
          exchange.getResponseHeaders().set("Weir-Process-Ends", "too_expensive");
          answer(exchange, 400, "{\"error\":{\"code\":\"statement_too_expensive\"}}");
        });
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", "{}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer).path("code").asText()).isEqualTo("statement_too_expensive");
    assertThat(answer.headers().firstValue("Weir-Process-Ends")).isEmpty();
    assertThat(tries).hasValue(1);
  }

  @Test
  void whatAnotherOneTookAlongIsTriedOnceMore() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    startQueryProcess(
        "t",
        exchange -> {
          if (tries.incrementAndGet() == 1) {
            exchange.getResponseHeaders().set("Weir-Process-Ends", "lost");
            answer(exchange, 503, "{\"error\":{\"code\":\"query_lost\"}}");
          } else {
            answer(exchange, 200, "fine");
          }
        });
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", "{}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("fine");
    assertThat(tries).hasValue(2);
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() throws Exception {
    startQueryProcess("t", exchange -> answer(exchange, 200, "no"));
    String large = "x".repeat((1 << 20) + 1);
    HttpResponse<String> answer = send("POST", "/api/v1/query", "Bearer good", large);
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void aPortInUseIsAnError() {
    ApiServer.Options same =
        new ApiServer.Options(
            "127.0.0.1", api.port(), Optional.empty(), roleFile, Duration.ofSeconds(1));
    org.assertj.core.api.Assertions.assertThatThrownBy(() ->
            ApiServer.start(
                same,
                keys.store(),
                engine,
                new KnownEvents(),
                new RoleStatements(roleFile),
                () -> NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Integer.toString(api.port()));
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private void startQueryProcess(String token, Answer answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answer.to(exchange);
          }
        });
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.start();
    started.add(server);
    new RoleFile(1, server.getAddress().getPort(), 1, token).publish(roleFile);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String fill(Route route) {
    return route.template().replace("{file}", "base.css").replaceAll("\\{[a-z]+}", "x");
  }

  private static JsonNode error(HttpResponse<String> answer) throws IOException {
    return Objects.requireNonNull(JSON.readTree(answer.body()).get("error"));
  }

  private HttpResponse<String> get(String path, String authorization) throws Exception {
    return send("GET", path, authorization, "");
  }

  private HttpResponse<String> send(String method, String path, String authorization, String body)
      throws Exception {
    return client.send(
        request(method, path, authorization, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, String authorization, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }
}
