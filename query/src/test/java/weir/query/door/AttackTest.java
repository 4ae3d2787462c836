package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.query.ChildJvm;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.Questions;
import weir.query.duckdb.TestEngine;

/** Statements that ended, outgrew or abused a process when they were let through. */
class AttackTest {
  @TempDir Path dir;
  private TestEngine engine;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
    file =
        engine
            .lake()
            .events(
                "SELECT 'a' AS event, timestamptz '2020-01-01 00:00:00Z' AS timestamp, timestamptz"
                    + " '2020-01-01 00:00:01Z' AS received_at");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with t as (copy (select 9 x) to '%s') select 1",
        "with t as (copy (select 9 x) to '%s' (format parquet)) select * from t",
        "with t as (insert into events values ('x')) select 1",
        "with t as (update events set event = 'x') select 1",
        "with t as (delete from events) select 1",
        "select 1; copy (select 9 x) to '%s'",
        "select 1; select 2",
        "copy (select 9 x) to '%s'",
        "select * from read_parquet('%s')",
        "select * from '%s'",
        "attach '%s' as x",
        "with t as (select 1) select * from (with \"%s\" as (select 1) select 1), \"%<s\"",
      })
  void theLakeIsNeitherWrittenNorReadAround(String sql) throws IOException {
    byte[] before = Files.readAllBytes(file);
    QueryError error = engine.failure(sql.formatted(file)).error();
    assertThat(error).isIn(QueryError.NOT_ALLOWED, QueryError.INVALID_SQL);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void nineHundredTermsAreFine() throws QueryException {
    assertThat(engine.value("select 1" + "+1".repeat(900))).isEqualTo(901);
    assertThat(
            engine.value("select (sum(i" + "+i".repeat(900) + "))::bigint from range(1000) r(i)"))
        .isEqualTo(901L * 999 * 500);
    assertThat(engine.value("select 'a'" + "||'a'".repeat(900))).isEqualTo("a".repeat(901));
  }

  @ParameterizedTest
  @CsvSource({
    "select 1,+1,''",
    "select ,-,1",
    "select ,not ,true",
    "select 1,::int,''",
    "select x,[1],''",
    "select ,x -> ,1",
    "select 1, is null,''",
    "select 'a',||'a',''",
    "select ,(,1",
    "select ,[,1",
    "select ,{a:,1",
    "select ,(select ,1",
    "select ,case when ,1",
    "select ,case when true then 1 else ,1",
    "select 1, union all select 1,''",
    "select 1 from events,',events',''",
    "select true, and true,''",
    "select 1 in (1,',1',)",
    "select 1,',1',''",
    "/*,/*,''",
    "with a as (select 1),', b as (select 1)',''",
  })
  void aStatementAsLongAsAllowedEndsNothing(String start, String part, String end)
      throws QueryException {
    int room = 64 * 1024 - start.length() - (end == null ? 0 : end.length());
    String sql = start + part.repeat(room / part.length()) + (end == null ? "" : end);
    try {
      engine.rows(sql);
    } catch (QueryException e) {
      assertThat(e.error()).isIn(QueryError.INVALID_SQL, QueryError.OUT_OF_MEMORY);
    }
    assertThat(engine.value("select 41 + 1")).isEqualTo(42);
  }

  @Test
  void unionsOfTenThousandAreRefused() {
    assertThat(engine.failure("select 1" + " union select 1".repeat(10_000)).error())
        .isEqualTo(QueryError.INVALID_SQL);
    assertThat(engine.failure("select 1" + " union select 1".repeat(4_000)))
        .hasMessageContaining("set operations");
  }

  @Test
  void aValueThatOutgrowsMemoryEndsOnlyTheQueryProcess() throws Exception {
    Path spill = Files.createDirectories(dir.resolve("child"));
    ChildJvm.Result child = ChildJvm.run(Victim.class, List.of(), spill.toString());
    assertThat(child.exit())
        .as(child.output())
        .isIn(ProcessHalt.OUT_OF_MEMORY, ProcessHalt.OVERRUN);
    assertThat(child.output()).contains("asked").doesNotContain("answered 200");
  }

  /** Usual options with bounds of their own. */
  static QueryOptions bounded(QueryOptions usual, long residentBytes, Duration overrun) {
    return new QueryOptions(
        usual.results(),
        usual.timeout(),
        usual.maxTimeout(),
        usual.concurrent(),
        usual.projectConcurrent(),
        usual.waiting(),
        usual.jsonLimit(),
        usual.keptResults(),
        usual.keptBytes(),
        usual.keptFor(),
        residentBytes,
        overrun);
  }

  /** A query process that asks itself for what the engine's own memory bound does not hold. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      TestEngine engine = new TestEngine(Path.of(args[0]));
      QueryOptions usual = QueryOptions.defaults(engine.spill());
      QueryOptions options = bounded(usual, 1L << 30, Duration.ofSeconds(2));
      QueryServer server =
          QueryServer.start(
              engine.engine(),
              Questions.NONE,
              options,
              "t",
              System::nanoTime,
              new SimpleMeterRegistry(),
              () -> "",
              ProcessHalt.runtime());
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.port() + "/query?project=shop"))
              .header("Authorization", "Bearer t")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"sql\":\"select length(range(500000000))\",\"timeout\":\"20s\"}"))
              .build();
      System.out.println("asked");
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      System.out.println("answered " + answer.statusCode() + " " + answer.body());
      Thread.currentThread().join();
    }
  }
}
