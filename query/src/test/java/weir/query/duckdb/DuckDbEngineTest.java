package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.query.Access;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.QueryStats;
import weir.query.sql.SqlPlace;

class DuckDbEngineTest {
  private static final String AT =
      ", timestamptz '2020-01-01 00:00:00Z' AS timestamp, timestamptz '2020-01-01 00:00:01Z' AS"
          + " received_at";

  @TempDir Path dir;
  private TestEngine engine;
  private TestLake lake;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
    lake = engine.lake();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void tablesWithoutFilesAreEmptyAndTyped() throws QueryException {
    assertThat(engine.rows("select * from events")).isEmpty();
    assertThat(engine.rows("select event, reason from bad_events")).isEmpty();
    assertThat(engine.value("select count(*) from events where value > 1.5")).isEqualTo(0L);
  }

  @Test
  void oldFilesHaveNullInColumnsThatCameLater() throws QueryException {
    lake.events("SELECT 'a' AS event, 'u1' AS user_id" + AT);
    assertThat(engine.value("select count(*) from events")).isEqualTo(1L);
    lake.property("price", ColumnType.DOUBLE);
    lake.events("SELECT 'a' AS event, 'u2' AS user_id, 9.5::double AS p_price" + AT);
    assertThat(engine.rows("select user_id, p_price from events order by all"))
        .containsExactly(Arrays.asList("u1", null), List.of("u2", 9.5));
    assertThat(engine.rows("select user_id, price from a order by all"))
        .containsExactly(Arrays.asList("u1", null), List.of("u2", 9.5));
  }

  @Test
  void eachEventHasAViewWithItsOwnProperties() throws QueryException {
    lake.property("price", ColumnType.DOUBLE)
        .property("colour", ColumnType.STRING)
        .property("currency", ColumnType.STRING);
    lake.events(
        "SELECT 'Product Viewed' AS event, 2.0::double AS p_price, NULL::varchar AS p_colour, 'EUR'"
            + " AS p_currency"
            + AT
            + " UNION ALL SELECT 'Signed Up', NULL, 'red', NULL"
            + ", timestamptz '2020-01-02 00:00:00Z', timestamptz '2020-01-02 00:00:00Z'");
    lake.events("SELECT 'productViewed' AS event, 3.0::double AS p_price" + AT);
    assertThat(engine.rows("select price from product_viewed order by 1"))
        .containsExactly(List.of(2.0), List.of(3.0));
    assertThat(engine.value("select colour from signed_up")).isEqualTo("red");
    assertThat(engine.failure("select colour from product_viewed").error())
        .isEqualTo(QueryError.INVALID_SQL);
    assertThat(engine.rows("select p_currency, currency from product_viewed order by all"))
        .containsExactly(Arrays.asList("EUR", null), Arrays.asList(null, null));
  }

  /** What lies beside the files says which columns an event has: years of files are not read. */
  @Test
  void theColumnsOfAnEventAreKnownWithoutReadingItsFiles() throws Exception {
    lake.property("price", ColumnType.DOUBLE).property("colour", ColumnType.STRING);
    lake.nothingLiesInJson();
    List<Path> files = new ArrayList<>();
    for (String colour : List.of("'red'", "NULL")) {
      files.add(
          lake.events(
              "SELECT 'a' AS event, 2.0::double AS p_price, NULL::varchar AS p_colour"
                  + AT
                  + " UNION ALL SELECT 'b', NULL, "
                  + colour
                  + ", timestamptz '2020-01-02 00:00:00Z', timestamptz '2020-01-02 00:00:00Z'"));
    }
    lake.sidecars();
    for (Path file : files) {
      Files.write(file, new byte[(int) Files.size(file)]);
    }
    assertThat(columns("a")).contains("price").doesNotContain("colour");
    assertThat(columns("b")).contains("colour").doesNotContain("price");
  }

  private List<String> columns(String table) throws QueryException {
    return engine.rows("describe " + table).stream()
        .map(row -> String.valueOf(row.getFirst()))
        .toList();
  }

