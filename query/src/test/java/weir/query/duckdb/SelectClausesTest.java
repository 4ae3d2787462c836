package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.query.QueryException;
import weir.query.RowLimit;

/**
 * Every clause of SELECT, wherever the events lie, with and without a limited key, beside tables of
 * the engine alone that hold the same rows.
 */
class SelectClausesTest {
  private static final List<String> STATEMENTS =
      List.of(
          "select event_id, p_price from events order by p_price desc nulls last, event_id limit 5",
          "select * exclude (n) from (select event_id, p_price, p_color, 1 as n from events)"
              + " order by event_id limit 50",
          "select event_id, event, actor, p_price, p_color, timestamp from events"
              + " order by event_id desc limit 3 offset 2",
          "select event_id, price from bought order by price, event_id limit 7",
          "select event_id, price, color from bought order by event_id offset 10",
          "select count(*) from (select * from events limit 10)",
          "select count(*) from (select * from events limit 10 offset 55)",
          "select count(*) from (select * from bought offset 3)",
          "select count(*) from (select event_id from events limit 10%)",
          "select count(*) from (select event_id, p_price from events order by p_price limit 10%)",
          "select count(*) from (select * from events using sample 5 rows)",
          "select count(*) from (select * from events using sample reservoir(7 rows))",
          "select count(*) from (select * from bought using sample 100%)",
          "select count(*) from (select event_id from bought using sample 4)",
          "select count(*) from events tablesample reservoir(20)",
          "select count(*), count(p_price), sum(p_price), min(event_id), max(timestamp) from events",
          "select event, count(*) from events where p_price > 3 group by event order by event",
          "select event, p_color, count(*) from events group by all order by all",
          "select event, p_color, avg(p_price) from events group by grouping sets"
              + " ((event), (p_color), ()) order by all",
          "select event, p_color, count(*) from events group by rollup (event, p_color) order by all",
          "select event, p_color, count(*) from events group by cube (event, p_color) order by all",
          "select actor, count(*) as n from events group by actor having n > 2 order by n, actor",
          "select distinct event, p_color from events order by all",
          "select distinct on (actor) actor, event_id from events order by actor, event_id desc",
          "select event_id, actor from events qualify row_number() over (partition by actor"
              + " order by event_id) = 1 order by all",
          "select event_id, lag(p_price) over w, sum(p_price) over w, rank() over w from events"
              + " window w as (partition by actor order by event_id) order by event_id",
          "select event_id, count(*) over (partition by event order by event_id rows between 2"
              + " preceding and current row) from events order by event_id limit 20",
          "select a.event_id, b.event_id from events a join bought b on a.actor = b.actor and"
              + " a.event_id < b.event_id order by all limit 10",
          "select a.event_id, b.price from events a left join bought b using (event_id)"
              + " order by all limit 10",
          "select count(*) from events a full join bought b on a.event_id = b.actor",
          "select count(*) from events a semi join bought b using (actor)",
          "select count(*) from events a anti join bought b using (event_id)",
          "select count(*) from events, bought",
          "select count(*) from events a positional join bought b",
          "select a.event_id, b.event_id from bought a asof join events b on a.actor = b.actor and"
              + " a.timestamp > b.timestamp order by all limit 10",
          "with c as (select actor, max(p_price) m from events group by 1) select event_id from"
              + " events e join c on e.actor = c.actor and e.p_price = c.m order by 1 limit 9",
          "with c as materialized (select * from events order by event_id limit 9)"
              + " select count(*), max(event_id) from c",
          "with recursive r(n) as (select 1 union all select n + 1 from r where n <"
              + " (select count(*) from bought)) select max(n) from r",
          "select event_id from events union select event_id from bought order by 1 limit 5",
          "select event_id from events union all select event_id from bought order by 1 limit 5",
          "select event_id from events except select event_id from bought order by 1 limit 5",
          "select event_id from events intersect select event_id from bought order by 1 limit 5",
          "(select event_id from events order by 1 limit 2) union all"
              + " (select event_id from bought order by 1 desc limit 2) order by 1",
          "select e.event_id, l.n from events e, lateral (select count(*) n from bought b"
              + " where b.actor = e.actor) l order by all limit 8",
          "select event_id, unnest([1, 2]) as u from bought order by all limit 6",
          "select event_id, x from bought, unnest([price, 0]) t(x) order by all limit 6",
          "select event_id, p_price from events order by all limit 5",
          "select p_color, event_id from events order by all desc nulls first limit 5 offset 1",
          "select event_id from events where p_price = (select max(p_price) from events) order by 1",
          "select event_id from events where actor in (select actor from bought where price > 5)"
              + " order by 1 limit 5",
          "select event_id from events e where exists (select 1 from bought b where b.actor ="
              + " e.actor and b.price > e.p_price) order by 1 limit 5",
          "select (select event_id from events order by timestamp desc limit 1)",
          "select string_agg(event_id order by event_id desc) from (select event_id from events"
              + " order by event_id limit 4)",
          "select count(*) filter (where p_price > 4), sum(distinct p_price) from events",
          "select arg_max(event_id, timestamp), first(event_id order by event_id) from events",
          "from events select event_id order by event_id limit 2",
          "select person_id, event_id from events order by event_id limit 4",
          "select person_id, price from bought order by event_id desc limit 4",
          "select columns('^p_(price|color)$') from events order by event_id limit 3",
          "select case when p_price > 3 then 'dear' else 'cheap' end c, count(*) from events"
              + " group by c order by c",
          "select event_id from events where p_color is null order by event_id limit 1",
          "select event_id, p_price from events where false order by event_id limit 3",
          "select event_id from events limit 0");

