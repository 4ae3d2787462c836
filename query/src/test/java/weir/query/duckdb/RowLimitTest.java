package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.RowLimit;
import weir.query.insight.Insights;

/**
 * Who may see the rows of one restaurant alone finds a project that holds no others: each statement
 * is compared with an engine that has those rows only.
 */
class RowLimitTest {
  private static final RowLimit LIMIT = RowLimit.parse("restaurant_id", "17");
  private static final Access LIMITED = Access.to(TestLake.PROJECT).limitedTo(LIMIT);
  private static final Instant NOW = Instant.parse("2026-03-20T00:00:00Z");

  private static final List<String> STATEMENTS =
      List.of(
          "select count(*) from events",
          "select event, count(*), count(distinct user_id), count(distinct person_id) from events"
              + " group by all order by all",
          "select * exclude (restaurant) from (select *, 1 as restaurant from events)"
              + " order by event_id",
          "select person_id, actor from events order by event_id",
          "select * from sessions order by person_id, session",
          "select * from users order by person_id",
          "select * from identities order by actor",
          "select * from order_event order by event_id",
          "select sku, person_id from product_viewed order by event_id",
          "select count(*) from product_viewed v join order_event o using (person_id)",
          "with events as (select 1 as x) select x from events",
          "with e as (select * from events) select count(*) from e a, e b",
          "select (select count(*) from events), (select max(user_id) from events)",
          "select user_id from events where cast(replace(user_id, 'u', '') as int) > 0 order by all",
          "select round(sum(1 / cast(replace(coalesce(user_id, 'u1'), 'u', '') as int)), 6) from events",
          "select event from events group by event having count(*) > 1 order by all",
          "select count(*) from events e, lateral (select count(*) c from events f"
              + " where f.user_id = e.user_id) where c > 1",
          "select user_id, count(*) over (partition by event) from events order by event_id",
          "select approx_count_distinct(user_id) from events",
          "select count(*) from events where p_restaurant_id <> 17 or p_restaurant_id is null",
          "from events select count(*) filter (where event = 'Order')",
          "select min(user_id), max(p_restaurant_id), min(timestamp), max(received_at) from events");

  private static final List<Map.Entry<String, String>> QUESTIONS =
      List.of(
          Map.entry("trend", "{\"measure\":\"persons\",\"breakdown\":\"sku\"}"),
          Map.entry("trend", "{\"events\":[\"Order\"],\"measure\":\"total\"}"),
          Map.entry("funnel", "{\"steps\":[{\"event\":\"Product Viewed\"},{\"event\":\"Order\"}]}"),
          Map.entry("retention", "{\"period\":\"day\"}"),
          Map.entry("path", "{\"by\":\"person\"}"),
          Map.entry("sessions", "{\"persons\":{}}"));

  @TempDir Path dir;

  private record Row(String restaurant, boolean inColumn, String select) {}