  /** Views have the columns alone that a statement may see; nobody notices. */
  @Test
  void columnsThatAreNotNamedAreThereAllTheSame() throws QueryException {
    lake.property("price", ColumnType.DOUBLE);
    lake.events("SELECT 'a' AS event, 'u1' AS actor, 9.5::double AS p_price" + AT);
    int columns = EventColumn.values().length + 2;
    assertThat(engine.rows("select * from events").getFirst()).hasSize(columns);
    assertThat(engine.rows("from events").getFirst()).hasSize(columns);
    assertThat(engine.rows("table events").getFirst()).hasSize(columns);
    assertThat(engine.rows("select e.* from events e, a").getFirst()).hasSize(columns);
    assertThat((Map<?, ?>) engine.value("select e from events e")).hasSize(columns);
    assertThat((Map<?, ?>) engine.value("select events from events")).hasSize(columns);
    assertThat(engine.rows("select columns('^p_.*') from events").getFirst()).containsExactly(9.5);
    // columns that are null on both sides do not join
    assertThat(engine.value("select count(*) from events natural join a")).isEqualTo(0L);
    assertThat(engine.value("select x from events e(x, y)")).isEqualTo("a");
    assertThat(engine.value("select \"P_Price\" from events")).isEqualTo(9.5);
    assertThat(engine.value("select EVENTS.ACTOR from events")).isEqualTo("u1");
    assertThat(engine.value("select count(*) from events")).isEqualTo(1L);
    assertThat(engine.value("select count(*) from a join events using (actor)")).isEqualTo(1L);
    assertThat(engine.value("select person_id from events")).isEqualTo("u1");
    assertThat(engine.failure("select p_prise from events")).hasMessageContaining("p_price");
    assertThat(engine.failure("select prise from a")).hasMessageContaining("price");
  }

  @Test
  void takenNamesGetASuffix() throws QueryException {
    lake.events(
        "SELECT unnest(['events', 'Order', 'ledger', 'sqlite_master', '1st', '!?']) AS event" + AT);
    for (String view :
        List.of(
            "events_event",
            "order_event",
            "ledger_event",
            "sqlite_master_event",
            "_1st",
            "event")) {
      assertThat(engine.value("select count(*) from " + view)).as(view).isEqualTo(1L);
    }
    assertThat(engine.value("select count(*) from events")).isEqualTo(6L);
  }

  @Test
  void propertiesAreJson() throws QueryException {
    lake.events("SELECT 'a' AS event, '{\"x\":{\"y\":[1,2]},\"s\":\"t\"}' AS properties" + AT);
    assertThat(
            engine.rows(
                "select properties->>'$.s', properties->'$.x.y', (properties->>'$.x.y[1]')::int from"
                    + " a"))
        .containsExactly(List.of("t", "[1,2]", 2));
  }

  @Test
  void systemTablesAreReadWhenNamed() throws QueryException {
    assertThat(engine.rows("select minute, source, accepted, dropped from ledger order by 1"))
        .containsExactly(
            List.of(Instant.parse("2020-01-01T00:00:00Z"), "shop", 12L, "{}"),
            Arrays.asList(Instant.parse("2020-01-01T00:01:00Z"), "web", 5L, null));
  }

  @Test
  void badEventsAreThere() throws QueryException {
    lake.badEvents(
        "SELECT 'x' AS event, 'validate' AS stage, 'too_old' AS reason, '{}' AS payload,"
            + " timestamptz '2020-01-01 00:00:00Z' AS received_at");
    assertThat(engine.rows("select reason, payload from bad_events"))
        .containsExactly(List.of("too_old", "{}"));
  }

  @Test
  void statsSayWhatWasReadAndHowFreshItIs() throws QueryException {
    lake.events("SELECT 'a' AS event" + AT);
    Path second =
        lake.events(
            "SELECT 'b' AS event, timestamptz '2019-01-01 00:00:00Z' AS timestamp, timestamptz"
                + " '2021-01-01 00:00:00Z' AS received_at");
    QueryStats all = stats("select count(*) from events");
    assertThat(all.files()).isEqualTo(2);
    assertThat(all.freshTo()).contains(Instant.parse("2021-01-01T00:00:00Z"));
    QueryStats one = stats("select count(*) from b");
    assertThat(one.files()).isEqualTo(1);
    assertThat(one.bytesScanned()).isEqualTo(second.toFile().length());
    assertThat(stats("select 1")).isEqualTo(QueryStats.NONE);
  }

  private QueryStats stats(String sql) throws QueryException {
    return engine.on(() -> {
      try (QueryRows rows =
          engine
              .engine()
              .run(new Query(Access.to(TestLake.PROJECT), sql, List.of()), TestEngine.deadline())) {
        return rows.stats();
      }
    });
  }

  @Test
  void aQueryDoesNotSeeWhatComesAfterItsStart() throws QueryException {
    lake.events("SELECT 'a' AS event FROM range(5000)".replace(" FROM", AT + " FROM"));
    long seen =
        engine.on(() -> {
          long count = 0;
          try (QueryRows rows =
              engine
                  .engine()
                  .run(
                      new Query(Access.to(TestLake.PROJECT), "select event from events", List.of()),
                      TestEngine.deadline())) {
            while (rows.next()) {
              if (count++ == 10) {
                lake.property("later", ColumnType.STRING);
                lake.events("SELECT 'a' AS event, 'x' AS p_later" + AT);
              }
            }
          }
          return count;
        });
    assertThat(seen).isEqualTo(5000);
    assertThat(engine.value("select count(*) from events")).isEqualTo(5001L);
  }

