package weir.query.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlGatewayTest {
  private static Connection connection;

  @BeforeAll
  static void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  private static CheckedSql check(String sql) throws SqlRefusedException, SQLException {
    return SqlGateway.check(
        sql,
        text -> {
          try (PreparedStatement statement =
              connection.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
            statement.setString(1, text);
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return rows.getString(1);
            }
          }
        });
  }

  private static SqlRefusedException refused(String sql) throws SQLException {
    try {
      check(sql);
    } catch (SqlRefusedException e) {
      return e;
    }
    return fail(sql + " was let through");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1;",
        "from events",
        "table events",
        "values (1), (2)",
        "(select 1) limit 3",
        "with a as (select 1 x), b(y) as materialized (select x from a) select y from b, a",
        "with recursive t(a) as (select 1 union all select a + 1 from t where a < 9) from t",
        "select distinct on (a) a, b from events order by a nulls last, b desc limit 10 offset 2",
        "select a, count(*) filter (where b), sum(distinct c) from events group by all"
            + " having count(*) > 1",
        "select * from events group by rollup (a), cube (b), grouping sets ((a, b), ())",
        "select grouping(a) from events group by cube (a)",
        "select row_number() over w, rank() over w, lag(a, 1, 0) over w, first_value(a ignore"
            + " nulls) over (w rows between 1 preceding and current row exclude ties), ntile(4)"
            + " over w, cume_dist() over w, percent_rank() over w, dense_rank() over w, nth_value(a,"
            + " 2) over w, sum(a) over (range between interval 1 day preceding and current row)"
            + " from events window w as (partition by b order by c) qualify rank() over w = 1",
        "select * from events e left join bad_events b using (event) full join events f on e.event"
            + " = f.event natural join events g semi join events h on true anti join events i on"
            + " true asof join events j on e.timestamp >= j.timestamp positional join events k",
        "select * from events e, lateral (select e.event) l, unnest([1, 2]) with ordinality u(v),"
            + " range(3) r(i), generate_series(1, 2), json_each('[1]')",
        "select (select max(x) from range(3) r(x)), exists (select 1), 1 in (select 1), 1 = any"
            + " (select 1), 1 > all (select 0), array(select 1), (1, 2) in (select 1, 2)",
        "select 1 union all by name select 2 except all select 3 intersect select 4 order by all",
        "select [x + 1 for x in [1, 2] if x > 1], list_transform([1], lambda x: x + 1),"
            + " list_filter([1], x -> x > 1), list_reduce([1, 2], lambda x, y: x + y)",
        "select {'a': 1}.a, {'a': 1}['a'], map {'k': 1}['k'], [1, 2, 3][1:2], [1][-1], row(1, 2),"
            + " (1, 2)",
        "select cast('1' as int), try_cast('x' as decimal(10, 2)), '1'::bigint[], {'a':"
            + " 1}::struct(a double), map {1: 2}::map(int, double), '{}'::json, 'a'::varchar(3),"
            + " now()::timestamptz, 'x'::enum('x'), '1'::timestamp with time zone",
        "select timestamp '2020-01-01', date '2020-01-01' + interval 1 month, interval '2' day,"
            + " now() at time zone 'UTC', extract(hour from now()), date_trunc('day', now()),"
            + " strftime(now(), '%Y'), current_date, current_timestamp, today(), epoch_ms(1)",
        "select properties->>'$.x', properties->'$.x', json_extract_string(properties, ['a', 'b']),"
            + " json_array_length(properties) from events",
        "select case when a then 1 when b then 2 else 3 end, case a when 1 then 2 end, coalesce(a,"
            + " b), nullif(a, b), if(a, b, c), a is null, a is not null, a is true, not a, a"
            + " between 1 and 2, a not in (1, 2), a is distinct from b, ifnull(a, b) from events",
        "select a like 'x%', a ilike 'x', a not like 'x' escape '!', a similar to 'x', a ~ 'x', a"
            + " !~ 'x', a glob 'x*', a || 'b', a ** 2, a // 2, a % 2, -a, ~a, a & 1, a | 1, a << 1,"
            + " a ^ 2 from events",
        "select substring(a from 1 for 2), position('a' in b), trim(both 'x' from a), overlay(a"
            + " placing 'b' from 1), 'a' collate nocase, a[1], a.b.c from events",
        "select * exclude (a) replace (1 as b) rename (c as d), e.*, columns('a.*'), columns(c -> c"
            + " like 'x%'), columns(*)::int from events e",
        "select string_agg(a, ',' order by b), quantile_cont(a, [0.5, 0.9]), percentile_cont(0.5)"
            + " within group (order by a), mode() within group (order by a), any_value(a),"
            + " arg_max(a, b), approx_count_distinct(a), list(a order by b), histogram(a) from"
            + " events",
        "select ?, $1, ?1",
        "select $name",
        "select * from events tablesample 10%",
        "select * from events using sample reservoir(10 rows) repeatable (3)",
        "select 'a'.upper(), a: 1, #1, try(1), E'x\\'y', $$q$$, 0x10, 1_000, 1e3 from events",
        "explain select * from events",
        "EXPLAIN (costs off, format text) select 1",
        "explain(verbose)\nselect 1",
        "describe events",
        "describe select event from events",
        "select column_name from (describe events)",
        "summarize events",
        "show tables",
        "SHOW ALL TABLES;",
        "pivot events on event in ('a', 'b') using count(*) group by user_id",
        "from (pivot (select * from events) on event in ('a') using sum(value))",
        "unpivot events on event, user_id into name k value v",
        "explain pivot events on event in ('a') using count(*)",
      })
  void ordinarySelectsPass(String sql) throws SQLException, SqlRefusedException {
    assertThat(check(sql).text()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with t as (copy (select 9 x) to '/tmp/f.parquet') select 1",
        "with t as (insert into events values (1)) select 1",
        "with t as (update events set event = 1) select 1",
        "with t as (delete from events returning *) select * from t",
        "select * from (with t as (copy (select 1) to '/tmp/f') select 1)",
        "select (with t as (delete from events) select 1)",
        "select 1; select 2",
        "select 1; drop table events",
        "copy (select 1) to '/tmp/f'",
        "attach '/tmp/x'",
        "load httpfs",
        "set memory_limit = '1TB'",
        "pragma version",
        "create table x as select 1",
        "drop view events",
        "call pragma_version()",
        "export database '/tmp/x'",
        "pivot events on event using count(*)",
        "select * from (pivot (from read_csv('/etc/passwd')) on a in (1) using count(*))",
        "pivot events on event in (1) using count(getenv('x'))",
        "describe select * from read_csv('/etc/passwd')",
        "summarize select * from read_text('/etc/passwd')",
        "describe memory.main.events",
        "select * from (describe from read_csv('/etc/passwd'))",
        "unpivot (from read_csv('/etc/passwd')) on a into name k value v",
        "show databases",
        "show all schemas",
        "show variables",
        "explain analyze select 1",
        "explain (analyze) select 1",
        "explain (format json) select 1",
        "explain (format graphviz) select 1",
        "explain select * from read_csv('/etc/passwd')",
        "explain explain select 1",
        "explain copy (select 1) to '/tmp/f'",
        "explain delete from events",
        "explain select 1; select 2",
        "select * from read_parquet('/x')",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from glob('/*')",
        "select * from duckdb_settings()",
        "select * from duckdb_secrets()",
        "select * from pragma_database_list()",
        "select * from query('select 1')",
        "select * from query_table('events')",
        "select * from parquet_metadata('/x')",
        "select * from sniff_csv('/x')",
        "select * from json_execute_serialized_sql('x')",
        "select * from test_all_types()",
        "select * from a, lateral read_csv('/x')",
        "select exists (from read_csv('/x'))",
        "with t as (from read_csv('/x')) select 1",
        "select 1 order by (select 1 from read_csv('/x'))",
        "select 1 limit (select 1 from read_csv('/x'))",
        "select sum(1) over (order by getvariable('x'))",
        "select list_transform([1], x -> getenv('x'))",
        "select current_setting('memory_limit')",
        "select getvariable('x')",
        "select json_serialize_sql('select 1')",
        "select nextval('x')",
        "select sleep_ms(1000)",
        "select pg_sleep(1)",
        "select version()",
        "select txid_current()",
        "select write_log('x')",
        "select current_query()",
        "select main.abs(1)",
        "select system.main.abs(1)",
        "select abs(1)::main.foo",
        "select 'x'::regclass",
        "select * from main.events",
        "select * from memory.main.events",
        "select * from information_schema.schemata",
        "select * from pg_catalog.pg_class",
        "select * from events at (version => 1)",
        "with recursive t(a, b) using key (a) as (select 1, 2 union select a, b from recurring.t)"
            + " select 1",
        "values (read_text('/x'))",
        "select case when getenv('x') = 'y' then 1 end",
        "select {'a': getenv('x')}",
        "select * replace (getenv('x') as a) from events",
        "select count(*) filter (where getenv('x') = '') from events",
      })
  void theRestIsRefused(String sql) throws SQLException {
    assertThat(refused(sql).reason()).isEqualTo(SqlRefusedException.Reason.NOT_ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select * from '/etc/passwd'                                          | /etc/passwd
          select * from "x.parquet"                                            | x.parquet
          select * from duckdb_settings                                        | duckdb_settings
          with a as (select 1) select * from A, B                              | b
          with a as (select * from a) select 1                                 | a
          with a as (select * from b), b as (select 1) select 1                | b
          select * from (with x as (select 1) select 1), x                     | x
          with x as (select 1) select (with y as (from x) select 1 from y), (select 1 from y) | y
          with recursive r(n) as (select n from r union all select n from r) from r | r
          select exists (with z as (select 1) from z) from z                   | z
          """)
  void namesThatAreNoVisibleExpressionsAreTables(String sql, String table)
      throws SQLException, SqlRefusedException {
    assertThat(check(sql).tables()).containsOnlyKeys(table);
  }

  @Test
  void refusalsSayWhere() throws SQLException {
    SqlRefusedException e = refused("-- x\nselect 'é',\n  getenv('x')");
    assertThat(e).hasMessage("function getenv is not allowed");
    assertThat(e.place()).contains(new SqlPlace(3, 3));
    SqlRefusedException wrong = refused("select 'é' frm x y");
    assertThat(wrong.reason()).isEqualTo(SqlRefusedException.Reason.INVALID);
    assertThat(wrong.place()).contains(new SqlPlace(1, 16));
  }

  /** One of them would otherwise be taken for the other, by whoever wrote or reads it. */
  @Test
  void namesThatLookAlikeAreRefusedTogether() throws Exception {
    SqlRefusedException e =
        refused("with duc\u212adb_views as (select 1) select * from duckdb_views");
    assertThat(e.reason()).isEqualTo(SqlRefusedException.Reason.NOT_ALLOWED);
    assertThat(e).hasMessageContaining("differ only in letters");
    assertThat(check("with sat\u0131r as (select 1 as gr\u00f6\u00dfe) from sat\u0131r").tables())
        .isEmpty();
    assertThat(check("from \u00c9clair").tables()).containsOnlyKeys("\u00c9clair");
    assertThat(check("with \u00e9clair as (select 1) from Events").tables())
        .containsOnlyKeys("events");
  }

  @Test
  void partsOfANameAreBounded() throws SQLException {
    assertThat(refused("select x" + ".x".repeat(200))).hasMessageContaining("201 parts");
  }

  @Test
  void joinsAreBounded() throws SQLException {
    assertThat(refused("select 1 from range(1)" + ", range(1)".repeat(101)))
        .hasMessageContaining("more than 100 joins");
  }

  /** Every function of the engine, allowed or not, by name: what is not on the list is refused. */
  @Test
  void functionsPassExactlyIfTheyAreListed() throws SQLException {
    Pattern plain = Pattern.compile("[a-z_][a-z0-9_]*");
    List<String> names = new ArrayList<>();
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_name"
                    + " NOT IN (SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category"
                    + " <> 'unreserved')")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      StringBuilder name = new StringBuilder("f");
      random.ints(6, 'a', 'z' + 1).forEach(name::appendCodePoint);
      names.add(name.toString());
    }
    for (String name : names) {
      if (!plain.matcher(name).matches()) {
        continue;
      }
      assertThat(passes("select \"" + name + "\"(1)"))
          .as(name)
          .isEqualTo(SqlAllowList.function(name));
      assertThat(passes("select * from \"" + name + "\"(1)"))
          .as("table function " + name)
          .isEqualTo(SqlAllowList.tableFunction(name));
    }
  }

  private static boolean passes(String sql) throws SQLException {
    try {
      check(sql);
      return true;
    } catch (SqlRefusedException e) {
      boolean isUnknown = String.valueOf(e.getMessage()).startsWith("there is no ");
      assertThat(e.reason())
          .as(sql)
          .isEqualTo(
              isUnknown
                  ? SqlRefusedException.Reason.INVALID
                  : SqlRefusedException.Reason.NOT_ALLOWED);
      return false;
    }
  }

  @Test
  void anUnknownFunctionIsAMistakeAndNotForbidden() throws SQLException {
    SqlRefusedException e = refused("select uper('a')");
    assertThat(e.reason()).isEqualTo(SqlRefusedException.Reason.INVALID);
    assertThat(e).hasMessage("there is no function uper; the nearest: upper");
    assertThat(e.place()).contains(new SqlPlace(1, 8));
    SqlRefusedException table = refused("select * from rage(3)");
    assertThat(table.reason()).isEqualTo(SqlRefusedException.Reason.INVALID);
    assertThat(table).hasMessageContaining("no table function rage").hasMessageContaining("range");
    for (String forbidden : List.of("read_csv", "getenv", "duckdb_settings", "pragma_version")) {
      assertThat(refused("select * from " + forbidden + "('x')").reason())
          .as(forbidden)
          .isEqualTo(SqlRefusedException.Reason.NOT_ALLOWED);
    }
  }

  /** What the engine has is forbidden, not unknown. */
  @Test
  void everyFunctionOfTheEngineIsKnown() throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT DISTINCT function_name FROM duckdb_functions()")) {
      while (rows.next()) {
        String name = rows.getString(1);
        assertThat(SqlAllowList.isOfEngine(name)).as(name).isTrue();
      }
    }
  }

  @Test
  void listedFunctionsExist() throws SQLException {
    Set<String> known = new TreeSet<>(Set.of("!~", "unnest", "tuple"));
    try (var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT DISTINCT function_name FROM duckdb_functions()")) {
      while (rows.next()) {
        known.add(rows.getString(1).toLowerCase(Locale.ROOT));
      }
    }
    for (String section : List.of("scalar", "macro", "aggregate", "window", "table")) {
      assertThat(known).as(section).containsAll(SqlAllowList.section(section));
    }
  }

  @Test
  void listedFunctionsTouchNothing() {
    Pattern suspicious =
        Pattern.compile(
            "read_|scan|glob|duckdb|pragma|setting|getenv|variable|query|secret|sleep|log_|execute"
                + "|deserialize|serialize|nextval|currval|seed|checkpoint|storage|__");
    for (String section : List.of("scalar", "macro", "aggregate", "window", "table")) {
      assertThat(SqlAllowList.section(section))
          .as(section)
          .noneMatch(name -> suspicious.matcher(name).find());
    }
  }

  @Test
  void anEmptyTreeIsRefused() throws SQLException {
    try {
      SqlGateway.check("select 1", text -> "{\"error\":false,\"statements\":[]}");
      fail("let through");
    } catch (SqlRefusedException e) {
      assertThat(e.place()).isEqualTo(Optional.empty());
    }
  }
}