  /**
   * Events of several restaurants, some with the id where another type is expected, some without.
   */
  private static List<Row> some(Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String restaurant = List.of("17", "17", "170", "1.7", "18", "").get(random.nextInt(6));
      boolean inColumn = random.nextInt(3) > 0;
      String event = List.of("Product Viewed", "Order", "identified").get(random.nextInt(3));
      // users of other restaurants have ids that are no numbers, or 0
      String user =
          restaurant.equals("17")
              ? "u" + (1 + random.nextInt(4))
              : List.of("u0", "ux" + random.nextInt(4), "u2").get(random.nextInt(3));
      String anonymous = "a" + random.nextInt(5);
      boolean known = event.equals("identified") || random.nextBoolean();
      boolean column = inColumn && !restaurant.isEmpty();
      String json =
          restaurant.isEmpty() || column
              ? "NULL"
              : "'{\"restaurant_id\":%s}'"
                  .formatted(random.nextBoolean() ? restaurant : "\"" + restaurant + "\"");
      rows.add(
          new Row(
              restaurant,
              column,
              "SELECT '%s' AS event, 'e%02d' AS event_id, '%s' AS kind, TIMESTAMPTZ '2026-03-0%d 1%d:00:%02d.%02d+00' AS timestamp, TIMESTAMPTZ '2026-03-10 00:00:00+00' AS received_at, %s AS user_id, '%s' AS anonymous_id, '%s' AS actor, %s::VARCHAR AS properties, '%020d' AS _raw_position, %s::DOUBLE AS p_restaurant_id, 's%d' AS p_sku"
                  .formatted(
                      event,
                      i,
                      event.equals("identified") ? "identify" : "track",
                      1 + random.nextInt(5),
                      random.nextInt(3),
                      random.nextInt(60),
                      i,
                      known ? "'" + user + "'" : "NULL::VARCHAR",
                      anonymous,
                      known ? user : anonymous,
                      json,
                      i,
                      column ? restaurant : "NULL",
                      random.nextInt(3))));
    }
    return rows;
  }

  private static TestEngine engine(Path dir, List<Row> rows) throws Exception {
    TestEngine engine = new TestEngine(dir);
    engine.lake().property("restaurant_id", ColumnType.DOUBLE).property("sku", ColumnType.STRING);
    int half = rows.size() / 2;
    for (List<Row> part : List.of(rows.subList(0, half), rows.subList(half, rows.size()))) {
      if (!part.isEmpty()) {
        engine
            .lake()
            .events(part.stream().map(Row::select).collect(Collectors.joining(" UNION ALL ")));
      }
    }
    return engine;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theOtherRowsAreAsIfTheyWereNot(long seed) throws Exception {
    List<Row> all = some(new Random(seed));
    List<Row> own = all.stream().filter(row -> row.restaurant().equals("17")).toList();
    try (TestEngine shared = engine(dir.resolve("shared"), all);
        TestEngine alone = engine(dir.resolve("alone"), own)) {
      for (String sql : STATEMENTS) {
        assertThat(shared.rows(LIMITED, sql)).as(sql).isEqualTo(alone.rows(sql));
      }
      for (Map.Entry<String, String> question : QUESTIONS) {
        assertThat(answer(shared, LIMITED, question))
            .as(question.toString())
            .isEqualTo(answer(alone, Access.to(TestLake.PROJECT), question));
      }
      assertThat(shared.value("select count(*) from events")).isEqualTo(60L);
    }
  }

  private static String answer(TestEngine engine, Access access, Map.Entry<String, String> question)
      throws Exception {
    Insights insights = new Insights(engine.engine(), InstantSource.fixed(NOW));
    byte[] body = question.getValue().getBytes(StandardCharsets.UTF_8);
    byte[] answer =
        engine.on(() -> insights.answer(question.getKey(), access, body, TestEngine.deadline()));
    return new String(answer, StandardCharsets.UTF_8).replaceFirst(",\"stats\":.*", "");
  }

  @Test
  void tablesWithoutThePropertyAreRefused() throws Exception {
    try (TestEngine engine = engine(dir, some(new Random(5)))) {
      for (String table : List.of("bad_events", "ledger")) {
        assertThatThrownBy(() -> engine.rows(LIMITED, "select * from " + table))
            .isInstanceOfSatisfying(
                QueryException.class, e -> assertThat(e.error()).isEqualTo(QueryError.NOT_ALLOWED))
            .hasMessageContaining("limited");
      }
      assertThatThrownBy(() -> engine.rows(LIMITED, "select * from nothing"))
          .hasMessageContaining("there is no table nothing; tables: events, sessions,");
      assertThatThrownBy(() -> engine.rows(LIMITED, "select * from weir_limited_0"))
          .hasMessageContaining("there is no table");
    }
  }

  @Test
  void valuesAreComparedByTheTypeOfTheColumn() throws Exception {
    try (TestEngine engine = engine(dir, some(new Random(6)))) {
      Access project = Access.to(TestLake.PROJECT);
      for (String property : List.of("sku", "event", "actor")) {
        String column = property.equals("sku") ? "p_sku" : property;
        for (List<Object> value :
            (List<List<Object>>)
                (List<?>) engine.rows("select distinct " + column + " from events")) {
          RowLimit limit = new RowLimit(property, String.valueOf(value.getFirst()));
          assertThat(
                  engine.rows(
                      project.limitedTo(limit), "select distinct " + column + " from events"))
              .isEqualTo(List.of(value));
        }
      }
      for (String none : List.of("timestamp", "missing", "is_bot")) {
        RowLimit limit = new RowLimit(none, "true' or '1' = '1");
        assertThat(engine.rows(project.limitedTo(limit), "select * from events")).isEmpty();
      }
      for (String quoted : List.of("p_sku\" or true or \"", "a'b/c~d")) {
        RowLimit limit = new RowLimit(quoted, "x' or true or '");
        assertThat(engine.rows(project.limitedTo(limit), "select * from events")).isEmpty();
      }
    }
  }

  @Test
  void aPropertyNamedLikeAColumnCountsWhereTheColumnIsNull() throws Exception {
    try (TestEngine engine = new TestEngine(dir)) {
      String at = "TIMESTAMPTZ '2026-03-01 00:00:00+00'";
      engine
          .lake()
          .property("country", ColumnType.STRING)
          .events(
              "SELECT 'a' AS event, %s AS timestamp, %s AS received_at, NULL::VARCHAR AS country, 'DE' AS p_country UNION ALL SELECT 'b', %s, %s, 'AT', 'DE' UNION ALL SELECT 'c', %s, %s, 'DE', NULL"
                  .formatted(at, at, at, at, at, at));
      Access german = Access.to(TestLake.PROJECT).limitedTo(new RowLimit("country", "DE"));
      assertThat(engine.rows(german, "select event from events order by event"))
          .isEqualTo(List.of(List.of("a"), List.of("c")));
    }
  }

  @Test
  void limitsAreReadFromJson() {
    assertThat(RowLimit.parse("a", "17.0").value()).isEqualTo("17");
    assertThat(RowLimit.parse("a", "1e2").value()).isEqualTo("100");
    assertThat(RowLimit.parse("a", "\"017\"").value()).isEqualTo("017");
    assertThat(RowLimit.parse("a", "true").value()).isEqualTo("true");
    for (String wrong : List.of("null", "[1]", "{}", "", "17 or", "x")) {
      assertThatThrownBy(() -> RowLimit.parse("a", wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
