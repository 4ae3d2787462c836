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
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "select oid from pg_catalog.pg_class c | select oid from pg_class c",
        "select * from \"public\".\"events\" | select * from \"events\"",
        "select * from shop.public.events | select * from events",
        "select public from t | select public from t",
        "select 'pg_catalog.x' | select 'pg_catalog.x'",
        "select table_name from information_schema.tables where 1=1"
            + " | select table_name from information_schema_tables AS tables where 1=1",
        "select 1 from information_schema.tables t | select 1 from information_schema_tables t",
        "select a OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default"
            + " | select a ~ '(?s:.*)(?:^(x)$)(?s:.*)' ",
        "select a !~* 'x' | select a !~ '(?i)(?s:.*)(?:x)(?s:.*)'",
        "select 'events'::pg_catalog.regclass"
            + " | select (SELECT oid FROM pg_class WHERE relname = 'events')",
        "select x::pg_catalog.text, y::name | select x::text, y::varchar",
        "select cast(a as name), b as name | select cast(a as varchar), b as name",
        "select a = any('{r,v}'::text[]) | select a = any(['r', 'v']::text[])",
        "select e'a\\'b', pg_catalog.f(1) | select e'a\\'b', f(1)"
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
