package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;

/** Named snapshots in three real processes, whose lake forgets what has no name within seconds. */
class SnapshotsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String TRAINING =
      "select person_id, event_id, price from events join prices using (event) order by event_id";

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningWeir weir;

  @BeforeEach
  void start() throws IOException {
    Path settings =
        Files.writeString(
            folder.resolve("weir.yaml"),
            "lake: {snapshot_age: 20s}\nquery: {timeout: 10s, max_timeout: 10s}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", settings.toString());
  }

  @AfterEach
  void stop() {
    http.close();
    weir.close();
  }

  @Test
  void aModelIsTrainedAgainOnTheSameRows() throws Exception {
    send(0, 20);
    weir.awaitNumber("select count(*) from events", 20);
    store("event,price\nSold,5\n");
    JsonNode named = post("/api/v1/snapshots", "{\"name\":\"train-1\"}", 201);
    assertThat(named.path("rows").asLong()).isEqualTo(20);
    assertThat(named.path("tables").path("prices").asLong()).isEqualTo(1);
    JsonNode trained = asOf("train-1");
    assertThat(trained).hasSize(20);
    assertThat(weir.query(TRAINING)).isEqualTo(trained);

    weir.send(
        "/v1/identify", "{\"anonymousId\":\"a1\",\"userId\":\"somebody\",\"messageId\":\"merge\"}");
    store("event,price,note\nSold,6,x\n");
    send(20, 40);
    weir.awaitNumber("select count(*) from events", 41);
    assertThat(asOf("train-1")).isEqualTo(trained);
    ChildProcess.kill(pid("engine"));
    await().atMost(PATIENCE).until(weir::isReady);
    send(40, 60);
    weir.awaitNumber("select count(*) from events where person_id = 'somebody'", 13);
    awaitForgotten();
    assertThat(asOf("train-1")).isEqualTo(trained);
    assertThat(trend("train-1")).isEqualTo(20);
    assertThat(trend("")).isEqualTo(61);

    post("/api/v1/snapshots", "{\"name\":\"train-1\"}", 409);
    post("/api/v1/snapshots", "{\"name\":\"main\"}", 400);
    assertThat(weir.get("/api/v1/snapshots").path("snapshots")).hasSize(1);
    assertThat(delete()).isEqualTo(204);
    assertThat(delete()).isEqualTo(404);
    JsonNode gone = post("/api/v1/query", body("train-1"), 404);
    assertThat(gone.path("error").path("code").asText()).isEqualTo("no_snapshot");
  }

  private void send(int from, int to) {
    StringBuilder batch = new StringBuilder("{\"batch\":[");
    for (int i = from; i < to; i++) {
      batch
          .append(i == from ? "" : ",")
          .append("{\"type\":\"track\",\"event\":\"Sold\",\"anonymousId\":\"a")
          .append(i % 5)
          .append("\",\"messageId\":\"m")
          .append(100 + i)
          .append("\"}");
    }
    assertThat(weir.send("/v1/batch", batch + "]}").statusCode()).isEqualTo(200);
  }

  private void store(String csv) throws Exception {
    HttpRequest request =
        to("/api/v1/tables/prices")
            .header("Content-Type", "text/csv")
            .PUT(HttpRequest.BodyPublishers.ofString(csv))
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isIn(200, 201);
  }

  private int delete() throws Exception {
    HttpRequest request = to("/api/v1/snapshots/train-1").DELETE().build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(weir.api() + path))
        .header("Authorization", "Bearer " + weir.apiKey());
  }

  private JsonNode post(String path, String body, int status) throws Exception {
    HttpResponse<String> answer = weir.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static String body(String asOf) {
    return JSON.createObjectNode().put("sql", TRAINING).put("as_of", asOf).toString();
  }

  private JsonNode asOf(String name) throws Exception {
    return post("/api/v1/query", body(name), 200).path("rows");
  }

  private long trend(String asOf) throws Exception {
    ObjectNode asked = JSON.createObjectNode();
    asked.putArray("events").add("Sold");
    asked.put("interval", "month").put("as_of", asOf);
    long sum = 0;
    for (JsonNode point :
        post("/api/v1/insights/trend", asked.toString(), 200).at("/series/0/points")) {
      sum += point.path("value").asLong();
    }
    return sum;
  }

  private long pid(String role) throws Exception {
    return JSON.readTree(folder.resolve("data/roles/" + role + ".json").toFile())
        .path("pid")
        .asLong();
  }

  /** Until the lake's earlier state without a name is gone. */
  private void awaitForgotten() throws Exception {
    double before = expired();
    send(60, 61);
    weir.awaitNumber("select count(*) from events", 62);
    await().atMost(PATIENCE).until(() -> expired() > before);
    String request = body("2020-01-01T00:00:00Z");
    assertThat(post("/api/v1/query", request, 404).at("/error/message").asText())
        .contains("not kept any more");
  }

  private double expired() {
    return weir.text("/metrics")
        .lines()
        .filter(line -> line.startsWith("weir_lake_snapshots_expired_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
