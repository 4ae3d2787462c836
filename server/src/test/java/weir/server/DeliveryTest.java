package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** Webhooks out of a real Weir, by API and command line; and Rakam's event stream. */
class DeliveryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir static Path folder;
  private static RunningWeir weir;
  private static ApiCalls calls;
  private static HttpServer server;
  private static final List<Request> REQUESTS = new CopyOnWriteArrayList<>();
  private static volatile int status = 200;
  private static final AtomicInteger kills = new AtomicInteger();

  /** What a receiver got. */
  private record Request(String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException(body, e);
      }
    }
  }

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, List<String>> headers =
                exchange.getRequestHeaders().entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            each -> each.getKey().toLowerCase(java.util.Locale.ROOT),
                            Map.Entry::getValue));
            String path = exchange.getRequestURI().getPath();
            REQUESTS.add(new Request(path, headers, body));
            if (path.equals("/deadly") && kills.getAndDecrement() > 0) {
              killEngine(); // it has not heard that this was taken
            }
            exchange.sendResponseHeaders(status, -1);
          }
        });
    server.start();
    Path config =
        Files.writeString(
            folder.resolve("weir.yaml"),
            "deliveries: {allowed_networks: 127.0.0.0/8, attempts: 2, longest_wait: 200ms}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    calls = new ApiCalls(weir);
  }

  @AfterAll
  static void stop() {
    calls.close();
    weir.close();
    server.stop(0);
  }

  private static void killEngine() throws IOException {
    JsonNode role = JSON.readTree(folder.resolve("data/roles/engine.json").toFile());
    ProcessHandle.of(role.path("pid").asLong()).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** A batch that was taken, but not answered for, comes again as it was; none is left out. */
  @Test
  void theEngineMayBeKilledAtAnyTime() {
    ApiCalls.Answer shop = calls.newProject("killed");
    String key = shop.text("api_key");
    assertThat(create(key, "deadly", ",\"batch_events\":5").status()).isEqualTo(201);
    kills.set(2);
    for (int i = 0; i < 23; i++) {
      calls.sendOnceKnown(shop.text("write_key"), "u" + i, "\"n\":" + i);
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> calls.get("/deliveries/deadly", key).at("/delivered").asInt() == 23);
    List<String> users =
        at("/deadly").stream()
            .flatMap(each -> each.json().path("events").findValuesAsText("user_id").stream())
            .distinct()
            .toList();
    assertThat(users)
        .isEqualTo(java.util.stream.IntStream.range(0, 23).mapToObj(i -> "u" + i).toList());
    Map<String, List<String>> bodies =
        at("/deadly").stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.header("webhook-id"),
                    Collectors.mapping(Request::body, Collectors.toList())));
    assertThat(bodies.values()).allMatch(same -> same.stream().distinct().count() == 1);
    assertThat(bodies.values()).anyMatch(same -> same.size() > 1);
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static List<Request> at(String path) {
    return REQUESTS.stream().filter(each -> each.path().equals(path)).toList();
  }

  private static ApiCalls.Answer create(String key, String name, String more) {
    return calls.post(
        "/deliveries",
        key,
        "{\"name\":\"%s\",\"url\":\"%s\"%s}".formatted(name, url("/" + name), more));
  }

  @Test
  void eventsAreDeliveredSignedAndFiltered() throws Exception {
    ApiCalls.Answer shop = calls.newProject("delivering");
    String key = shop.text("api_key");
    ApiCalls.Answer made =
        create(
            key,
            "hook",
            ",\"events\":[\"Order Placed\"],\"where\":\"Price > 2 and shelf like 'E%'\"");
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    assertThat(calls.post("/deliveries/hook/test", key, "").at("/taken").asBoolean()).isTrue();
    assertThat(at("/hook").getFirst().json().path("type").asText()).isEqualTo("weir.test");
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"shelf\":\"E1\",\"Price\":3");
    calls.send(shop.text("write_key"), "will", "\"shelf\":\"E2\",\"Price\":1");
    calls.send(shop.text("write_key"), "ida", "\"shelf\":\"E3\",\"Price\":9");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> calls.get("/deliveries/hook", key).at("/delivered").asInt() == 2);
    List<String> users =
        at("/hook").stream()
            .flatMap(each -> each.json().path("events").findValuesAsText("user_id").stream())
            .toList();
    assertThat(users).containsExactly("eva", "ida");
    NpmClient verifier = NpmClient.installed("webhooks");
    for (Request each : at("/hook")) {
      int exit =
          verifier.run(
              "verify.mjs",
              made.text("secret"),
              each.header("webhook-id"),
              each.header("webhook-timestamp"),
              each.header("webhook-signature"),
              each.body());
      assertThat(exit).as(verifier.said()).isZero();
    }
    assertThat(weir.get("/api/v1/status").at("/deliveries/count").asInt()).isPositive();
    assertThat(weir.text("/metrics"))
        .contains(
            "weir_deliveries_events_total",
            "weir_deliveries_requests_total{role=\"engine\",outcome=\"taken\"");
  }

  @Test
  void whatCannotBeDeliveredIsADeadLetterUntilItIsWanted() throws Exception {
    ApiCalls.Answer shop = calls.newProject("dying");
    String key = shop.text("api_key");
    assertThat(create(key, "dead", "").status()).isEqualTo(201);
    status = 503;
    try {
      calls.sendOnceKnown(shop.text("write_key"), "eva", "\"a\":1");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> calls.get("/deliveries/dead", key).at("/dead_letters").asInt() == 1);
    } finally {
      status = 200;
    }
    JsonNode letter = calls.get("/deliveries/dead/dead-letters", key).at("/dead_letters/0");
    assertThat(letter.path("reason").asText()).isEqualTo("status 503");
    String id = letter.path("id").asText();
    assertThat(
            calls.get("/deliveries/dead/dead-letters/" + id, key).at("/events/0/user_id").asText())
        .isEqualTo("eva");
    ApiCalls.Answer again = calls.post("/deliveries/dead/redeliver", key, "");
    assertThat(again.at("/redelivering").asInt()).isEqualTo(1);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> calls.get("/deliveries/dead", key).at("/dead_letters").asInt() == 0);
    assertThat(at("/dead").stream().map(each -> each.header("webhook-id")).distinct()).hasSize(1);
  }

  @Test
  void onlyWhoAdministersMakesOneAndNotInwards() {
    ApiCalls.Answer shop = calls.newProject("guarded");
    String key = shop.text("api_key");
    String reader = calls.readKey(key).text("key");
    String limited =
        calls
            .newKey(
                key,
                "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"shelf\",\"value\":\"E\"}}")
            .text("key");
    assertThat(create(reader, "x", "").status()).isEqualTo(403);
    assertThat(create(limited, "x", "").status()).isEqualTo(403);
    for (String inside :
        List.of("http://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/")) {
      ApiCalls.Answer refused =
          calls.post("/deliveries", key, "{\"name\":\"x\",\"url\":\"" + inside + "\"}");
      assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
      assertThat(refused.at("/error/message").asText()).contains("deliveries.allowed_networks");
    }
    for (String wrong :
        List.of(
            "{\"name\":\"x\",\"url\":\"ftp://a.example/\"}",
            "{\"name\":\"x\"}",
            "{\"name\":\"a b\",\"url\":\"" + url("/") + "\"}",
            "{\"name\":\"x\",\"url\":\"https://u:p@a.example/\"}",
            "{\"name\":\"x\",\"url\":\"" + url("/") + "\",\"where\":\"a =\"}",
            "{\"name\":\"x\",\"url\":\"" + url("/") + "\",\"batch_events\":0}")) {
      assertThat(calls.post("/deliveries", key, wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(create(key, "x", "").status()).isEqualTo(201);
    assertThat(create(key, "x", "").status()).isEqualTo(409);
    assertThat(calls.get("/deliveries/y", key).status()).isEqualTo(404);
  }

  @Test
  void theCommandLineDoesTheSame() throws Exception {
    ApiCalls.Answer shop = calls.newProject("commanded");
    String key = shop.text("api_key");
    assertThat(
            run(
                key,
                "create",
                "cli",
                "--to",
                url("/cli"),
                "--event",
                "Order Placed",
                "--from",
                "earliest"))
        .contains("secret    whsec_");
    assertThat(run(key, "list")).contains("cli", "active");
    assertThat(run(key, "test", "cli")).contains("status 200");
    assertThat(run(key, "pause", "cli")).contains("paused");
    calls.sendOnceKnown(shop.text("write_key"), "eva", "\"a\":1");
    assertThat(run(key, "change", "cli", "--where", "a = 1", "--batch-events", "7"))
        .contains("\"batch_events\" : 7", "\"paused\"");
    assertThat(run(key, "rotate", "cli", "--both", "1h")).contains("whsec_");
    assertThat(run(key, "resume", "cli")).contains("goes on");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> run(key, "show", "cli").contains("\"delivered\" : 1"));
    assertThat(run(key, "dead-letters", "cli")).contains("reason");
    assertThat(run(key, "redeliver", "cli")).contains("0 dead letters");
    assertThat(run(key, "delete", "cli")).contains("forgot cli");
    assertThat(run(key, "list")).doesNotContain("cli ");
  }

  private static String run(String key, String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("delivery"));
    all.addAll(List.of(words));
    all.addAll(List.of("--url", weir.api(), "--key", key));
    java.io.StringWriter out = new java.io.StringWriter();
    java.io.StringWriter err = new java.io.StringWriter();
    WeirCommand.execute(
        new java.io.PrintWriter(out), new java.io.PrintWriter(err), all.toArray(String[]::new));
    return out + err.toString();
  }

  @Test
  void aClientOfRakamReadsItsStream() throws Exception {
    ApiCalls.Answer shop = calls.newProject("rakam");
    String key = shop.text("api_key");
    String data =
        "{\"collections\":[{\"name\":\"Order Placed\",\"filter\":\"_user LIKE 'e%' AND price >= 2\"},"
            + "{\"name\":\"other\"}],\"columns\":[\"_user\",\"price\"]}";
    List<String> lines = new CopyOnWriteArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<java.util.stream.Stream<String>> response =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          weir.api()
                              + "/stream/subscribe?read_key="
                              + key
                              + "&data="
                              + URLEncoder.encode(data, StandardCharsets.UTF_8)))
                  .header("Accept", "text/event-stream")
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
      assertThat(response.statusCode()).isEqualTo(200);
      Thread.ofVirtual().start(() -> response.body().forEach(lines::add));
      Awaitility.await().atMost(PATIENCE).until(() -> lines.contains(": Weir"));
      calls.sendOnceKnown(shop.text("write_key"), "will", "\"price\":9");
      calls.send(shop.text("write_key"), "eva", "\"price\":1");
      calls.send(shop.text("write_key"), "eva", "\"price\":2,\"shelf\":\"E\"");
      Awaitility.await().atMost(PATIENCE).until(() -> lines.contains("event: data"));
      assertThat(lines.stream().filter(line -> line.startsWith("data: ")))
          .containsExactly(
              "data: [{\"collection\":\"Order Placed\",\"properties\":{\"_user\":\"eva\",\"price\":2}}]");
      http.shutdownNow();
    }
    assertThat(subscribe("read_key=" + key, "no json")).isEqualTo(400);
    assertThat(
            subscribe("read_key=" + key, "{\"collections\":[{\"name\":\"a\",\"filter\":\"f(\"}]}"))
        .isEqualTo(400);
    assertThat(subscribe("read_key=wrong", "{}")).isEqualTo(401);
    assertThat(subscribe("read_key=" + shop.text("write_key"), "{}")).isEqualTo(401);
  }

  private static int subscribe(String query, String data) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri =
          URI.create(
              weir.api()
                  + "/stream/subscribe?"
                  + query
                  + "&data="
                  + URLEncoder.encode(data, StandardCharsets.UTF_8));
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
