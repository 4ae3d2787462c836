package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.FreePorts;

/** Projects side by side in one Weir, and keys that are made and revoked while it runs. */
class ProjectsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ENDLESS =
      "{\"sql\":\"select count(*) from range(1000000000000) r(i) where hash(i) = 3\"}";

  @TempDir static Path folder;
  private static ApiCalls calls;
  private static RunningWeir weir;
  private static int postgres;

  @BeforeAll
  static void start() throws IOException {
    postgres = FreePorts.next();
    weir = started();
    calls = new ApiCalls(weir);
  }

  private static RunningWeir started() throws IOException {
    Path config = folder.resolve("weir.yaml");
    Files.writeString(config, "api: {postgres_port: " + postgres + "}\n");
    return RunningWeir.start(folder.resolve("data"), "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    weir.close();
    calls.close();
  }

  private static Connection connect(String project, String key) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + postgres + "/" + project, "me", key);
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void twoProjectsSeeEachTheirOwn() throws SQLException {
    ApiCalls.Answer east = calls.newProject("east");
    ApiCalls.Answer west = calls.newProject("west");
    calls.sendOnceKnown(east.text("write_key"), "eva", "\"price\":1,\"shelf\":\"E\"");
    calls.sendOnceKnown(west.text("write_key"), "will", "\"price\":2");
    calls.sendOnceKnown(west.text("write_key"), "wendy", "\"price\":3");
    calls.awaitUsers(east.text("api_key"), "eva");
    calls.awaitUsers(west.text("api_key"), "wendy,will");
    assertThat(calls.sql(west.text("api_key"), "select shelf from order_placed").status())
        .as("a column of the other project")
        .isEqualTo(400);
    String trend = "{\"events\":[\"Order Placed\"],\"measure\":\"sum\",\"of\":\"price\"}";
    for (ApiCalls.Answer side : List.of(east, west)) {
      String key = side.text("api_key");
      double sum = side == east ? 1 : 5;
      assertThat(calls.post("/insights/trend", key, trend).at("/series/0/points"))
          .as("trend of " + side.text("name"))
          .anyMatch(point -> point.path("value").asDouble() == sum);
      ApiCalls.Answer prices = calls.post("/insights/distribution", key, "{\"of\":\"price\"}");
      assertThat(prices.at("/min").asDouble()).isEqualTo(side == east ? 1 : 2);
      assertThat(prices.at("/max").asDouble()).isEqualTo(side == east ? 1 : 3);
      String twice =
          "{\"steps\":[{\"event\":\"Order Placed\"}],\"match\":[\"price\"],\"breakdown\":\"price\"}";
      assertThat(calls.post("/insights/funnel", key, twice).at("/breakdown"))
          .hasSize(side == east ? 1 : 2);
      long events = side == east ? 1 : 2;
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> calls.get("/ledger", key).at("/rows/0/loaded").asLong() == events);
      assertThat(calls.get("/ledger", key).at("/rows")).hasSize(1);
      assertThat(calls.sql(key, "select sum(accepted) from ledger").at("/rows/0/0").asLong())
          .isEqualTo(events);
      assertThat(calls.get("/events/recent", key).at("/events")).hasSize((int) events);
      assertThat(calls.get("/setup", key).at("/write_keys")).hasSize(1);
      assertThat(calls.get("/setup", key).at("/write_keys/0/write_key"))
          .isEqualTo(side.json().get("write_key"));
      try (Connection session = connect(side.text("name"), key)) {
        assertThat(first(session, ApiCalls.USERS)).isEqualTo(side == east ? "eva" : "wendy,will");
      }
    }
    Assertions.assertThatThrownBy(() -> connect("east", west.text("api_key")))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void theInstallationsKeyWorksInEveryProject() {
    ApiCalls.Answer north = calls.newProject("north");
    calls.sendOnceKnown(north.text("write_key"), "nora", "\"a\":1");
    calls.awaitUsers(north.text("api_key"), "nora");
    String query = JSON.createObjectNode().put("sql", ApiCalls.USERS).toString();
    assertThat(calls.post("/query north", weir.apiKey(), query).at("/rows/0/0").asText())
        .isEqualTo("nora");
    assertThat(calls.post("/query?project=north", weir.apiKey(), query).at("/rows/0/0").asText())
        .isEqualTo("nora");
    assertThat(calls.post("/query nowhere", weir.apiKey(), query).status()).isEqualTo(404);
    assertThat(calls.post("/query default", north.text("api_key"), query).status()).isEqualTo(403);
    assertThat(calls.post("/query north", north.text("api_key"), query).status()).isEqualTo(200);
    assertThat(calls.get("/status", weir.apiKey()).at("/ok").asBoolean())
        .as(calls.get("/status", weir.apiKey()).toString())
        .isTrue();
  }

  @Test
  void whatAKeyMayDoIsItsScope() {
    ApiCalls.Answer shop = calls.newProject("scopes");
    String admin = shop.text("api_key");
    String read = calls.readKey(admin).text("key");
    String limited =
        calls
            .newKey(
                admin,
                "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"shop\",\"value\":17}}")
            .text("key");
    for (String path : List.of("/status", "/projects")) {
      assertThat(calls.get(path, admin).status()).as(path).isEqualTo(403);
      assertThat(calls.get(path, weir.apiKey()).status()).as(path).isEqualTo(200);
    }
    assertThat(calls.get("/keys", admin).status()).isEqualTo(200);
    assertThat(calls.get("/keys", read).status()).isEqualTo(403);
    assertThat(calls.post("/keys", read, "{}").status()).isEqualTo(403);
    assertThat(calls.sql(read, "select 1").status()).isEqualTo(200);
    assertThat(calls.sql(limited, "select 1").status()).isEqualTo(200);
    for (String path : List.of("/ledger", "/setup", "/events/recent", "/events/raw?position=1:0")) {
      assertThat(calls.get(path, read).status()).as(path).isIn(200, 400, 404);
      ApiCalls.Answer refused = calls.get(path, limited);
      assertThat(refused.status()).as(path).isEqualTo(403);
      assertThat(refused.at("/error/message").asText()).contains("limited", "shop");
    }
    assertThat(
            calls
                .post("/keys", admin, "{\"kind\":\"api\",\"scope\":\"read\",\"installation\":true}")
                .status())
        .isEqualTo(403);
    ApiCalls.Answer scraper =
        calls.newKey(weir.apiKey(), "{\"kind\":\"api\",\"scope\":\"read\",\"installation\":true}");
    assertThat(calls.get("/status", scraper.text("key")).status()).isEqualTo(200);
    assertThat(calls.post("/projects", scraper.text("key"), "{\"name\":\"no\"}").status())
        .isEqualTo(403);
  }

  @Test
  void aRevokedApiKeyEndsWhatItHasOpen() throws Exception {
    ApiCalls.Answer shop = calls.newProject("revoking");
    ApiCalls.Answer key = calls.readKey(shop.text("api_key"));
    String secret = key.text("key");
    CompletableFuture<HttpResponse<String>> running = calls.start(secret, ENDLESS);
    ApiCalls.Answer started =
        calls.post("/query", secret, ENDLESS.replace("}", ",\"async\":true,\"id\":\"kept\"}"));
    assertThat(started.status()).isEqualTo(202);
    assertThat(calls.get("/query/kept", secret).status()).isEqualTo(202);
    awaitRunning(2);
    try (Connection idle = connect("revoking", secret);
        Connection busy = connect("revoking", secret)) {
      assertThat(first(idle, "select 1")).isEqualTo("1");
      CompletableFuture<Boolean> failed =
          CompletableFuture.supplyAsync(() -> {
            try {
              first(busy, JSON.readTree(ENDLESS).get("sql").asText());
              return false;
            } catch (SQLException e) {
              return true;
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      awaitRunning(3);
      ApiCalls.Answer revoked =
          calls.ask("DELETE", "/keys/" + key.text("id"), shop.text("api_key"), "");
      assertThat(revoked.status()).isEqualTo(200);
      assertThat(revoked.text("revoked_at")).isNotEmpty();
      assertThat(calls.sql(secret, "select 1").status()).isEqualTo(401);
      assertThat(running.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
      assertThat(failed.get(20, TimeUnit.SECONDS)).isTrue();
      Assertions.assertThatThrownBy(() -> first(idle, "select 1")).isInstanceOf(SQLException.class);
      awaitRunning(0);
      Assertions.assertThatThrownBy(() -> connect("revoking", secret))
          .isInstanceOf(SQLException.class);
    }
    ApiCalls.Answer again =
        calls.ask("DELETE", "/keys/" + key.text("id"), shop.text("api_key"), "");
    assertThat(again.status()).isEqualTo(200);
  }

  /** Waits until so many queries run. */
  private static void awaitRunning(int queries) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            weir.text("/metrics")
                .lines()
                .anyMatch(line ->
                    line.startsWith("weir_query_running{") && line.endsWith(" " + queries + ".0")));
  }

  @Test
  void aRevokedWriteKeySendsNoMore() {
    ApiCalls.Answer shop = calls.newProject("writers");
    ApiCalls.Answer ios =
        calls.newKey(shop.text("api_key"), "{\"kind\":\"write\",\"source\":\"ios\"}");
    calls.sendOnceKnown(ios.text("key"), "ida", "\"a\":1");
    calls.awaitUsers(shop.text("api_key"), "ida");
    assertThat(
            calls
                .sql(shop.text("api_key"), "select source from order_placed")
                .at("/rows/0/0")
                .asText())
        .isEqualTo("ios");
    calls.ask("DELETE", "/keys/" + ios.text("id"), shop.text("api_key"), "");
    Awaitility.await().atMost(PATIENCE).until(() -> calls.send(ios.text("key"), "ida", "") == 401);
    calls.sendOnceKnown(shop.text("write_key"), "ida", "\"a\":1");
  }

  private List<String> roles() {
    return weir.get("/api/v1/status").path("roles").findValuesAsText("role");
  }

  @Test
  void aClosedProjectOpensNoMore() {
    ApiCalls.Answer shop = calls.newProject("closing");
    calls.sendOnceKnown(shop.text("write_key"), "u", "\"a\":1");
    assertThat(calls.sql(shop.text("api_key"), "select 1").status()).isEqualTo(200);
    assertThat(roles()).contains("statements-closing");
    ApiCalls.Answer closed = calls.ask("DELETE", "/projects/closing", weir.apiKey(), "");
    assertThat(closed.status()).isEqualTo(200);
    assertThat(closed.text("note")).contains("stay on the disk");
    assertThat(roles()).doesNotContain("statements-closing");
    assertThat(calls.sql(shop.text("api_key"), "select 1").status()).isEqualTo(401);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> calls.send(shop.text("write_key"), "u", "\"a\":1") == 401);
    assertThat(calls.get("/projects", weir.apiKey()).at("/projects"))
        .noneMatch(project -> project.path("name").asText().equals("closing"));
    assertThat(calls.post("/projects", weir.apiKey(), "{\"name\":\"closing\"}").status())
        .isEqualTo(409);
    assertThat(calls.ask("DELETE", "/projects/closing", weir.apiKey(), "").status()).isEqualTo(404);
    assertThat(calls.ask("DELETE", "/projects/default", weir.apiKey(), "").status()).isEqualTo(409);
    assertThat(calls.get("/ledger closing", weir.apiKey()).status()).isEqualTo(404);
  }

  @Test
  void aStartKeepsProjectsAndKeys() throws IOException {
    ApiCalls.Answer shop = calls.newProject("keeping");
    ApiCalls.Answer gone =
        calls.newKey(shop.text("api_key"), "{\"kind\":\"write\",\"source\":\"old\"}");
    ApiCalls.Answer read = calls.readKey(shop.text("api_key"));
    calls.sendOnceKnown(gone.text("key"), "u", "\"a\":1");
    calls.ask("DELETE", "/keys/" + gone.text("id"), shop.text("api_key"), "");
    JsonNode before = Objects.requireNonNull(calls.get("/keys", shop.text("api_key")).json());
    calls.close();
    weir.close();
    weir = started();
    calls = new ApiCalls(weir);
    assertThat(calls.get("/keys", shop.text("api_key")).json()).isEqualTo(before);
    assertThat(calls.send(gone.text("key"), "u", "\"a\":1")).isEqualTo(401);
    assertThat(calls.send(shop.text("write_key"), "v", "\"a\":1")).isEqualTo(200);
    calls.awaitUsers(read.text("key"), "u,v");
  }
}