  private static final Optional<RowLimit> LIMITED = Optional.of(RowLimit.parse("color", "\"red\""));

  private static final List<String> COLUMNS =
      List.of("event", "event_id", "actor", "timestamp", "p_price", "p_color");

  @TempDir Path dir;

  private enum Place {
    NOWHERE(0, 0),
    MEMORY(0, 60),
    SEVERAL_TABLES_IN_MEMORY(0, 130),
    LAKE(60, 0),
    BOTH(40, 30);

    private final int inLake;
    private final int inMemory;

    Place(int inLake, int inMemory) {
      this.inLake = inLake;
      this.inMemory = inMemory;
    }
  }

  private record Row(CleanEvent event, Map<String, Object> properties) {}

  private static Row row(TestProject project, int number) {
    Map<String, Object> properties = new TreeMap<>();
    if (number % 4 > 0) {
      properties.put("p_price", number % 9 * 0.75);
    }
    if (number % 5 > 0) {
      properties.put("p_color", number % 3 == 0 ? "blue" : "red");
    }
    CleanEvent event =
        CleanEvent.builder()
            .set(EventColumn.EVENT, number % 3 == 1 ? "Viewed" : "Bought")
            .set(EventColumn.EVENT_ID, String.format(Locale.ROOT, "id-%03d", number))
            .set(EventColumn.ACTOR, "u" + number % 7)
            .set(EventColumn.TIMESTAMP, project.origin().receivedAt())
            .properties(properties)
            .build(project.origin());
    return new Row(event, properties);
  }

  @ParameterizedTest
  @EnumSource
  void eachClauseMeansWhatItMeansInTheEngine(Place place) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (TestProject project = new TestProject(dir)) {
      for (int i = 0; i < place.inLake + place.inMemory; i++) {
        Row row = row(project, i);
        rows.add(row);
        project.send(row.event());
        if (i == place.inLake - 1) {
          project.commit();
        }
      }
      project.awaitAll();
      compare(place, project, rows, Optional.empty());
      rows.removeIf(row -> !"red".equals(row.properties().get("p_color")));
      compare(place, project, rows, LIMITED);
    }
  }

  private static void compare(
      Place place, TestProject project, List<Row> rows, Optional<RowLimit> limit)
      throws SQLException, QueryException {
    Map<String, String> wrong = new HashMap<>();
    try (Connection plain = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = plain.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      fill(plain, statement, rows);
      for (String sql : STATEMENTS) {
        if (place == Place.NOWHERE && (sql.contains("bought") || sql.contains("p_"))) {
          continue; // there is no such view, nor column, yet
        }
        List<List<@Nullable Object>> expected = rows(statement, sql);
        try {
          List<List<@Nullable Object>> found = project.rows(limit, sql);
          if (!found.equals(expected)) {
            wrong.put(sql, found + " is not " + expected);
          }
        } catch (QueryException e) {
          wrong.put(sql, e.error() + " " + e.getMessage());
        }
      }
    }
    assertThat(wrong).as("%s, %s", place, limit).isEmpty();
  }

  private static void fill(Connection plain, Statement statement, List<Row> rows)
      throws SQLException {
    statement.execute(
        "CREATE TABLE events (event VARCHAR, event_id VARCHAR, actor VARCHAR, timestamp"
            + " TIMESTAMPTZ, p_color VARCHAR, p_price DOUBLE, person_id VARCHAR)");
    try (PreparedStatement insert =
        plain.prepareStatement(
            "INSERT INTO events (%s, person_id) VALUES (?, ?, ?, make_timestamptz(?::bigint), ?, ?, ?)"
                .formatted(String.join(", ", COLUMNS)))) {
      for (Row row : rows) {
        CleanEvent event = row.event();
        insert.setObject(1, event.event());
        insert.setObject(2, event.eventId());
        insert.setObject(3, event.string(EventColumn.ACTOR));
        insert.setObject(4, event.timestamp());
        insert.setObject(5, row.properties().get("p_price"));
        insert.setObject(6, row.properties().get("p_color"));
        insert.setObject(7, event.string(EventColumn.ACTOR));
        insert.execute();
      }
    }
    statement.execute(
        "CREATE VIEW bought AS SELECT event, event_id, actor, timestamp, p_price AS price, p_color"
            + " AS color, person_id FROM events WHERE event = 'Bought'");
  }

  private static List<List<@Nullable Object>> rows(Statement statement, String sql)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(value instanceof OffsetDateTime time ? time.toInstant() : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
