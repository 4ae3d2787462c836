package weir.query.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.duckdb.TestEngine;
import weir.query.insight.Insights;
import weir.testkit.Rounds;

/**
 * Files so large that several threads read them, that a filter is tried on the first, and that all
 * rows of a file are read where most are asked for. In one of the files names do not lie together.
 */
@SuppressWarnings("NullAway.Init") // made before each invocation
@ParameterizedClass(name = "sidecars: {0}")
@ValueSource(booleans = {false, true})
final class KeptFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-03-05T00:00:00Z"));
  private static final int ROWS = 280_000;
  private static final List<String> FILTERS =
      List.of(
          "",
          ",'filters':[{'property':'plan','op':'!=','value':'no such plan'}]",
          ",'filters':[{'property':'price','op':'<','value':39}]",
          ",'filters':[{'property':'plan','value':'plan 2'},{'property':'price','op':'>','value':30}]");

  @TempDir static Path temp;

  private static Path dir;
  private static TestEngine engine;
  private static Insights statements;
  private static KeptEvents kept;
  private static Insights insights;

  KeptFilesTest(boolean sidecars) {
    assertThat(Files.exists(dir)).as("sidecars: %s", sidecars).isTrue();
  }

  @BeforeParameterizedClassInvocation
  static void make(boolean sidecars) throws IOException {
    dir = Files.createDirectory(temp.resolve("sidecars-" + sidecars));
    engine = new TestEngine(dir);
    engine.lake().property("plan", ColumnType.STRING).property("price", ColumnType.DOUBLE);
    for (int file = 0; file < 4; file++) {
      engine.lake().events(select(file * ROWS, (file + 1) * ROWS, file != 2));
    }
    if (sidecars) {
      engine.lake().sidecars();
    }
    statements = new Insights(engine.engine(), NOW);
    kept = new KeptEvents(engine.engine().events(), 128L << 20, RowDisk.NONE, System::nanoTime);
    insights = new Insights(engine.engine(), NOW, Optional.of(kept));
  }

  @AfterParameterizedClassInvocation
  static void close() {
    engine.close();
  }

  /** Values are hashes of the row's number: the same each time, in no order. */
  private static String select(int first, int end, boolean ordered) {
    return "SELECT concat('e', CAST(floor(sqrt(hash(i) % 36)) AS INTEGER)) AS event,"
        + " concat('id-', i) AS event_id, timestamp, timestamp AS received_at,"
        + " CASE WHEN hash(i + 1) % 50 > 0 THEN concat('v', hash(i + 2) % 7000) END AS actor,"
        + " CASE WHEN hash(i + 3) % 9 > 0 THEN concat('plan ', hash(i + 4) % 5) END AS p_plan,"
        + " CAST(hash(i + 5) % 40 AS DOUBLE) AS p_price"
        + " FROM (SELECT i, TIMESTAMPTZ '2026-03-01 00:00:00+00'"
        + " + INTERVAL 1 MILLISECOND * (hash(i + 6) % 250000000) AS timestamp FROM range("
        + first
        + ", "
        + end
        + ") rows(i))"
        + (ordered ? " ORDER BY event, actor, timestamp" : "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "funnel; {'steps':[{'event':'e5'},{'event':'e4'},{'event':'e1'}],'window':'2h'FILTER}",
        "funnel; {'steps':[{'event':'e0'},{'event':'e1'}],'breakdown':'plan'FILTER}",
        "retention; {'start':{'event':'e3'},'period':'day','periods':3FILTER}",
        "path; {'steps':3,'top':50FILTER}",
        "sessions; {'timeout':'1h'FILTER}",
        "trend; {'measure':'persons','interval':'hour','breakdown':'plan'FILTER}",
        "trend; {'measure':'avg','of':'price','interval':'hour','breakdown':'plan'FILTER}",
        "trend; {'events':['e0','e2'],'measure':'persons','breakdown':'price'FILTER}"
      })
  void answersAsStatementsDo(String kind, String question) throws Exception {
    int first = Math.floorMod(question.hashCode(), FILTERS.size()); // another for each question
    for (int i = 0; i < Rounds.of(2, FILTERS.size()); i++) {
      String filter = FILTERS.get((first + i) % FILTERS.size());
      String body = question.replace("FILTER", filter).replace('\'', '"');
      long before = kept.counted();
      ObjectNode found = ask(insights, kind, body);
      assertThat(kept.counted()).as(body).isEqualTo(before + 1);
      assertThat(found).as(body).isEqualTo(ask(statements, kind, body));
    }
  }

  /** Enough rows for two threads, which each take whole files. */
  @Test
  void oneLargeFileIsCounted(@TempDir Path folder) throws Exception {
    try (TestEngine one = new TestEngine(folder)) {
      one.lake().property("plan", ColumnType.STRING).property("price", ColumnType.DOUBLE);
      one.lake().events(select(0, 3 * ROWS, true));
      KeptEvents keeping =
          new KeptEvents(one.engine().events(), 128L << 20, RowDisk.NONE, System::nanoTime);
      Insights asked = new Insights(one.engine(), NOW, Optional.of(keeping));
      String body = "{\"measure\":\"persons\",\"breakdown\":\"plan\"}";
      ObjectNode expected = ask(one, new Insights(one.engine(), NOW), "trend", body);
      assertThat(ask(one, asked, "trend", body)).isEqualTo(expected);
      assertThat(keeping.counted()).isOne();
    }
  }

  /** All events take 25 MB. */
  @Test
  void whatMemoryHasNoRoomForIsOnDisk() throws Exception {
    RowDisk disk =
        new RowDisk(Files.createDirectory(dir.resolve("rows")), 1L << 30, System::nanoTime);
    KeptEvents small = new KeptEvents(engine.engine().events(), 14L << 20, disk, System::nanoTime);
    Insights asked = new Insights(engine.engine(), NOW, Optional.of(small));
    String[][] questions = {
      {"path", "{'steps':3,'top':50}"},
      {"funnel", "{'steps':[{'event':'e5'},{'event':'e4'},{'event':'e1'}],'window':'2h'}"},
      {"trend", "{'measure':'persons','interval':'hour','breakdown':'plan'}"},
      {"path", "{'steps':3,'top':50,'filters':[{'property':'plan','value':'plan 2'}]}"}
    };
    long most = 0;
    for (String[] question : questions) {
      String body = question[1].replace('\'', '"');
      assertThat(ask(asked, question[0], body))
          .as(body)
          .isEqualTo(ask(statements, question[0], body));
      most = Math.max(most, disk.bytes());
    }
    assertThat(small.counted()).isEqualTo(questions.length);
    assertThat(small.bytes()).isLessThan(14L << 20);
    assertThat(most).isGreaterThan(10L << 20);
    assertThat(dir.resolve("rows")).isEmptyDirectory();
  }

  /** The first ones end while some files are read and others are not. */
  @Test
  void aQuestionGoesOnWhereOneThatEndedWas() throws Exception {
    RowDisk disk =
        new RowDisk(Files.createDirectory(dir.resolve("ended")), 1L << 30, System::nanoTime);
    String body = "{\"steps\":3,\"top\":50}";
    ObjectNode expected = ask(statements, "path", body);
    for (int megabytes = 1; megabytes < 25; megabytes += Rounds.of(8, 4)) {
      KeptEvents keeping =
          new KeptEvents(engine.engine().events(), 30L << 20, disk, System::nanoTime);
      Insights asked = new Insights(engine.engine(), NOW, Optional.of(keeping));
      Deadline deadline = TestEngine.deadline();
      long bytes = (long) megabytes << 20;
      Thread ender =
          Thread.ofPlatform()
              .start(() -> {
                await().atMost(Duration.ofMinutes(1)).until(() -> keeping.bytes() > bytes);
                deadline.end(QueryError.QUERY_CANCELLED);
              });
      try {
        engine.on(() ->
            asked.answer(
                "path", Access.to("shop"), body.getBytes(StandardCharsets.UTF_8), deadline));
      } catch (QueryException e) {
        assertThat(e.error()).isEqualTo(QueryError.QUERY_CANCELLED);
      }
      ender.join();
      long before = keeping.counted();
      assertThat(ask(asked, "path", body)).isEqualTo(expected);
      assertThat(keeping.counted()).isEqualTo(before + 1);
    }
  }

  @Test
  void whatNeitherHasRoomForIsAskedForByAStatement() throws Exception {
    RowDisk disk = new RowDisk(dir, 1L << 20, System::nanoTime);
    KeptEvents small = new KeptEvents(engine.engine().events(), 14L << 20, disk, System::nanoTime);
    Insights asked = new Insights(engine.engine(), NOW, Optional.of(small));
    String body = "{\"steps\":3,\"top\":50}";
    assertThat(ask(asked, "path", body)).isEqualTo(ask(statements, "path", body));
    assertThat(small.counted()).isZero();
    assertThat(disk.bytes()).isLessThanOrEqualTo(1L << 20);
  }

  /** A million values are too many; what was read of them until then is of no use. */
  @Test
  void whatHasTooManyValuesIsAskedForByAStatement() throws Exception {
    String all = "{'measure':'persons','breakdown':'event_id','breakdown_limit':2}";
    String some =
        "{'events':['e5'],'measure':'persons','breakdown':'event_id','breakdown_limit':2}";
    for (String question : new String[] {all, some, all}) {
      String body = question.replace('\'', '"');
      long before = kept.counted();
      assertThat(ask(insights, "trend", body)).isEqualTo(ask(statements, "trend", body));
      assertThat(kept.counted()).isEqualTo(question.equals(all) ? before : before + 1);
    }
  }

  @Test
  void aFilterThatFailsLeavesNothing() throws Exception {
    String body =
        "{'measure':'persons','filters':[{'property':'plan','op':'matches','value':'VALUE'}]}"
            .replace('\'', '"');
    assertThatThrownBy(() -> ask(insights, "trend", body.replace("VALUE", "plan (?=1)")))
        .isInstanceOf(QueryException.class);
    String right = body.replace("VALUE", "plan [12]");
    assertThat(ask(insights, "trend", right)).isEqualTo(ask(statements, "trend", right));
  }

  private static ObjectNode ask(Insights asked, String kind, String body) throws Exception {
    return ask(engine, asked, kind, body);
  }

  private static ObjectNode ask(TestEngine on, Insights asked, String kind, String body)
      throws Exception {
    byte[] answer =
        on.on(() ->
            asked.answer(
                kind,
                Access.to("shop"),
                body.getBytes(StandardCharsets.UTF_8),
                TestEngine.deadline()));
    ObjectNode json = (ObjectNode) JSON.readTree(answer);
    json.remove("stats");
    return json;
  }
}
