package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.postgres.PostgresCatalog;
import weir.query.sql.SqlPlace;

/** The catalog that clients of PostgreSQL see, made by a real engine. */
class PostgresTablesTest {
  @TempDir Path dir;
  private TestEngine engine;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(dir);
    engine
        .lake()
        .events(
            "SELECT 'Item Sold' AS event, 'u' AS user_id, timestamptz '2020-01-01 00:00:00Z' AS"
                + " timestamp, timestamptz '2026-01-01 00:00:00Z' AS received_at");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private List<List<@Nullable Object>> rows(String sql, boolean postgres) throws QueryException {
    return engine.on(() -> {
      Query query = new Query(Access.to(TestLake.PROJECT), sql, List.of(), postgres);
      try (QueryRows rows = engine.engine().run(query, TestEngine.deadline())) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        while (rows.next()) {
          List<@Nullable Object> row = new ArrayList<>();
          for (int i = 0; i < rows.columns().size(); i++) {
            row.add(rows.value(i));
          }
          all.add(row);
        }
        return all;
      }
    });
  }

  private QueryError failure(String sql, boolean postgres) {
    try {
      throw new AssertionError(sql + " gave " + rows(sql, postgres));
    } catch (QueryException e) {
      return e.error();
    }
  }

  @Test
  void holdsTheTablesOfTheProjectAndNothingElse() throws QueryException {
    assertThat(rows("select relname from pg_class order by 1", true))
        .containsExactly(
            List.of("bad_events"),
            List.of("events"),
            List.of("identities"),
            List.of("item_sold"),
            List.of("items"),
            List.of("ledger"),
            List.of("sessions"),
            List.of("users"));
    assertThat(rows("select distinct attrelid from pg_attribute", true)).hasSize(8);
    assertThat(rows("select datname from pg_database", true))
        .containsExactly(List.of(TestLake.PROJECT));
  }

  /** Views that have the same columns share what is kept of them; each has its own all the same. */
  @Test
  void manyNamesHaveTheirOwnColumns() throws Exception {
    String some =
        "case when i % 3 = 0 then 1.0::double end AS p_a, case when i % 2 = 0 then 'x' end AS p_b,"
            + " case when i = 77 then true end AS p_c";
    engine
        .lake()
        .property("a", ColumnType.DOUBLE)
        .property("b", ColumnType.STRING)
        .property("c", ColumnType.BOOLEAN)
        .events(
            "SELECT 'name ' || i AS event, timestamptz '2020-01-01 00:00:00Z' AS timestamp,"
                + " timestamptz '2026-01-01 00:00:00Z' AS received_at, "
                + some
                + " FROM range(2000) r(i)");
    engine
        .lake()
        .events(
            "SELECT 'name ' || i AS event, timestamptz '2020-01-01 00:00:00Z' AS timestamp,"
                + " timestamptz '2026-01-01 00:00:00Z' AS received_at, 2.0::double AS p_a"
                + " FROM range(5) r(i)");
    for (int i : new int[] {0, 1, 2, 4, 6, 7, 9, 77, 1999}) {
      Set<String> properties = new TreeSet<>();
      for (List<@Nullable Object> row :
          rows(
              "select attname from pg_attribute a join pg_class c on c.oid = attrelid"
                  + " where relname = 'name_"
                  + i
                  + "' and attname in ('a', 'b', 'c')",
              true)) {
        properties.add(String.valueOf(row.getFirst()));
      }
      Set<String> expected = new TreeSet<>();
      if (i % 3 == 0 || i < 5) {
        expected.add("a");
      }
      if (i % 2 == 0) {
        expected.add("b");
      }
      if (i == 77) {
        expected.add("c");
      }
      assertThat(properties).as("name " + i).isEqualTo(expected);
    }
    assertThat(
            rows(
                "select relname from pg_class where relnatts <>"
                    + " (select count(*) from pg_attribute where attrelid = pg_class.oid)",
                true))
        .isEmpty();
    assertThat(rows("select count(*) from pg_class where relname like 'name%'", true))
        .containsExactly(List.of(2_000L));
  }

  @Test
  void everyTableOfItCanBeRead() throws QueryException {
    assertThat(PostgresCatalog.views()).hasSizeGreaterThan(50);
    for (String view : PostgresCatalog.views()) {
      assertThat(rows("select * from " + view, true)).as(view).isNotNull();
    }
  }

  @Test
  void aTypeOfEachColumnIsOneOfItsTypes() throws QueryException {
    assertThat(
            rows(
                "select a.attname from pg_attribute a left join pg_type t on t.oid = a.atttypid"
                    + " where t.oid is null",
                true))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select table_name from information_schema.tables order by 1",
        "from INFORMATION_SCHEMA . \"tables\" t select table_name order by all",
        "/* ü */ select distinct c.table_name from \"information_schema\".\"COLUMNS\" c order by 1",
        "select table_name from (with t as (from information_schema.tables) from t"
            + " semi join information_schema.columns using (table_name)) order by 1",
        "with tables as (select 1) select table_name from information_schema.tables order by 1"
      })
  void theInformationSchemaIsThereInSql(String sql) throws QueryException {
    assertThat(rows(sql, false)).isEqualTo(rows("select relname from pg_class order by 1", true));
  }

  @Test
  void theInformationSchemaHasTheColumnsOfEachTable() throws QueryException {
    for (List<Object> table :
        (List<List<Object>>)
            (List<?>) rows("select table_name from information_schema.tables", false)) {
      String name = String.valueOf(table.getFirst());
      assertThat(
              rows(
                  "select column_name from information_schema.columns where table_name = '"
                      + name
                      + "' order by ordinal_position",
                  false))
          .as(name)
          .containsExactlyInAnyOrderElementsOf(columns(name));
    }
    assertThat(
            rows(
                "select data_type from information_schema.columns where table_name = 'events'"
                    + " and column_name in ('event', 'timestamp', 'value') order by 1",
                false))
        .containsExactly(
            List.of("double precision"), List.of("text"), List.of("timestamp with time zone"));
  }

  private List<List<@Nullable Object>> columns(String table) throws QueryException {
    return engine.on(() -> {
      Query query = new Query(Access.to(TestLake.PROJECT), "select * from " + table, List.of());
      try (QueryRows rows = engine.engine().run(query, TestEngine.deadline())) {
        List<List<@Nullable Object>> names = new ArrayList<>();
        rows.columns().forEach(column -> names.add(List.of(column.name())));
        return names;
      }
    });
  }

  @Test
  void otherNamesOfTheInformationSchemaAreRefused() throws QueryException {
    for (String sql :
        List.of(
            "select * from information_schema/**/.tables",
            "select * from \"information_schema.tables\"",
            "select * from memory.information_schema.tables",
            "select * from information_schema.tables at (version => 1)",
            "select * from information_schema.schemata")) {
      assertThat(failure(sql, false)).as(sql).isIn(QueryError.INVALID_SQL, QueryError.NOT_ALLOWED);
    }
    try {
      throw new AssertionError(rows("select 'ü', x from information_schema.columns", false));
    } catch (QueryException e) {
      assertThat(e.place()).contains(new SqlPlace(1, 13));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from pg_class",
        "select current_setting('memory_limit')",
        "select set_config('a', 'b', true)",
        "select * from information_schema_tables"
      })
  void isThereForItsClientsAlone(String sql) {
    assertThat(failure(sql, false)).isIn(QueryError.INVALID_SQL, QueryError.NOT_ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from weir_relations",
        "select * from weir_shapes",
        "select * from duckdb_tables()",
        "select * from duckdb_settings",
        "select * from temp.main.pg_class",
        "select * from pg_catalog.pg_class",
        "select * from read_text('/etc/passwd')",
        "select getenv('HOME')",
        "with t as (copy (select 1) to '/tmp/x') select 1"
      })
  void opensNothingElse(String sql) {
    assertThat(failure(sql, true)).isIn(QueryError.INVALID_SQL, QueryError.NOT_ALLOWED);
  }

  @Test
  void everyZoneOfJavaIsOneOfTheEngine() throws QueryException {
    for (String zone : java.time.ZoneId.getAvailableZoneIds()) {
      if (zone.startsWith("SystemV/")) {
        continue;
      }
      engine.on(() -> {
        Query query =
            new Query(
                Access.to(TestLake.PROJECT),
                "select 1",
                List.of(),
                true,
                Optional.empty(),
                Map.of("timezone", zone));
        try (QueryRows rows = engine.engine().run(query, TestEngine.deadline())) {
          assertThat(rows.next()).as(zone).isTrue();
        }
        return zone;
      });
    }
  }

  @Test
  void settingsOfTheEngineStayHidden() throws QueryException {
    assertThat(failure("select current_setting('memory_limit')", true))
        .isEqualTo(QueryError.INVALID_SQL);
    List<@Nullable Object> row = new ArrayList<>();
    row.add(null);
    assertThat(rows("select current_setting('memory_limit', true)", true)).containsExactly(row);
  }
}
