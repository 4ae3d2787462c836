package weir.query.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSqlTest {
  private static String translated(String sql) {
    return PostgresSql.translate(sql, List.of()).text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      value = {
        "select oid from pg_catalog.pg_class c § select oid from pg_class c",
        "select * from \"public\".\"events\" § select * from \"events\"",
        "select * from shop.public.events § select * from events",
        "select public from t § select public from t",
        "select 'pg_catalog.x' § select 'pg_catalog.x'",
        "select table_name from information_schema.tables where 1=1"
            + " § select table_name from information_schema_tables AS tables where 1=1",
        "select 1 from information_schema.tables t § select 1 from information_schema_tables t",
        "select a OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default"
            + " § select a ~ '(?s)^(x)$' ",
        "select a !~* 'x' § select a !~* '(?s)x'",
        "select a similar to 'x.(a|b)%_\\%' § select a similar to '(?s)x\\.(a|b).*.\\%'",
        "select count(*), sum(a) filter (where b) over w, t.c::date from t order by count"
            + " § select count(*) AS \"count\", sum(a) filter (where b) over w AS \"sum\","
            + " t.c::date AS \"c\" from t order by count",
        "select distinct on (lower(a)) lower(a), not (b), a is not distinct from b, count(*) n"
            + " § select distinct on (lower(a)) lower(a) AS \"lower\", not (b),"
            + " a is not distinct from b, count(*) n",
        "select a::timestamp time, b::double precision, c::timestamp(3) with time zone[], null::int"
            + " § select a::timestamp time, b::double precision AS \"b\","
            + " c::timestamp(3) with time zone[] AS \"c\", null::int",
        "select generate_series(1, 3), 1 + generate_series(1, 2) from generate_series(1, 2)"
            + " § select unnest(generate_series(1, 3)) AS generate_series,"
            + " 1 + unnest(generate_series(1, 2)) from generate_series(1, 2)",
        "select extract(epoch from (a - b)) x, extract(epoch from a - interval '1 day') y"
            + " § select epoch_between(  a , b) x, extract(epoch from a - interval '1 day') y",
        "select extract(second from a) x § select CAST(extract(microseconds from a)"
            + " / 1000000.0 AS DECIMAL(18, 6)) x",
        "select to_char(a, 'DDth \"of\" Mon') x"
            + " § select strftime(a, error('to_char does not know th here')) x",
        "select 'events'::pg_catalog.regclass"
            + " § select (SELECT oid FROM pg_class WHERE relname = 'events')",
        "select x::pg_catalog.text, y::name § select x::text AS \"x\", y::varchar AS \"y\"",
        "select cast(a as name), b as name § select cast(a as varchar) AS \"a\", b as name",
        "select a = any('{r,v}'::text[]) § select a = any(['r', 'v']::text[])",
        "select a like 'x%', b like 'a\\_' § select a like 'x%', b like 'a\\_' ESCAPE '\\'",
        "select a not ilike $1 || '%' x § select a not ilike $1 || '%' ESCAPE '\\' x",
        "select a like lower($1) and b like c escape '!'"
            + " § select a like lower($1) ESCAPE '\\' and b like c escape '!'",
        "select a !~~* 'x\\%' § select a NOT ILIKE 'x\\%' ESCAPE '\\'",
        "select a || b not like any (array['x%']), 1 § select pg_any([a || b not like weir_pattern"
            + " ESCAPE '\\' FOR weir_pattern IN (array['x%'])]), 1",
        "select 1 where lower(a) ~~* all ($1) and b § select 1 where pg_all([lower(a) ILIKE"
            + " weir_pattern ESCAPE '\\' FOR weir_pattern IN ($1)]) and b",
        "select a like any (select b from t) § select pg_any([a like weir_pattern ESCAPE '\\' FOR"
            + " weir_pattern IN array (select b from t)])",
        "select a::json #>> '{b,0}' = 'x' § select json_extract_string(a::json , '/b/0') = 'x'",
        "select t.a #> array['b', c] from t § select json_extract(t.a , ('/' ||"
            + " array_to_string(array['b', c], '/'))) from t",
        "select a ~* $1 from t § select a ~* ('(?s)' || $1) from t",
        "select format('%s-%2$I', a, b+1) § select printf('%1$s-%2$s',"
            + " coalesce(CAST(a AS VARCHAR), ''), quote_ident(CAST(b+1 AS VARCHAR))) AS \"format\"",
        "select to_char(t, 'YYYY-MM-DD HH24:MI') § select strftime(t, '%Y-%m-%d %H:%M') AS \"to_char\"",
        "select to_timestamp(a, 'DD Mon YYYY'), to_timestamp(1)"
            + " § select to_timestamp_by(a, '%d %b %Y') AS \"to_timestamp\", to_timestamp(1) AS \"to_timestamp\"",
        "select x from string_to_array('a', ',') x, t"
            + " § select x from (SELECT string_to_array('a', ',') AS x) x, t",
        "select 1 from a, parse_ident('x') where 1=1"
            + " § select 1 from a, (SELECT parse_ident('x') AS parse_ident) AS parse_ident where 1=1",
        "select extract(year from now()) § select extract(year from now()) AS \"extract\"",
        "select round(x::numeric, 2), y::numeric(5,2)"
            + " § select round(x::DECIMAL(38, 10), 2) AS \"round\", y::numeric(5,2) AS \"y\"",
        "select '{1,NULL,\"a b\"}'::text[]" + " § select '[\"1\", NULL, \"a b\"]'::text[]",
        "select date '0044-03-15 BC' § select date '0044-03-15 (BC)'",
        "select t.typelem::regtype::text § select format_type(t.typelem, -1)::text AS \"typelem\"",
        "select cast(cast(format('%s', t) as regclass) as oid) § select cast((SELECT oid FROM pg_class"
            + " WHERE relname = regclass_name(printf('%1$s', coalesce(CAST(t AS VARCHAR), ''))  ))"
            + " as uinteger)",
        "select c.oid::pg_catalog.regclass § select (SELECT relname FROM pg_class WHERE oid = (c.oid)) AS \"oid\"",
        "select e'a\\'b', pg_catalog.f(1) § select e'a\\'b', f(1) AS \"f\""
      })
  void tellsItInTheEnginesSql(String sql, String expected) {
    assertThat(translated(sql).strip()).isEqualTo(expected.strip());
  }

  @Test
  void commentsHideNothing() {
    String sql = "select 1 -- it's\n + /* ' */ 2";
    assertThat(translated(sql)).isEqualTo(sql);
  }

  @Test
  void parametersGetTheTypesThatTheClientSaid() {
    String sql = "select $1, $2, $3, '$1'";
    assertThat(PostgresSql.translate(sql, List.of(20, 0, 1043)).text())
        .isEqualTo("select CAST($1 AS BIGINT), $2, $3, '$1'");
  }

  @Test
  void placesAreThoseOfTheOriginal() {
    String sql = "select pg_catalog.f($1), nothere from public.events";
    PostgresSql translated = PostgresSql.translate(sql, List.of(20));
    for (String word : List.of("f(", "nothere", "from", "events")) {
      int index = translated.text().indexOf(word);
      assertThat(translated.originalIndex(index)).as(word).isEqualTo(sql.indexOf(word));
    }
  }
}
