package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.Rounds;

/** An owner drops columns of properties, while and after things go wrong. */
class DroppedColumnsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PATH = "/schemas/properties";

  @TempDir Path folder;
  private @Nullable RunningWeir weir;
  private @Nullable ApiCalls calls;

  @AfterEach
  void stop() {
    if (calls != null) {
      calls.close();
    }
    if (weir != null) {
      weir.close();
    }
  }

  private ApiCalls start(boolean commits) throws IOException {
    stop();
    Path data = folder.resolve("data");
    RunningWeir started = commits ? RunningWeir.start(data) : RunningWeir.startLazy(data);
    ApiCalls api = new ApiCalls(started);
    weir = started;
    calls = api;
    return api;
  }

  /** The property columns that SQL shows. */
  private static List<String> columns(ApiCalls api, String key) {
    ApiCalls.Answer answer = api.sql(key, "select * from events limit 0");
    List<String> names = new ArrayList<>();
    for (JsonNode column : answer.at("/columns")) {
      if (column.path("name").asText().startsWith("p_")) {
        names.add(column.path("name").asText());
      }
    }
    return names;
  }

  private static String one(ApiCalls api, String key, String sql) {
    ApiCalls.Answer answer = api.sql(key, sql);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.at("/rows/0/0").asText();
  }

  private static String sum(ApiCalls api, String key, String property) {
    ApiCalls.Answer answer =
        api.post("/insights/trend", key, "{\"measure\":\"sum\",\"of\":\"" + property + "\"}");
    double sum = 0;
    for (JsonNode point : answer.at("/series/0/points")) {
      sum += point.path("value").asDouble();
    }
    return Double.toString(sum);
  }

  private static List<String> states(ApiCalls.Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    List<String> states = new ArrayList<>();
    answer
        .at("/properties")
        .forEach(column ->
            states.add(column.path("column").asText() + " " + column.path("state").asText()));
    return states;
  }

  @Test
  void whatIsInTailAndLakeGoesFromOneProjectAlone() throws IOException {
    ApiCalls api = start(false);
    ApiCalls.Answer shop = api.newProject("shop");
    ApiCalls.Answer other = api.newProject("other");
    String key = shop.text("api_key");
    for (ApiCalls.Answer project : List.of(shop, other)) {
      api.sendOnceKnown(project.text("write_key"), "ann", "\"junk\":1,\"price\":5,\"more\":\"x\"");
      api.awaitUsers(project.text("api_key"), "ann");
    }
    assertThat(columns(api, key)).containsExactly("p_junk", "p_price", "p_more");

    // the tail alone
    assertThat(states(api.ask("DELETE", PATH + "?name=more", key, "")))
        .containsExactly("p_more dropped");
    assertThat(columns(api, key)).containsExactly("p_junk", "p_price");
    assertThat(one(api, key, "select count(*) from events where properties is null"))
        .isEqualTo("1");
    assertThat(api.post("/snapshots", key, "{\"name\":\"before\"}").status()).isEqualTo(201);

    // lake and tail
    api.sendOnceKnown(shop.text("write_key"), "bob", "\"junk\":2,\"more\":\"y\"");
    api.awaitUsers(key, "ann,bob");
    assertThat(sum(api, key, "junk")).isEqualTo("3.0");
    assertThat(states(api.ask("DELETE", PATH + "?name=junk&name=more", key, "")))
        .containsExactly("p_junk dropped", "p_more dropped");
    api.sendOnceKnown(shop.text("write_key"), "cid", "\"junk\":4,\"more\":\"z\"");
    api.awaitUsers(key, "ann,bob,cid");

    for (boolean restarted : new boolean[] {false, true}) {
      ApiCalls now = restarted ? start(false) : api;
      now.awaitUsers(key, "ann,bob,cid");
      assertThat(columns(now, key)).containsExactly("p_price");
      assertThat(sum(now, key, "junk")).as("new values are there, old ones gone").isEqualTo("4.0");
      assertThat(one(now, key, "select string_agg(properties, ' ' order by user_id) from events"))
          .isEqualTo("{\"more\":\"y\"} {\"junk\":4,\"more\":\"z\"}");
      assertThat(now.sql(key, "select junk from order_placed").at("/error/code").asText())
          .isEqualTo("invalid_sql");
      String before = "{\"sql\":\"select p_junk from events\",\"as_of\":\"before\"}";
      assertThat(now.post("/query", key, before).at("/rows/0/0").asDouble()).isEqualTo(1);
      assertThat(columns(now, other.text("api_key")))
          .containsExactly("p_junk", "p_price", "p_more");
      assertThat(sum(now, other.text("api_key"), "junk")).isEqualTo("1.0");
      assertThat(states(now.get(PATH, key)))
          .containsExactly("p_junk dropped", "p_price used", "p_more dropped");
    }
  }

  @Test
  void aLimitIsNeverWidened() throws IOException {
    ApiCalls api = start(true);
    ApiCalls.Answer shop = api.newProject("shop");
    String key = shop.text("api_key");
    api.sendOnceKnown(shop.text("write_key"), "ann", "\"tenant\":17,\"price\":1");
    api.sendOnceKnown(shop.text("write_key"), "bob", "\"tenant\":18,\"price\":2");
    api.awaitUsers(key, "ann,bob");
    String limit =
        "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"%s\",\"value\":17}}";
    ApiCalls.Answer limited = api.newKey(key, limit.formatted("tenant"));
    ApiCalls.Answer byColumn = api.newKey(key, limit.formatted("p_tenant"));
    for (ApiCalls.Answer made : List.of(limited, byColumn)) {
      api.awaitUsers(made.text("key"), "ann");
      ApiCalls.Answer refused = api.ask("DELETE", PATH + "?source=default", key, "");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.at("/error/message").asText()).contains(made.text("id"), "revoke it");
      assertThat(columns(api, key)).hasSize(2);
      api.ask("DELETE", "/keys/" + made.text("id"), key, "");
    }
    String reader = api.readKey(key).text("key");
    assertThat(api.ask("DELETE", PATH + "?name=tenant", reader, "").status()).isEqualTo(403);
    assertThat(api.ask("DELETE", PATH + "?name=nobody", key, "").status()).isEqualTo(404);
    assertThat(api.ask("DELETE", PATH, key, "").status()).isEqualTo(400);
    assertThat(states(api.ask("DELETE", PATH + "?name=tenant", key, "")))
        .containsExactly("p_tenant dropped");
    String later = api.newKey(key, limit.formatted("tenant")).text("key");
    String laterByColumn = api.newKey(key, limit.formatted("p_tenant")).text("key");
    assertThat(one(api, later, "select count(*) from events")).isEqualTo("0");
    assertThat(one(api, laterByColumn, "select count(*) from events")).isEqualTo("0");
    api.sendOnceKnown(shop.text("write_key"), "cid", "\"tenant\":17");
    api.sendOnceKnown(shop.text("write_key"), "dan", "\"tenant\":18");
    api.awaitUsers(key, "ann,bob,cid,dan");
    api.awaitUsers(later, "cid");
  }

  /** Killed at any moment, it goes on: what is dropped is gone, what is not is whole. */
  @Test
  void whereverItIsKilledItGoesOn() throws Exception {
    Random random = new Random(Long.getLong("weir.seed", 20261215));
    ApiCalls api = start(false);
    ApiCalls.Answer shop = api.newProject("shop");
    String key = shop.text("api_key");
    String writer = shop.text("write_key");
    StringBuilder users = new StringBuilder();
    for (int round = 0; round < Rounds.of(2, 4); round++) {
      String junk = "junk" + round;
      for (int i = 0; i < 3; i++) {
        String user = "u" + round + i;
        api.sendOnceKnown(writer, user, "\"" + junk + "\":1,\"price\":1");
        users.append(users.isEmpty() ? "" : ",").append(user);
      }
      api.awaitUsers(key, users.toString());
      RunningWeir running = java.util.Objects.requireNonNull(weir);
      ApiCalls asking = api;
      CompletableFuture<?> drop =
          CompletableFuture.runAsync(() -> asking.ask("DELETE", PATH + "?name=" + junk, key, ""));
      int millis = random.nextInt(400);
      boolean isDone =
          drop.handle((done, failure) -> true)
              .completeOnTimeout(false, millis, TimeUnit.MILLISECONDS)
              .join();
      List<ProcessHandle> all = running.process().descendants().toList();
      running.process().destroyForcibly().waitFor();
      all.forEach(ProcessHandle::destroyForcibly);
      drop.handle((done, failure) -> true).join();
      api = start(false);
      ApiCalls after = api;
      after.awaitUsers(key, users.toString());
      String column = "p_" + junk;
      boolean isMarked = !states(after.get(PATH, key)).contains(column + " used");
      assertThat(isMarked || !isDone).as("killed after %s ms", millis).isTrue();
      if (!isMarked) {
        assertThat(sum(after, key, junk)).isEqualTo("3.0");
        after.ask("DELETE", PATH + "?name=" + junk, key, "");
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(states(after.get(PATH, key))).contains(column + " dropped"));
      assertThat(columns(after, key)).containsExactly("p_price");
      assertThat(sum(after, key, junk)).isEqualTo("0.0");
      assertThat(sum(after, key, "price")).isEqualTo(3.0 * (round + 1) + "");
    }
  }
}
