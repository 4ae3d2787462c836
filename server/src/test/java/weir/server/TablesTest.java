package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;

/** Tables that users store, in three real processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TablesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir static Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningWeir weir;

  @BeforeAll
  void start() throws Exception {
    weir = RunningWeir.start(folder.resolve("data"));
    String event = "{\"event\":\"Plan Sold\",\"userId\":\"%s\",\"properties\":{\"plan\":\"%s\"}}";
    for (String sold : new String[] {"u1 big", "u1 free", "u2 big"}) {
      String[] parts = sold.split(" ");
      weir.send("/v1/track", event.formatted((Object[]) parts));
    }
    weir.awaitNumber("select count(*) from plan_sold", 3);
  }

  @AfterAll
  void stop() {
    http.close();
    weir.close();
  }

  private HttpResponse<String> put(String name, byte[] body, String... headers) throws Exception {
    return send("PUT", name, HttpRequest.BodyPublishers.ofByteArray(body), headers);
  }

  private HttpResponse<String> put(String name, String csv) throws Exception {
    return put(name, csv.getBytes(StandardCharsets.UTF_8), "Content-Type", "text/csv");
  }

  private HttpResponse<String> send(
      String method, String name, HttpRequest.BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(weir.api() + "/api/v1/tables/" + name))
            .header("Authorization", "Bearer " + weir.apiKey())
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static JsonNode error(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body()).path("error");
  }

  @Test
  void aTableSurvivesTheProcessThatStoredIt() throws Exception {
    HttpResponse<String> created = put("plans", "plan,price\nbig,20\nfree,0\n");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    JsonNode table = JSON.readTree(created.body());
    assertThat(table.path("rows").asLong()).isEqualTo(2);
    assertThat(table.path("columns").toString())
        .isEqualTo(
            "[{\"name\":\"plan\",\"type\":\"VARCHAR\"},{\"name\":\"price\",\"type\":\"BIGINT\"}]");
    long engine =
        JSON.readTree(folder.resolve("data/roles/engine.json").toFile()).path("pid").asLong();
    ChildProcess.kill(engine);
    await().atMost(PATIENCE).until(() -> !Pids.isRunning(engine) && weir.isReady());
    assertThat(weir.number("select sum(price) from plan_sold join plans using (plan)"))
        .isEqualTo(40);
    HttpResponse<String> replaced =
        put(
            "plans",
            gzip("plan,price\nbig,30\n".getBytes(StandardCharsets.UTF_8)),
            "Content-Type",
            "text/csv",
            "Content-Encoding",
            "gzip");
    assertThat(replaced.statusCode()).as(replaced.body()).isEqualTo(200);
    assertThat(weir.number("select sum(price) from plan_sold join plans using (plan)"))
        .isEqualTo(60);
    assertThat(send("DELETE", "plans", HttpRequest.BodyPublishers.noBody()).statusCode())
        .isEqualTo(204);
    assertThat(weir.get("/api/v1/tables/plans").path("error").path("code").asText())
        .isEqualTo("not_found");
  }

  @Test
  void aResultBecomesATableAsItIs() throws Exception {
    HttpResponse<String> kept =
        weir.post(
            "/api/v1/tables",
            """
            {"name":"big_spenders","sql":"select user_id, count(*) as n from plan_sold where plan = ? group by 1","parameters":["big"]}
            """);
    assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
    assertThat(weir.query("select user_id, n from big_spenders order by 1").toString())
        .isEqualTo("[[\"u1\",1],[\"u2\",1]]");
    byte[] parquet = weir.parquet("select * from big_spenders").body();
    HttpResponse<String> copied =
        put("copied", parquet, "Content-Type", "application/vnd.apache.parquet");
    assertThat(copied.statusCode()).as(copied.body()).isEqualTo(201);
    assertThat(weir.number("select count(*) from (select * from copied except from big_spenders)"))
        .isZero();
    assertThat(weir.get("/api/v1/tables?limit=1").path("next_cursor").asText())
        .isEqualTo("big_spenders");
    assertThat(weir.get("/api/v1/tables?limit=1&cursor=big_spenders").at("/tables/0/name").asText())
        .isEqualTo("copied");
  }

  @Test
  void whatCannotBecomeATableSaysWhyAndLeavesNothing() throws Exception {
    HttpResponse<String> wrong =
        weir.post("/api/v1/tables", "{\"name\":\"x\",\"sql\":\"select\\n nothing\"}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(error(wrong).path("code").asText()).isEqualTo("invalid_sql");
    assertThat(error(wrong).path("line").asInt()).isEqualTo(2);
    assertThat(error(put("events", "a\n1\n")).path("code").asText()).isEqualTo("taken");
    assertThat(error(put("users", "a\n1\n")).path("code").asText()).isEqualTo("taken");
    assertThat(error(put("select", "a\n1\n")).path("code").asText()).isEqualTo("invalid_name");
    assertThat(error(put("Plans", "a\n1\n")).path("code").asText()).isEqualTo("invalid_name");
    assertThat(
            error(
                    put(
                        "x",
                        "PAR1".getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/vnd.apache.parquet"))
                .path("code")
                .asText())
        .isEqualTo("invalid_file");
    assertThat(
            error(
                    put(
                        "x",
                        "no gzip".getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "text/csv",
                        "Content-Encoding",
                        "gzip"))
                .path("message")
                .asText())
        .contains("gzip");
    HttpResponse<String> json = put("x", "{\"a\":1}\n");
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(error(json).path("message").asText())
        .isEqualTo("the file seems to be JSON: tables are made of CSV or Parquet, convert it");
    try (var staged = Files.walk(folder.resolve("data/lake/staging"))) {
      assertThat(staged.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aFileThatIsNoTableLeavesTheOldOne() throws Exception {
    assertThat(put("dates", "day,price\n2026-02-01,1\n01/02/2026,2\n").statusCode()).isEqualTo(201);
    assertThat(weir.query("select day, price from dates order by price").toString())
        .as("nobody knows which month 01/02/2026 is in")
        .isEqualTo("[[\"2026-02-01\",1],[\"01/02/2026\",2]]");
    for (String wrong : new String[] {"", "day,price\n2026-02-01,1\n2026-02-02,2,3\n"}) {
      HttpResponse<String> refused = put("dates", wrong);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
      assertThat(error(refused).path("message").asText())
          .isEqualTo(
              wrong.isEmpty()
                  ? "the file is empty; its first line must name the columns"
                  : "line 3 has 3 values, the header has 2; a value with a separator or a line"
                      + " break in it needs quotes around it");
    }
    assertThat(weir.number("select sum(price) from dates")).isEqualTo(3);
  }

  @Test
  void integersOfManyDigitsStayWhole() throws Exception {
    HttpResponse<String> kept =
        weir.post(
            "/api/v1/tables",
            "{\"name\":\"sums\",\"sql\":\"select sum(n) as s, count(*) as c from (values"
                + " (9007199254740993), (9223372036854775807)) v(n) -- all\"}");
    assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
    assertThat(JSON.readTree(kept.body()).at("/columns/0/type").asText())
        .isEqualTo("DECIMAL(38,0)");
    assertThat(weir.query("select s, c from sums").toString())
        .isEqualTo("[[\"9232379236109516800\",2]]");
  }
}
