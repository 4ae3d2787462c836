package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.query.Questions;
import weir.query.duckdb.TestEngine;

class QueryServerTest {
  private static final String ENDLESS =
      "select count(*) from range(1000000000000) r(i) where hash(i) = 3";
  private static final String TOKEN = "secret";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private TestEngine engine;
  private QueryServer server;
  private Path results;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
    results = Files.createDirectories(engine.spill().resolve("results"));
    engine
        .lake()
        .events(
            "SELECT 'e' || (i % 3) AS event, 'u' || i AS user_id, timestamptz '2020-01-01"
                + " 00:00:00Z' AS timestamp, timestamptz '2026-01-01 00:00:00Z' AS received_at FROM"
                + " range(30) r(i)");
    server =
        QueryServer.start(
            engine.engine(),
            Questions.NONE,
            new QueryOptions(
                results,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                2,
                2,
                1,
                10_000,
                2,
                1 << 20,
                Duration.ofHours(1),
                0,
                Duration.ofMinutes(1)),
            TOKEN,
            System::nanoTime,
            meters,
            () -> "weir_up 1\n",
            code -> {
              throw new AssertionError("halted with " + code);
            });
  }

  @AfterEach
  void close() {
    server.close();
    await().until(() -> running() == 0);
    engine.close();
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher body(String json) {
    return HttpRequest.BodyPublishers.ofString(json.replace('`', '"'));
  }

  /** Posts JSON, in which a backtick stands for a quotation mark. */
  private HttpResponse<String> post(String json) throws Exception {
    return send(request("/query?project=shop").POST(body(json)));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private static String code(HttpResponse<String> response) throws IOException {
    return json(response).path("error").path("code").asText();
  }

  private double running() {
    return meters.get("weir_query_running").gauge().value();
  }

  @Test
  void answersAsTheContractSays() throws Exception {
    HttpResponse<String> response =
        post(
            "{`sql`:`select event, count(*) as n from events where event <> ? group by 1 order by 1`,"
                + "`parameters`:[`e2`]}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Weir-Query-Id")).isPresent();
    JsonNode json = json(response);
    assertThat(json.at("/columns").toString())
        .isEqualTo(
            "[{\"name\":\"event\",\"type\":\"VARCHAR\"},{\"name\":\"n\",\"type\":\"BIGINT\"}]");
    assertThat(json.at("/rows").toString()).isEqualTo("[[\"e0\",10],[\"e1\",10]]");
    assertThat(json.at("/stats/files").asInt()).isEqualTo(1);
    assertThat(json.at("/stats/bytes_scanned").asLong()).isPositive();
    assertThat(json.at("/stats/elapsed_ms").isIntegralNumber()).isTrue();
    assertThat(json.at("/stats/fresh_to").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(json.at("/truncated")).isEqualTo(JSON.readTree("false"));
  }

  @Test
  void valuesLoseNothing() throws Exception {
    JsonNode row =
        json(post(
                """
                {`sql`:`select 9007199254740992, 9007199254740993, -9007199254740993,
                  1.50::decimal(9,2), 'NaN'::double, 'inf'::float, 1.5::double,
                  timestamptz '2020-01-01 01:00:00.123456+01', timestamp '2020-01-01 00:00:00',
                  date '2020-02-29', time '01:02:03.5', interval '1 month 2 days', true, null,
                  [1, null], {'a': 1, 'b': [date '2020-01-01']}, map {'k': 2}, 'ab'::blob,
                  '{\\"x\\":1}'::json, 170141183460469231731687303715884105727::hugeint,
                  '00000000-0000-0000-0000-000000000001'::uuid, 'ü\\n'`}\
                """
                    .replace("\n ", " ")))
            .at("/rows/0");
    assertThat(row.toString())
        .isEqualTo(
            "[9007199254740992,\"9007199254740993\",\"-9007199254740993\",\"1.50\",null,null,1.5,"
                + "\"2020-01-01T00:00:00.123456Z\",\"2020-01-01T00:00:00\",\"2020-02-29\","
                + "\"01:02:03.500\",\"1 month 2 days\",true,null,[1,null],"
                + "{\"a\":1,\"b\":[\"2020-01-01\"]},{\"k\":2},\"YWI=\",\"{\\\"x\\\":1}\","
                + "\"170141183460469231731687303715884105727\","
                + "\"00000000-0000-0000-0000-000000000001\",\"ü\\n\"]");
  }

  /** What a clock on a wall shows is nobody's time in UTC. */
  @Test
  void timestampsWithoutAZoneHaveNone() throws Exception {
    String sql =
        "select timestamptz '2026-07-01 12:00:00Z' at time zone 'Europe/Berlin' as t, [timestamp"
            + " '2026-03-29 02:30:00'] as l, {'a': timestamp '2026-01-01 00:00:00.5', 'z':"
            + " timestamptz '2026-01-01 00:00:00Z'} as s, time '12:00' as c, timetz '12:00:00+02' as"
            + " o, timestamp_ns '2026-01-01 00:00:00.123456789' as n, '2000-01-01 (BC)'::timestamp"
            + " as b, timestamp_s '2026-03-29 02:30:00' as g";
    JsonNode answer = json(post("{`sql`:`" + sql + "`}"));
    assertThat(answer.at("/rows/0").toString())
        .as(answer.toString())
        .isEqualTo(
            "[\"2026-07-01T14:00:00\",[\"2026-03-29T02:30:00\"],{\"a\":\"2026-01-01T00:00:00.500\","
                + "\"z\":\"2026-01-01T00:00:00Z\"},\"12:00:00\",\"12:00:00+02:00\","
                + "\"2026-01-01T00:00:00.123456789\",\"-1999-01-01T00:00:00\",\"2026-03-29T02:30:00\"]");
    assertThat(post("{`sql`:`" + sql + "`,`format`:`csv`}").body().lines().skip(1))
        .singleElement()
        .asString()
        .startsWith("2026-07-01T14:00:00,\"[\"\"2026-03-29T02:30:00\"\"]\",");
    assertThat(post("{`sql`:`" + sql + "`,`format`:`ndjson`}").body())
        .startsWith("{\"t\":\"2026-07-01T14:00:00\",\"l\":[\"2026-03-29T02:30:00\"],");
  }

  @Test
  void theLimitIsForJsonAlone() throws Exception {
    JsonNode ten = json(post("{`sql`:`select * from range(11)`,`limit`:10}"));
    assertThat(ten.at("/rows")).hasSize(10);
    assertThat(ten.at("/truncated").asBoolean()).isTrue();
    JsonNode all = json(post("{`sql`:`select * from range(10)`,`limit`:10}"));
    assertThat(all.at("/rows")).hasSize(10);
    assertThat(all.at("/truncated").asBoolean()).isFalse();
    JsonNode none = json(post("{`sql`:`select * from range(10)`,`limit`:0}"));
    assertThat(none.at("/rows")).isEmpty();
    assertThat(json(post("{`sql`:`select * from range(20000)`}")).at("/rows")).hasSize(10_000);
    assertThat(
            post("{`sql`:`select * from range(20000)`,`format`:`csv`,`limit`:10}").body().lines())
        .hasSize(20_001);
  }

  @Test
  void csvIsRfc4180() throws Exception {
    HttpResponse<String> response =
        post(
            "{`sql`:`select 'a,b' as \\`x\\`\\`y\\`, '' as e, null as n, 'q\\`q' as q, [1,2] as l, 'NaN'::double"
                + " as d`,`format`:`csv`}");
    assertThat(response.body())
        .isEqualTo("\"x\"\"y\",e,n,q,l,d\r\n\"a,b\",\"\",,\"q\"\"q\",\"[1,2]\",\r\n");
    assertThat(response.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
  }

  @Test
  void ndjsonIsAnObjectALine() throws Exception {
    assertThat(
            post("{`sql`:`select i as a, 'x' as a from range(2) r(i)`,`format`:`ndjson`}").body())
        .isEqualTo("{\"a\":0,\"a_1\":\"x\"}\n{\"a\":1,\"a_1\":\"x\"}\n");
    assertThat(post("{`sql`:`select 1 where false`,`format`:`ndjson`}").body()).isEmpty();
  }

  @Test
  void parquetIsStreamedAndForgotten() throws Exception {
    HttpResponse<byte[]> response =
        client.send(
            request("/query?project=shop")
                .POST(body("{`sql`:`select * from events`,`format`:`parquet`}"))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    byte[] bytes = response.body();
    assertThat(new String(bytes, bytes.length - 4, 4, StandardCharsets.UTF_8)).isEqualTo("PAR1");
    await().untilAsserted(() -> assertThat(results).isEmptyDirectory());
  }

  @Test
  void parquetIsBounded() throws Exception {
    HttpResponse<String> response =
        post("{`sql`:`select hash(i) from range(1000000000000) r(i)`,`format`:`parquet`}");
    assertThat(code(response)).isEqualTo("result_too_large");
    await().untilAsserted(() -> assertThat(results).isEmptyDirectory());
  }

  @Test
  void largeResultsAreStreamedWhole() throws Exception {
    HttpResponse<Stream<String>> response =
        client.send(
            request("/query?project=shop")
                .POST(body("{`sql`:`select i from range(500000) r(i)`,`format`:`ndjson`}"))
                .build(),
            HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      assertThat(lines.reduce((a, b) -> b)).contains("{\"i\":499999}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{`sql`:1}",
        "{",
        "{`sql`:`select 1`,`format`:`xml`}",
        "{`sql`:`x`,`limit`:-1}",
        "{`sql`:`x`,`timeout`:`soon`}",
        "{`sql`:`x`,`timeout`:`2h`}",
        "{`sql`:`x`,`id`:`a/b`}",
        "{`sql`:`x`,`parameters`:[[1]]}",
        "{`sql`:`x`,`async`:1}",
        "{`sql`:`x`,`nosuch`:1}",
        "{`sql`:`x`,`timeout`:`0s`}",
        "{`sql`:`x`,`timeout`:`-PT5S`}"
      })
  void wrongRequestsAreRefused(String body) throws Exception {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(code(response)).isEqualTo("invalid_request");
  }

  @Test
  void errorsHaveStatusCodeAndPlace() throws Exception {
    HttpResponse<String> wrong = post("{`sql`:`select 1\\n frm x y`}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(json(wrong).at("/error/code").asText()).isEqualTo("invalid_sql");
    assertThat(json(wrong).at("/error/line").asInt()).isEqualTo(2);
    assertThat(json(wrong).at("/error/column").asInt()).isEqualTo(6);
    HttpResponse<String> forbidden = post("{`sql`:`select getenv('HOME')`}");
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(json(forbidden).at("/error/code").asText()).isEqualTo("not_allowed");
    assertThat(json(forbidden).at("/error/message").asText()).contains("getenv");
  }

  @Test
  void onlyTheBearerOfTheTokenIsServed() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/query?project=shop");
    assertThat(send(HttpRequest.newBuilder(uri).POST(body("{`sql`:`select 1`}"))).statusCode())
        .isEqualTo(401);
    assertThat(
            send(HttpRequest.newBuilder(uri).header("Authorization", "Bearer x").GET())
                .statusCode())
        .isEqualTo(401);
    assertThat(send(HttpRequest.newBuilder(uri.resolve("/health"))).body()).isEqualTo("ok\n");
    assertThat(send(request("/metrics")).body()).isEqualTo("weir_up 1\n");
    assertThat(send(request("/nothing")).statusCode()).isEqualTo(404);
    assertThat(send(request("/query?project=shop")).statusCode()).isEqualTo(405);
    assertThat(send(request("/query").POST(body("{`sql`:`select 1`}"))).statusCode())
        .isEqualTo(400);
    assertThat(send(request("/query?project=../x").POST(body("{`sql`:`select 1`}"))).statusCode())
        .isEqualTo(400);
    assertThat(post("{`sql`:`select '" + "x".repeat(1 << 20) + "'`}").statusCode()).isEqualTo(413);
  }

  @Test
  void aTimeoutEndsAQuery() throws Exception {
    HttpResponse<String> response = post("{`sql`:`" + ENDLESS + "`,`timeout`:`100ms`}");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(code(response)).isEqualTo("query_timeout");
    assertThat(post("{`sql`:`select 1`}").statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> start(String id) {
    return client.sendAsync(
        request("/query?project=shop")
            .POST(body("{`sql`:`" + ENDLESS + "`,`id`:`" + id + "`}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void deleteCancelsAQuery() throws Exception {
    CompletableFuture<HttpResponse<String>> answer = start("mine");
    await().until(() -> running() == 1);
    HttpResponse<String> progress = send(request("/query/mine?project=shop"));
    assertThat(progress.statusCode()).isEqualTo(202);
    assertThat(json(progress).at("/state").asText()).isEqualTo("running");
    assertThat(send(request("/query/mine?project=other")).statusCode()).isEqualTo(404);
    assertThat(send(request("/query/mine?project=other").DELETE()).statusCode()).isEqualTo(404);
    assertThat(code(post("{`sql`:`select 1`,`id`:`mine`}"))).isEqualTo("query_exists");
    assertThat(send(request("/query/mine?project=shop").DELETE()).statusCode()).isEqualTo(200);
    HttpResponse<String> cancelled = answer.get();
    assertThat(cancelled.statusCode()).isEqualTo(409);
    assertThat(code(cancelled)).isEqualTo("query_cancelled");
    assertThat(send(request("/query/mine?project=shop").DELETE()).statusCode()).isEqualTo(404);
  }

  @Test
  void furtherQueriesWaitAndTooManyAreRefused() throws Exception {
    CompletableFuture<HttpResponse<String>> first = start("a");
    CompletableFuture<HttpResponse<String>> second = start("b");
    await().until(() -> running() == 2);
    CompletableFuture<HttpResponse<String>> third =
        client.sendAsync(
            request("/query?project=shop").POST(body("{`sql`:`select 3 as n`}")).build(),
            HttpResponse.BodyHandlers.ofString());
    await().until(() -> running() == 3);
    HttpResponse<String> fourth = post("{`sql`:`select 1`}");
    assertThat(fourth.statusCode()).isEqualTo(429);
    assertThat(code(fourth)).isEqualTo("too_many_queries");
    assertThat(fourth.headers().firstValue("Retry-After")).isPresent();
    assertThat(third).isNotDone();
    send(request("/query/a?project=shop").DELETE());
    assertThat(json(third.get()).at("/rows/0/0").asInt()).isEqualTo(3);
    first.get();
    CompletableFuture<HttpResponse<String>> fifth = start("e");
    await().until(() -> running() == 2);
    CompletableFuture<HttpResponse<String>> waiting = start("f");
    await().until(() -> running() == 3);
    send(request("/query/f?project=shop").DELETE());
    assertThat(code(waiting.get())).isEqualTo("query_cancelled");
    send(request("/query/b?project=shop").DELETE());
    send(request("/query/e?project=shop").DELETE());
    second.get();
    fifth.get();
    assertThat(post("{`sql`:`select 1`}").statusCode()).isEqualTo(200);
  }

  @Test
  void asynchronousResultsAreKeptAndForgotten() throws Exception {
    String path = "/query/later?project=shop";
    HttpResponse<String> accepted =
        post("{`sql`:`select count(*) from events`,`async`:true,`id`:`later`}");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(accepted.headers().firstValue("Weir-Query-Id")).contains("later");
    await().until(() -> send(request(path)).statusCode() == 200);
    assertThat(json(send(request(path))).at("/rows/0/0").asInt()).isEqualTo(30);
    assertThat(send(request(path).DELETE()).statusCode()).isEqualTo(200);
    assertThat(send(request(path)).statusCode()).isEqualTo(404);
    assertThat(results).isEmptyDirectory();
  }

  @Test
  void asynchronousFailuresAreKeptToo() throws Exception {
    post("{`sql`:`select getenv('x')`,`async`:true,`id`:`bad`}");
    await().until(() -> send(request("/query/bad?project=shop")).statusCode() == 403);
    post("{`sql`:`select repeat('x', 3000000)`,`async`:true,`id`:`large`}");
    await()
        .until(() -> code(send(request("/query/large?project=shop"))).equals("result_too_large"));
    assertThat(results).as("notes alone").isDirectoryNotContaining("glob:**[!n]");
  }

  @Test
  void onlySoManyResultsAreKept() throws Exception {
    for (String id : new String[] {"r1", "r2", "r3"}) {
      post("{`sql`:`select 1`,`async`:true,`id`:`" + id + "`}");
      await().until(() -> send(request("/query/" + id + "?project=shop")).statusCode() == 200);
    }
    assertThat(send(request("/query/r1?project=shop")).statusCode()).isEqualTo(404);
    assertThat(send(request("/query/r2?project=shop")).statusCode()).isEqualTo(200);
  }

  @Test
  void aQueryWhoseClientGoesIsCancelled() throws Exception {
    for (String sql : new String[] {ENDLESS, "select i from range(1000000000000) r(i)"}) {
      String body = "{\"sql\":\"" + sql + "\",\"format\":\"ndjson\"}";
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            ("POST /query?project=shop HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + TOKEN
                    + "\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
        await().until(() -> running() == 1);
      }
      await().until(() -> running() == 0);
    }
  }

  @Test
  void aResultThatFailsOnTheWayIsNotTakenForWhole() {
    String sql =
        "select (case when i < 3000000 then '1' else 'x' end)::int, 'some more text' from"
            + " range(4000000) r(i)";
    assertThatThrownBy(() -> post("{`sql`:`" + sql + "`,`format`:`csv`}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void queriesRunAsTheLakeGrows() throws Exception {
    String ask = "{`sql`:`select count(*), count(distinct user_id) from events`}";
    CompletableFuture<Void> growth =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 20; i++) {
            engine.lake().property("p" + i, weir.event.ColumnType.DOUBLE);
            engine
                .lake()
                .events(
                    "SELECT 'e0' AS event, 'g' || i AS user_id, 1.0::double AS p_p"
                        + i
                        + ", timestamptz '2020-01-01 00:00:00Z' AS timestamp, timestamptz"
                        + " '2026-01-01 00:00:00Z' AS received_at FROM range(10) r(i)");
          }
        });
    long last = 30;
    while (!growth.isDone()) {
      HttpResponse<String> response = post(ask);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      long count = json(response).at("/rows/0/0").asLong();
      assertThat(count).isGreaterThanOrEqualTo(last);
      assertThat(count % 10).isZero();
      last = count;
    }
    growth.join();
    assertThat(json(post(ask)).at("/rows/0/0").asLong()).isEqualTo(230);
    assertThat(
            json(post("{`sql`:`select count(p19), count(p0) from e0`}")).at("/rows/0").toString())
        .isEqualTo("[10,10]");
  }
}
