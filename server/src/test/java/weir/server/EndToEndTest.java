package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.ChildProcess;

/** Three real processes, and what their users do with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir static Path folder;
  private Path data;
  private RunningWeir weir;

  @BeforeAll
  void start() throws Exception {
    data = Files.createDirectories(folder.resolve("data dir"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    weir = RunningWeir.start(data);
  }

  @AfterAll
  void stop() {
    weir.close();
  }

  @Test
  void eventsDuplicatesAndBadEventsAreEachCountedOnce() throws Exception {
    HttpResponse<String> first =
        weir.send(
            "/v1/batch",
            """
            {"batch":[
              {"type":"track","event":"Order Completed","userId":"u1","messageId":"e1",
               "properties":{"price":19.5,"nested":{"a":[1,2]}}},
              {"type":"track","event":"Order Completed","anonymousId":"a2","messageId":"e2",
               "properties":{"price":1,"coupon":"x"}},
              {"type":"track","event":"Order Completed","userId":"u1","messageId":"e1"},
              {"type":"track","event":"Too Early","userId":"u1","messageId":"e3",
               "timestamp":"1999-01-01T00:00:00Z"},
              {"type":"track","userId":"u1","messageId":"e4"}
            ]}
            """);
    assertThat(first.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(first.body());
    assertThat(answer.path("accepted").asInt()).isEqualTo(5);
    assertThat(answer.path("quarantined").path(0).path("index").asInt()).isEqualTo(4);

    weir.awaitNumber("select count(*) from events where event = 'Order Completed'", 2);
    weir.awaitNumber("select count(*) from bad_events", 2);
    assertThat(
            weir.query(
                    "select event_id, p_price, p_coupon, user_id, anonymous_id from events"
                        + " where event = 'Order Completed' order by event_id")
                .toString())
        .isEqualTo("[[\"e1\",19.5,null,\"u1\",null],[\"e2\",1.0,\"x\",null,\"a2\"]]");
    assertThat(weir.number("select sum(price) * 10 from order_completed")).isEqualTo(205);
    awaitLedger(0);
    JsonNode ledger = weir.get("/api/v1/ledger");
    assertThat(sum(ledger, "duplicate")).isEqualTo(1);
    assertThat(sum(ledger, "quarantined")).isEqualTo(2);
    assertThat(weir.number("select sum(accepted) from ledger")).isEqualTo(sum(ledger, "accepted"));
    JsonNode events = ledger.path("tables").path("events");
    assertThat(events.path("rows").asLong()).isEqualTo(sum(ledger, "loaded"));
    assertThat(events.path("loaded").asLong()).isEqualTo(sum(ledger, "loaded"));
    assertThat(events.path("expired").asLong()).isZero();
  }

  @Test
  void anEngineThatIsKilledGoesOnAndLosesNothing() throws Exception {
    long before = weir.number("select count(*) from events");
    long engine = pid("engine");
    ChildProcess.kill(engine);
    for (int i = 0; i < 20; i++) {
      String event = "{\"event\":\"While Down\",\"userId\":\"u\",\"messageId\":\"down-" + i + "\"}";
      assertThat(weir.send("/v1/track", event).statusCode()).isEqualTo(200);
    }
    await().atMost(PATIENCE).until(() -> pid("engine") != engine && isReady());
    weir.awaitNumber("select count(*) from events where event = 'While Down'", 20);
    assertThat(weir.number("select count(*) from events")).isGreaterThanOrEqualTo(before + 20);
    awaitLedger(0);
  }

  @Test
  void aQueryProcessThatIsKilledIsWaitedForByTheNextQuestion() throws Exception {
    String sessions = "/api/v1/insights/sessions";
    assertThat(weir.post(sessions, "{}").statusCode()).isEqualTo(200);
    long query = pid("query");
    ChildProcess.kill(query);
    await().atMost(PATIENCE).until(() -> !Pids.isRunning(query));
    assertThat(weir.post(sessions, "{}").statusCode()).isEqualTo(200);
    assertThat(pid("query")).isNotEqualTo(query);
  }

  @Test
  void aStatementAfterItsProcessWasKilledIsAnsweredByANewOne() throws Exception {
    assertThat(weir.number("select 41 + 1")).isEqualTo(42);
    long before = statementsPid();
    ChildProcess.kill(before);
    await().atMost(PATIENCE).until(() -> !Pids.isRunning(before));
    assertThat(weir.number("select 41 + 1")).isEqualTo(42);
    assertThat(statementsPid()).isNotEqualTo(before);
  }

  /** The engine's child for the project's statements. */
  private long statementsPid() throws Exception {
    return ProcessHandle.of(pid("engine")).orElseThrow().children().findFirst().orElseThrow().pid();
  }

  @Test
  void everyMetricSaysWhatItIsAndWhoseItIs() {
    String metrics = weir.text("/metrics");
    List<String> nameless = new ArrayList<>();
    for (String line : metrics.split("\n")) {
      if (line.startsWith("# HELP") && line.split(" ", 4)[3].isBlank()) {
        nameless.add(line);
      }
      if (!line.startsWith("#")) {
        assertThat(line).matches("weir_[a-z_]+\\{role=\"(collect|engine|query)\".*");
      }
    }
    assertThat(nameless).isEmpty();
    assertThat(metrics)
        .contains("weir_role_restarts_total{role=\"collect\",supervised=\"engine\"}")
        .contains("role=\"engine\"")
        .contains("weir_process_resident_bytes{role=\"query\"}");
  }

  @Test
  void everythingIsItsOwnersAloneInAFolderThatWasThere() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .as("others may enter the folder, so that what is in it guards itself")
        .endsWith("r-x");
    Set<String> open = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path each : all.filter(path -> !path.equals(data)).toList()) {
        String name = data.relativize(each).toString();
        seen.add(name);
        if (Files.exists(each)
            && !PosixFilePermissions.toString(Files.getPosixFilePermissions(each))
                .endsWith("------")) {
          open.add(name);
        }
      }
    }
    assertThat(seen)
        .contains(
            "credentials.json", "keys.json", "meta.db", "ledger.db", "raw", "lake/catalog.db");
    assertThat(open).isEmpty();
  }

  /** What a service prints is kept in a journal that others may read. */
  @Test
  void noSecretIsPrintedIntoAFile() throws Exception {
    await().untilAsserted(() -> assertThat(weir.printed()).contains("Weir is ready."));
    assertThat(weir.printed())
        .contains("credentials.json", "Live page   " + weir.api() + "/")
        .doesNotContain(weir.writeKey(), weir.apiKey())
        .doesNotContain(
            JSON.readTree(data.resolve("credentials.json").toFile())
                .path("admin_password")
                .asText());
  }

  @Test
  void resultsAreParquetToo() throws Exception {
    HttpResponse<byte[]> answer = weir.parquet("select 42 as answer, 'x' as text");
    assertThat(answer.statusCode()).isEqualTo(200);
    Path file = Files.write(folder.resolve("answer.parquet"), answer.body());
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery("SELECT answer, text FROM '" + file + "'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(42);
      assertThat(rows.getString(2)).isEqualTo("x");
    }
  }

  @Test
  void logsAreJsonLines() throws Exception {
    for (String role : List.of("collect", "engine", "query")) {
      for (String line : Files.readAllLines(data.resolve("logs/" + role + ".log"))) {
        assertThat(JSON.readTree(line).path("context").path("name").asText()).isEqualTo(role);
      }
    }
  }

  @Test
  void theCommandLineFindsItsWayByTheDataDirectory() throws Exception {
    Outcome table = run("query", "--data", data.toString(), "select 1 as one, 'x' as two");
    assertThat(table.code()).isZero();
    assertThat(table.output()).contains("one  two\n", "  1  x\n", "(1 row)");
    Outcome csv = run("query", "--data", data.toString(), "--format", "csv", "select 1 as one");
    assertThat(csv.output()).contains("one").contains("1");
    Outcome wrong = run("query", "--data", data.toString(), "selec 1");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.output()).contains("invalid_sql");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          Outcome status = run("status", "--data", data.toString());
          assertThat(status.output())
              .containsPattern("(?m)^engine +up ")
              .containsPattern("(?m)^ledger +balanced");
          assertThat(status.code()).isZero();
        });
    Outcome nowhere = run("status", "--data", folder.resolve("nowhere").toString());
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.output()).contains("credentials.json");
  }

  @Test
  void aSecondStartOnTheDirectoryOrThePortIsRefusedWithAReason() throws Exception {
    Outcome second = run("start", "--data", data.toString(), "--port", "0", "--api-port", "0");
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.output()).contains("in use by process " + weir.process().pid());
    String port = weir.collector().substring(weir.collector().lastIndexOf(':') + 1);
    Outcome taken =
        run("start", "--data", folder.resolve("b").toString(), "--port", port, "--api-port", "0");
    assertThat(taken.code()).isEqualTo(1);
    assertThat(taken.output()).contains("port " + port, "--port");
  }

  private record Outcome(int code, String output) {}

  private Outcome run(String... arguments) throws Exception {
    try (ChildProcess process =
        ChildProcess.start(
            ChildProcess.java(
                List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"),
                "weir.server.Main",
                arguments),
            folder)) {
      int code = process.awaitExit(PATIENCE);
      return new Outcome(code, process.output() + "\n");
    }
  }

  private boolean isReady() {
    return weir.isReady();
  }

  private void awaitLedger(long inFlight) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          JsonNode ledger = weir.get("/api/v1/ledger");
          assertThat(ledger.path("balanced").asBoolean()).isTrue();
          assertThat(sum(ledger, "in_flight")).isEqualTo(inFlight);
        });
  }

  private static long sum(JsonNode ledger, String column) {
    long sum = 0;
    for (JsonNode row : ledger.path("rows")) {
      sum += row.path(column).asLong();
    }
    return sum;
  }

  private long pid(String role) throws Exception {
    return JSON.readTree(data.resolve("roles/" + role + ".json").toFile()).path("pid").asLong();
  }

  /** Starts and ends of whole systems, each of its own. */
  @Test
  void aKilledParentTakesItsChildrenAlongAndTheNextStartGoesOn(@TempDir Path own) throws Exception {
    Path directory = own.resolve("data");
    try (RunningWeir first = RunningWeir.start(directory)) {
      String event = "{\"event\":\"Kept\",\"userId\":\"u\",\"messageId\":\"kept\"}";
      assertThat(first.send("/v1/track", event).statusCode()).isEqualTo(200);
      List<Long> children = first.process().descendants().map(ProcessHandle::pid).toList();
      assertThat(children).hasSize(2);
      first.process().destroyForcibly();
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofMillis(2_000)) // 0.9 s of grace, and what a busy machine adds
          .until(() -> children.stream().noneMatch(Pids::isRunning));
    }
    try (RunningWeir second = RunningWeir.start(directory)) {
      second.awaitNumber("select count(*) from events where event_id = 'kept'", 1);
      second.process().destroy();
      assertThat(second.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second.process().exitValue()).isZero();
    }
  }
}
