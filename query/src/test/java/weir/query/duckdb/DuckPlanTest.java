package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.RowLimit;

/** EXPLAIN, DESCRIBE, SUMMARIZE, SHOW TABLES and PIVOT over a project's own tables. */
class DuckPlanTest {
  private static final Access LIMITED =
      new Access(TestLake.PROJECT, "k", Optional.of(RowLimit.parse("user_id", "\"u1\"")));

  @TempDir Path dir;
  private TestEngine engine;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
    engine
        .lake()
        .events(
            "SELECT 'Item Sold' AS event, 'u' || i AS user_id, timestamptz '2020-01-01 00:00:00Z'"
                + " AS timestamp, timestamptz '2026-01-01 00:00:00Z' AS received_at"
                + " FROM range(4) r(i)");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private String plan(String sql) throws QueryException {
    List<String> lines = new ArrayList<>();
    engine.rows(sql).forEach(row -> lines.add(String.valueOf(row.getFirst())));
    return String.join("\n", lines);
  }

  @Test
  void explainShowsStepsAndNoFiles() throws QueryException {
    String plan = plan("explain select user_id, count(*) from item_sold group by 1 order by 2");
    assertThat(plan).contains("order by", "count_star()", "-> ");
    assertThat(plan).doesNotContain("/", "parquet'", dir.toString(), TestLake.PROJECT, ".parquet");
  }

  @Test
  void explainOfAnUnknownNameSaysWhere() {
    QueryException failure = engine.failure("explain select nosuch from item_sold");
    assertThat(failure.error()).isEqualTo(QueryError.INVALID_SQL);
    assertThat(failure.place()).contains(new weir.query.sql.SqlPlace(1, 16));
  }

  @Test
  void aLimitedKeyGetsNoPlanButItsOwnRowsInOtherShapes() throws QueryException {
    try {
      throw new AssertionError(engine.rows(LIMITED, "explain select * from events"));
    } catch (QueryException e) {
      assertThat(e.error()).isEqualTo(QueryError.NOT_ALLOWED);
    }
    assertThat(
            engine.rows(
                LIMITED,
                "select max, approx_unique from (summarize item_sold) where column_name = 'user_id'"))
        .containsExactly(List.of("u1", 1L));
    assertThat(
            engine.rows(
                LIMITED, "pivot events on user_id in ('u0', 'u1') using count(*) group by event"))
        .containsExactly(List.of("Item Sold", 0L, 1L));
    assertThat(engine.rows(LIMITED, "show tables"))
        .containsExactly(
            List.of("events"),
            List.of("identities"),
            List.of("item_sold"),
            List.of("items"),
            List.of("sessions"),
            List.of("users"));
  }

  @Test
  void describeNamesTheColumnsOfATableOrAStatement() throws QueryException {
    List<List<@Nullable Object>> columns = engine.rows("describe item_sold");
    assertThat(columns).extracting(List::getFirst).contains("event", "user_id", "timestamp");
    assertThat(engine.rows("select column_type from (describe select 1::bigint as a)"))
        .containsExactly(List.of("BIGINT"));
  }

  @Test
  void showTablesAndPivot() throws QueryException {
    assertThat(engine.rows("show tables")).contains(List.of("item_sold"), List.of("ledger"));
    assertThat(engine.rows("unpivot (select 1 as a, 2 as b) on a, b into name k value v"))
        .containsExactly(List.of("a", 1), List.of("b", 2));
    assertThat(engine.failure("pivot events on event using count(*)"))
        .hasMessageContaining("IN ('a', 'b')");
  }
}