  @Test
  void parametersTakeTheirPlaces() throws QueryException {
    assertThat(engine.rows("select ? || 'x', ? + 1, ?, ? is null, ?", "a", 2L, 1.5, null, true))
        .containsExactly(List.of("ax", 3L, 1.5, true, true));
    assertThat(engine.failure("select ?").error()).isEqualTo(QueryError.INVALID_SQL);
    assertThat(engine.failure("select 1", 2L).error()).isEqualTo(QueryError.INVALID_SQL);
  }

  @Test
  void errorsHaveAPlace() {
    assertThat(engine.failure("select 1\n  frm x y").place()).contains(new SqlPlace(2, 7));
    assertThat(engine.failure("/* é */ select\n'ü', nosuch").place()).contains(new SqlPlace(2, 6));
    assertThat(engine.failure("select 'x'::int")).hasMessageContaining("'x'");
    assertThat(engine.failure("\n select 'x'::int").place()).contains(new SqlPlace(2, 12));
    assertThat(engine.failure("select 'x'::int").error()).isEqualTo(QueryError.INVALID_SQL);
    QueryException unknown = engine.failure("select * from\n nosuch");
    assertThat(unknown)
        .hasMessageContaining("events, sessions, users, items, identities, bad_events");
    assertThat(unknown.place()).contains(new SqlPlace(2, 2));
  }

  @Test
  void sessionsOfThirtyMinutesAreAWindowFunction() throws QueryException {
    lake.events(
        """
        SELECT 'x' AS event, actor, timestamp, timestamp AS received_at FROM (
          SELECT 'u' || (i % 7) AS actor,
            timestamptz '2020-01-01 00:00:00Z' + to_minutes(((i // 7) * 11 + (i // 35) * 25)::int)
              AS timestamp FROM range(700) r(i))\
        """);
    String sessions =
        """
        with marked as (
          select actor, timestamp,
            coalesce(timestamp - lag(timestamp) over w > interval 30 minutes, true) as starts
          from events window w as (partition by actor order by timestamp)),
        numbered as (
          select *, sum(starts::int) over (partition by actor order by timestamp) as session
          from marked)
        select count(distinct (actor, session)) from numbered\
        """;
    assertThat(engine.value(sessions)).isEqualTo(7L * 20);
  }

  @Test
  void timesAreInUtc() throws QueryException {
    assertThat(engine.value("select timestamptz '2020-07-01 12:00:00+02'"))
        .isEqualTo(Instant.parse("2020-07-01T10:00:00Z"));
    assertThat(engine.value("select strftime(timestamptz '2020-07-01 12:00:00+02', '%H')"))
        .isEqualTo("10");
    assertThat(
            engine.value(
                "select date_trunc('day', timestamptz '2020-07-01 23:00:00Z' at time zone"
                    + " 'Europe/Berlin')::varchar"))
        .isEqualTo("2020-07-02 00:00:00");
  }

  @Test
  void bytesScannedHaveAPrice() {
    QueryStats stats = new QueryStats(2_500_000_000L, 3, Optional.empty(), Optional.empty());
    assertThat(stats.at(new BigDecimal("5.00")).cost()).contains(new BigDecimal("0.0125"));
    assertThat(stats.at(BigDecimal.ZERO).cost()).isEmpty();
  }

  @Test
  void resultsAreExportedAsParquet() throws QueryException, IOException {
    lake.events("SELECT 'a' AS event FROM range(10)".replace(" FROM", AT + " FROM"));
    Path file = engine.engine().folder(TestLake.PROJECT).resolve("out.parquet");
    engine.on(() ->
        engine
            .engine()
            .writeParquet(
                new Query(
                    Access.to(TestLake.PROJECT),
                    "select event, ?::int as n from events where event = ? -- all\n;",
                    List.of(3L, "a")),
                TestEngine.deadline(),
                file));
    assertThat(Files.size(file)).isPositive();
    assertThat(new String(Files.readAllBytes(file), 0, 4, java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("PAR1");
  }

  @Test
  void instancesOfIdleProjectsAreClosed() throws QueryException {
    for (int i = 0; i < 5; i++) {
      Query query = new Query(Access.to("other" + i), "select count(*) from events", List.of());
      long count =
          engine.on(() -> {
            try (QueryRows rows = engine.engine().run(query, TestEngine.deadline())) {
              rows.next();
              return (long) java.util.Objects.requireNonNull(rows.value(0));
            }
          });
      assertThat(count).isZero();
    }
  }
}
