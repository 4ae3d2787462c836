package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads the events along: over SSE, a WebSocket, and by pulling; and what was enriched. */
class StreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static RunningWeir weir;
  private static ApiCalls calls;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    Path config = Files.writeString(folder.resolve("weir.yaml"), "collect: {trusted_proxies: 1}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    calls = new ApiCalls(weir);
  }

  @AfterAll
  static void stop() {
    calls.close();
    weir.close();
  }

  /** Reads a stream on a thread of its own until the test ends. */
  private List<String> listen(String query, Optional<String> key) throws IOException {
    List<String> lines = new CopyOnWriteArrayList<>();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(weir.api() + "/api/v1/stream?" + query));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    HttpResponse<java.util.stream.Stream<String>> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    Thread.ofVirtual().start(() -> response.body().forEach(lines::add));
    Awaitility.await().atMost(PATIENCE).until(() -> lines.contains(": Weir"));
    return lines;
  }

  private static void awaitData(List<String> lines, String part, int times) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            lines.stream().filter(line -> line.startsWith("data: ") && line.contains(part)).count()
                == times);
  }

  @Test
  void eventsComeAsTheyAreDecidedAndGoOnAfterABreak() throws Exception {
    ApiCalls.Answer shop = calls.newProject("streamed");
    String key = shop.text("api_key");
    List<String> all = listen("from=earliest", Optional.of(key));
    List<String> some = listen("events=Order%20Placed&property.shelf=E", Optional.of(key));
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"shelf\":\"E\",\"Price\":2");
    calls.sendOnceKnown(shop.text("write_key"), "will", "\"shelf\":\"W\",\"Price\":3");
    awaitData(all, "\"properties\":{\"shelf\":\"E\",\"Price\":2}", 1);
    awaitData(all, "\"shelf\":\"W\"", 1);
    awaitData(some, "\"shelf\":\"E\"", 1);
    assertThat(some).noneMatch(line -> line.contains("\"shelf\":\"W\""));
    String id =
        all.stream().filter(line -> line.startsWith("id: ")).findFirst().orElseThrow().substring(4);
    List<String> again = listen("last_event_id=" + id, Optional.of(key));
    awaitData(again, "\"shelf\":\"W\"", 1);
    assertThat(again).noneMatch(line -> line.contains("\"shelf\":\"E\""));
  }

  @Test
  void aMistypedParameterIsNotPassedOver() throws Exception {
    String key = calls.newProject("mistyped").text("api_key");
    for (String query : List.of("event=Order%20Placed", "properties.shelf=E", "were=a=1")) {
      String name = query.substring(0, query.indexOf('='));
      for (String path : List.of("/stream", "/consumers/loader/events")) {
        ApiCalls.Answer answer = calls.get(path + "?" + query, key);
        assertThat(answer.status()).as(path + query).isEqualTo(400);
        assertThat(answer.at("/error/message").asText())
            .contains("no such parameter: " + name, "events, ", "property.NAME, ", "where");
      }
    }
    listen("from=earliest&project=mistyped&_=17&lastEventId=", Optional.of(weir.apiKey()));
  }

  @Test
  void aTokenOpensTheStreamUntilItsKeyIsRevoked() throws Exception {
    ApiCalls.Answer shop = calls.newProject("tokens");
    ApiCalls.Answer reader = calls.readKey(shop.text("api_key"));
    String key = reader.text("key");
    String token = calls.post("/stream/tokens", key, "").text("token");
    List<String> lines = listen("token=" + token, Optional.empty());
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"shelf\":\"E\"");
    awaitData(lines, "\"shelf\":\"E\"", 1);
    assertThat(calls.ask("DELETE", "/keys/" + reader.text("id"), shop.text("api_key"), "").status())
        .isLessThan(300);
    Awaitility.await().atMost(PATIENCE).until(() -> lines.contains("event: error"));
    HttpResponse<String> refused =
        http.send(
            HttpRequest.newBuilder(URI.create(weir.api() + "/api/v1/stream?token=" + token))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(401);
  }

  @Test
  void overAWebSocketEachEventIsAMessage() throws Exception {
    ApiCalls.Answer shop = calls.newProject("sockets");
    List<String> messages = new CopyOnWriteArrayList<>();
    WebSocket socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + shop.text("api_key"))
            .buildAsync(
                URI.create(weir.api().replace("http", "ws") + "/api/v1/stream?from=earliest"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence text, boolean last) {
                    messages.add(text.toString());
                    from.request(1);
                    return java.util.concurrent.CompletableFuture.completedFuture(null);
                  }
                })
            .join();
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"shelf\":\"E\"");
    calls.sendOnceKnown(shop.text("write_key"), "will", "\"shelf\":\"W\"");
    Awaitility.await().atMost(PATIENCE).until(() -> messages.size() == 2);
    assertThat(JSON.readTree(messages.getFirst()).at("/data/properties/shelf").asText())
        .isEqualTo("E");
    assertThat(JSON.readTree(messages.getFirst()).path("id").asText()).isNotEmpty();
    socket.abort();
  }

  @Test
  void aGroupPullsFromWhereItHasCommitted() throws Exception {
    ApiCalls.Answer shop = calls.newProject("pulled");
    String key = shop.text("api_key");
    for (int i = 0; i < 3; i++) {
      calls.sendOnceKnown(shop.text("write_key"), "u" + i, "\"n\":" + i);
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> lines(pull("loader", "max=10&wait=2s", key)) == 3);
    HttpResponse<String> first = pull("loader", "max=2&wait=10s", key);
    assertThat(lines(first)).isEqualTo(2);
    String position = first.headers().firstValue("weir-position").orElseThrow();
    assertThat(lines(pull("loader", "max=2", key))).as("not committed: again").isEqualTo(2);
    assertThat(
            calls
                .post("/consumers/loader/commit", key, "{\"position\":\"" + position + "\"}")
                .status())
        .isEqualTo(200);
    HttpResponse<String> rest = pull("loader", "max=10&wait=10s", key);
    assertThat(rest.body()).contains("\"n\":2").doesNotContain("\"n\":1");
    assertThat(lines(pull("other", "max=10", key))).as("each group its own").isEqualTo(3);
    assertThat(pull("loader", "max=0", key).statusCode()).isEqualTo(400);
    assertThat(pull("a%20b", "", key).statusCode()).isEqualTo(400);
    assertThat(calls.post("/consumers/loader/commit", key, "{\"position\":\"7\"}").status())
        .isEqualTo(400);
    assertThat(calls.get("/consumers", key).at("/groups")).hasSize(2);
    assertThat(calls.ask("DELETE", "/consumers/other", key, "").status()).isEqualTo(204);
  }

  @Test
  void aLimitedKeyTakesNobodyPastRowsThatItDoesNotSee() throws Exception {
    ApiCalls.Answer shop = calls.newProject("shared");
    String key = shop.text("api_key");
    for (int i = 0; i < 3; i++) {
      calls.sendOnceKnown(shop.text("write_key"), "u" + i, "\"n\":" + i);
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> lines(pull("loader", "max=10&wait=2s", key)) == 3);
    ApiCalls.Answer limited =
        calls.newKey(
            key,
            "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"n\",\"value\":1}}");
    String own = limited.text("key");
    HttpResponse<String> seen = pull("loader", "max=10&wait=10s", own);
    assertThat(lines(seen)).isEqualTo(1);
    String end = seen.headers().firstValue("weir-position").orElseThrow();
    assertThat(
            calls.post("/consumers/loader/commit", own, "{\"position\":\"" + end + "\"}").status())
        .isEqualTo(200);
    assertThat(lines(pull("loader", "max=10", own))).as("its own has read it").isZero();
    assertThat(lines(pull("loader", "max=10", key))).as("the project's has not").isEqualTo(3);
    String listed = calls.get("/consumers", key).at("/groups").toString();
    assertThat(listed).contains("\"" + limited.text("id") + "/loader\"", "\"loader\"");
    assertThat(
            calls.ask("DELETE", "/consumers/" + limited.text("id") + "%2Floader", key, "").status())
        .isEqualTo(204);
  }

  @Test
  void aGroupHasOneReaderAtATime() throws Exception {
    ApiCalls.Answer shop = calls.newProject("alone");
    String key = shop.text("api_key");
    CompletableFuture<HttpResponse<String>> waiting = reading("g", key);
    int second = pull("g", "", key).statusCode();
    for (int i = 0; i < 100 && (second != 409 || waiting.isDone()); i++) {
      if (waiting.isDone()) {
        waiting = reading("g", key); // it came while the other one looked
      }
      second = pull("g", "", key).statusCode();
    }
    assertThat(second).isEqualTo(409);
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"n\":1");
    assertThat(waiting.get().statusCode()).isEqualTo(200);
    assertThat(lines(waiting.get())).isEqualTo(1);
  }

  private CompletableFuture<HttpResponse<String>> reading(String group, String key) {
    return http.sendAsync(
        pullRequest(group, "wait=20s", key), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest pullRequest(String group, String query, String key) {
    return HttpRequest.newBuilder(
            URI.create(weir.api() + "/api/v1/consumers/" + group + "/events?" + query))
        .header("Authorization", "Bearer " + key)
        .build();
  }

  private HttpResponse<String> pull(String group, String query, String key) throws Exception {
    return http.send(pullRequest(group, query, key), HttpResponse.BodyHandlers.ofString());
  }

  private static long lines(HttpResponse<String> response) {
    return response.body().lines().count();
  }

  @Test
  void aVisitIsEnrichedAndAProjectSaysHow() throws Exception {
    ApiCalls.Answer site = calls.newProject("site");
    String key = site.text("api_key");
    calls.sendOnceKnown(site.text("write_key"), "eva", "\"a\":1");
    visit(site.text("write_key"), "one", "8.8.8.8, 130.237.218.86");
    String sql =
        "select country, browser, os, device_type, channel, utm_campaign, ip, is_bot from events"
            + " where anonymous_id = '%s'";
    awaitRow(
        key,
        sql.formatted("one"),
        "[\"SE\",\"Chrome Mobile\",\"Android\",\"mobile\",\"Email\",\"spring\",\"130.237.218.86\",false]");
    assertThat(
            calls
                .ask("PUT", "/enrichments", key, "{\"ip\":\"drop\",\"off\":[\"channel\"]}")
                .status())
        .isEqualTo(200);
    visit(site.text("write_key"), "two", "130.237.218.86");
    awaitRow(
        key,
        sql.formatted("two"),
        "[\"SE\",\"Chrome Mobile\",\"Android\",\"mobile\",null,\"spring\",null,false]");
    assertThat(calls.ask("PUT", "/enrichments", key, "{\"ip\":\"hide\"}").status()).isEqualTo(400);
    assertThat(calls.get("/enrichments", key).at("/settings/ip").asText()).isEqualTo("drop");
  }

  private void visit(String writeKey, String who, String forwarded) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(weir.collector() + "/v1/page?write_key=" + writeKey))
            .header(
                "User-Agent",
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/126.0.0.0 Mobile Safari/537.36")
            .header("X-Forwarded-For", forwarded)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"anonymousId\":\"%s\",\"context\":{\"page\":{\"url\":\"https://menu.example/?utm_source=letter&utm_medium=email&utm_campaign=spring\"}}}"
                        .formatted(who)))
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  private static void awaitRow(String key, String sql, String row) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(calls.sql(key, sql).at("/rows/0")).hasToString(row));
  }
}
