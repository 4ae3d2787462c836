package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements that can be stopped only by ending their process, beside other people's. */
class BadNeighbourTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** One that takes memory, one that takes it in a single value, one that heeds no interrupt. */
  private static final List<String> BOMBS =
      List.of(
          "select length(range(500000000))",
          "select length(list_resize([1], 1000000000))",
          "select levenshtein(repeat('a', 400000), repeat('b', 400000))");

  @TempDir static Path folder;
  private static ApiCalls calls;
  private static RunningWeir weir;

  @BeforeAll
  static void start() throws IOException {
    Path config = folder.resolve("weir.yaml");
    Files.writeString(
        config, "query: {statement_limit: 700MiB, memory: 128MiB, statement_heap: 128MiB}\n");
    weir = RunningWeir.start(folder.resolve("data"), "--config", config.toString());
    calls = new ApiCalls(weir);
  }

  @AfterAll
  static void stop() {
    weir.close();
    calls.close();
  }

  private static String limitedKey(String by) {
    return calls
        .newKey(
            by,
            "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"shop\",\"value\":17}}")
        .text("key");
  }

  private static ApiCalls.Answer bomb(String key, String sql) {
    return calls.post(
        "/query", key, JSON.createObjectNode().put("sql", sql).put("timeout", "1s").toString());
  }

  /** The process for a project's statements; 0 if there is none. */
  private static long pid(String project) {
    for (JsonNode role : calls.get("/status", weir.apiKey()).at("/roles")) {
      if (role.path("role").asText().equals("statements-" + project)) {
        return role.path("pid").asLong();
      }
    }
    return 0;
  }

  @Test
  void othersNoticeNothing() throws Exception {
    ApiCalls.Answer good = calls.newProject("good");
    ApiCalls.Answer bad = calls.newProject("bad");
    calls.sendOnceKnown(good.text("write_key"), "gina", "\"price\":1");
    calls.awaitUsers(good.text("api_key"), "gina");
    String bomber = limitedKey(bad.text("api_key"));
    long before = pid("good");
    assertThat(before).isPositive();

    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    List<String> wrong = new ArrayList<>();
    Thread neighbour =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                ApiCalls.Answer count = calls.sql(good.text("api_key"), ApiCalls.USERS);
                if (count.status() != 200 || !count.at("/rows/0/0").asText().equals("gina")) {
                  wrong.add(count.toString());
                }
                int ready = weir.status(weir.api() + "/ready");
                if (ready != 200) {
                  wrong.add("/ready " + ready);
                }
                asked.incrementAndGet();
              }
            });
    Set<String> codes = new HashSet<>();
    for (String sql : BOMBS) {
      ApiCalls.Answer answer = bomb(bomber, sql);
      String code = answer.at("/error/code").asText();
      assertThat(code).as(sql).isIn("statement_too_expensive", "out_of_memory", "query_timeout");
      codes.add(code);
      if (code.equals("statement_too_expensive")) {
        assertThat(answer.status()).isEqualTo(400);
      }
    }
    assertThat(codes).contains("statement_too_expensive");
    int seen = asked.get();
    Awaitility.await().atMost(PATIENCE).until(() -> asked.get() > seen + 1);
    over.set(true);
    neighbour.join();
    assertThat(wrong).isEmpty();
    assertThat(pid("good")).as("the same process as before").isEqualTo(before);
    assertThat(calls.sql(bad.text("api_key"), "select 1").status())
        .as("another key of the bad project")
        .isEqualTo(200);
  }

  @Test
  void keptResultsOutliveTheProcess() {
    ApiCalls.Answer project = calls.newProject("kept");
    String key = project.text("api_key");
    assertThat(
            calls
                .post("/query", key, "{\"sql\":\"select 42 n\",\"async\":true,\"id\":\"answer\"}")
                .status())
        .isEqualTo(202);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> calls.get("/query/answer", key).status() == 200);
    calls.post(
        "/query", key, "{\"sql\":\"" + BOMBS.getFirst() + "\",\"async\":true,\"id\":\"bomb\"}");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(calls.get("/query/bomb", key).at("/error/code").asText())
                .isIn("statement_too_expensive", "out_of_memory", "query_lost"));
    assertThat(calls.get("/query/answer", key).at("/rows/0/0").asInt()).isEqualTo(42);
  }
}
