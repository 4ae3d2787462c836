package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** What people with different keys do with one Weir. */
final class ApiCalls implements AutoCloseable {
  /** Who placed an order, in the project that is asked. */
  static final String USERS =
      "select string_agg(distinct user_id, ',' order by user_id) from order_placed";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final RunningWeir weir;

  ApiCalls(RunningWeir weir) {
    this.weir = weir;
  }

  record Answer(int status, JsonNode json) {
    String text(String field) {
      return json.path(field).asText();
    }

    JsonNode at(String pointer) {
      return json.at(pointer);
    }
  }

  HttpRequest request(String method, String path, String key, String body) {
    String[] word = path.split(" ", 2); // an address, then perhaps a project
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(weir.api() + "/api/v1" + word[0]))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return word.length == 1 ? request.build() : request.header("Weir-Project", word[1]).build();
  }

  Answer ask(String method, String path, String key, String body) {
    HttpResponse<String> answer =
        http.sendAsync(request(method, path, key, body), HttpResponse.BodyHandlers.ofString())
            .join();
    try {
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new IllegalStateException(answer.body(), e);
    }
  }

  Answer get(String path, String key) {
    return ask("GET", path, key, "");
  }

  Answer post(String path, String key, String body) {
    return ask("POST", path, key, body);
  }

  Answer sql(String key, String sql) {
    return post("/query", key, JSON.createObjectNode().put("sql", sql).toString());
  }

  Answer newProject(String name) {
    Answer answer = post("/projects", weir.apiKey(), "{\"name\":\"" + name + "\"}");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return answer;
  }

  Answer newKey(String by, String body) {
    Answer answer = post("/keys", by, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    return answer;
  }

  Answer readKey(String by) {
    return newKey(by, "{\"kind\":\"api\",\"scope\":\"read\",\"name\":\"reader\"}");
  }

  /** The status that the collector answers. */
  int send(String writeKey, String user, String property) {
    return sendEvent(writeKey, "Order Placed", user, property);
  }

  private int sendEvent(String writeKey, String event, String user, String property) {
    String body =
        "{\"event\":\"%s\",\"userId\":\"%s\",\"properties\":{%s}}".formatted(event, user, property);
    return http.sendAsync(
            HttpRequest.newBuilder(URI.create(weir.collector() + "/v1/track"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + writeKey)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .join()
        .statusCode();
  }

  /** The collector knows a new write key as soon as it has read the key file. */
  void sendOnceKnown(String writeKey, String user, String property) {
    Awaitility.await().atMost(PATIENCE).until(() -> send(writeKey, user, property) == 200);
  }

  void sendEventOnceKnown(String writeKey, String event, String user, String property) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> sendEvent(writeKey, event, user, property) == 200);
  }

  void awaitUsers(String key, String users) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(sql(key, USERS).at("/rows/0/0").asText()).isEqualTo(users));
  }

  /** A query that is under way. */
  CompletableFuture<HttpResponse<String>> start(String key, String body) {
    return http.sendAsync(
        request("POST", "/query", key, body), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
