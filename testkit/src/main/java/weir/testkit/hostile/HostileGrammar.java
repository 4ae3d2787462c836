package weir.testkit.hostile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Makes hostile statements by a seed: a name, a call or a command that must come to nothing, spelt
 * in some way, somewhere in a statement. Places are written as in {@link HostileStatements}.
 */
public final class HostileGrammar {
  private static final List<String> FILES =
      List.of(
          "@{own_file}",
          "@{other_file}",
          "@{secret_file}",
          "@{lake}/catalog.db",
          "@{own_folder}/**/*.parquet",
          "@{own_folder}/events/metadata/*.json",
          "@{other_folder}/**",
          "@{own_folder}/../@{other}/**/*.parquet",
          "@{own_folder}//..//@{other}//events//data//*",
          "@{spill}/**",
          "@{spill}/temporary/@{other}/*",
          "@{lake}/**",
          "/etc/passwd",
          "/proc/self/environ",
          "/proc/self/maps",
          "/proc/self/root@{other_file}",
          "/proc/self/cwd/**",
          "../../../../../../../../..@{other_file}",
          "~/.bashrc");

  private static final List<String> READERS =
      List.of(
          "read_parquet(%s)",
          "read_parquet([%s])",
          "parquet_scan(%s)",
          "read_csv(%s)",
          "read_csv(%s, header = false, all_varchar = true, delim = '\\t')",
          "read_csv_auto(%s)",
          "read_json(%s)",
          "read_json_objects(%s)",
          "read_ndjson_auto(%s)",
          "read_text(%s)",
          "read_blob(%s)",
          "glob(%s)",
          "sniff_csv(%s)",
          "parquet_metadata(%s)",
          "parquet_schema(%s)",
          "parquet_kv_metadata(%s)",
          "parquet_file_metadata(%s)",
          "query('from ' || %s)",
          "query_table(%s)",
          "query_table([%s])",
          "sqlite_scan(%s, 'iceberg_tables')",
          "iceberg_scan(%s)",
          "read_duckdb(%s)",
          "which_secret(%s, 's3')");

  private static final List<String> CATALOGS =
      List.of(
          "duckdb_views",
          "duckdb_views()",
          "duckdb_tables()",
          "duckdb_columns",
          "duckdb_settings()",
          "duckdb_secrets()",
          "duckdb_databases",
          "duckdb_temporary_files()",
          "duckdb_logs",
          "duckdb_external_file_cache()",
          "pragma_database_list",
          "pragma_table_info('events')",
          "sqlite_master",
          "sqlite_schema",
          "pg_catalog.pg_tables",
          "system.information_schema.tables",
          "memory.information_schema.tables",
          "information_schema.schemata",
          "memory.main.weir_tail_0",
          "memory.weir_tail_0",
          "main.weir_identities",
          "weir_tail_0",
          "weir_identities",
          "weir_limited_0",
          "temp.main.weir_limited_0",
          "temp.weir_own_identities",
          "system.main.duckdb_views",
          "which_secret('s3://x', 's3')",
          "getenv('PATH')");

  private static final List<String> COMMANDS =
      List.of(
          "copy events to '@{scratch}/g.csv'",
          "copy (select 1) to '@{own_file}' (format parquet)",
          "copy events from '@{other_file}'",
          "attach '@{lake}/catalog.db' as c (type sqlite)",
          "attach '@{scratch}/new.db' as c",
          "detach memory",
          "install httpfs",
          "load '@{secret_file}'",
          "set enable_external_access = true",
          "set global allowed_paths = ['@{other_file}']",
          "set session file_search_path = '@{other_folder}'",
          "set variable x = (select max(event) from events)",
          "reset all",
          "pragma database_list",
          "pragma enable_profiling",
          "call pragma_version()",
          "call enable_logging(storage = 'file', storage_path = '@{scratch}/log')",
          "export database '@{scratch}/x'",
          "import database '@{other_folder}'",
          "create table x as select 1",
          "create or replace temp view events as select 1",
          "create macro sum(a) as 42",
          "create type mood as enum ('x')",
          "create sequence s",
          "create secret (type s3, key_id 'x')",
          "drop table memory.main.weir_identities",
          "drop view events",
          "alter table events add column x int",
          "insert into events values (1)",
          "update events set event = 'x'",
          "delete from bad_events",
          "truncate events",
          "merge into events using bad_events on true when matched then delete",
          "prepare p as select 1",
          "execute p",
          "deallocate p",
          "begin",
          "commit",
          "checkpoint",
          "vacuum",
          "analyze",
          "use system",
          "comment on table events is 'x'",
          "explain analyze from '@{other_file}'",
          "describe '@{other_file}'",
          "summarize '@{own_file}'",
          "show all tables",
          "show databases");

  /** Where a relation may stand. */
  private static final List<String> RELATION =
      List.of(
          "select * from %s",
          "from %s",
          "table %s",
          "select count(*) from %s t",
          "with x as (select * from %s) select * from x",
          "with x as (with y as materialized (from %s) from y) select (select max(x) from x)",
          "with recursive r as (select 1 n union all (select n + 1 from r, %s where n < 2)) from r",
          "select * from events, lateral (select * from %s) l",
          "select * from events e left join %s o on true",
          "select * from events natural join %s",
          "select * from events asof join %s using (event)",
          "select * from (values (1)) v(a) where exists (from %s)",
          "select (select count(*) from %s)",
          "select [x for x in (select list(s) from %s s)]",
          "select list_transform([1], x -> (select count(*) from %s))",
          "select list_reduce([1, 2], lambda a, b: a + (select count(*) from %s))",
          "values ((select max(t) from %s t))",
          "select 1 union all by name select 2 from %s",
          "select event from events where event in (select event from %s)",
          "select event from events order by (select count(*) from %s)",
          "select event from events limit (select count(*) from %s)",
          "select count(*) filter (where (select true from %s limit 1)) from events",
          "select sum(1) over (order by (select count(*) from %s)) from events",
          "select case when true then (select 1 from %s limit 1) end",
          "from events select event, (from %s select count(*))",
          "select unnest((select list(t) from %s t))",
          "select * from (pivot %s on event using count(*))",
          "select * from (describe select * from %s)",
          "select try((select 1 from %s)), ?",
          "select a from (select ? a) where (select count(*) from %s) > 0",
          "select exists (select * from %s), not exists (from %s)",
          "select * exclude (event) replace ((select 1 from %s) as user_id) from events",
          "select columns(*) from %s",
          "select struct_pack(a := (select t from %s t limit 1))",
          "select map([1], [(select count(*) from %s)])",
          "select * from %s tablesample 10%%",
          "select * from %s at (version => 1)",
          "select * from range(2) r(i) positional join %s");

  /** Where a command may stand. */
  private static final List<String> COMMAND =
      List.of(
          "%s",
          "with x as (%s) select * from x",
          "with x as (%s returning *) select * from x",
          "select * from (%s)",
          "select (%s)",
          "select exists (%s)",
          "select 1; %s",
          "%s; select 1",
          "explain %s",
          "select 1 union all %s",
          "/* */ %s -- \n",
          "-- \r %s",
          "from query($$%s$$)",
          "select * from query_table('(%s)')",
          "prepare q as %s",
          "with a as (with b as (%s) select 1) select * from a",
          "values ((%s))",
          "select list_transform([1], x -> (%s))",
          "create or replace temp macro m() as table (%s)",
          "select * from events where event = (%s)");

  private static final String CONFUSING = "\u212a\u0130\u0131\u017f\ufb00\ufb01\ufb05";
  private static final String SPACES = " \t\n\r\f\u00a0\u2003\u200b\u3000\ufeff";

  private final Random random;

  HostileGrammar(long seed) {
    this.random = new Random(seed);
  }

  /** As many different statements. */
  public static List<String> statements(int count, long seed) {
    HostileGrammar grammar = new HostileGrammar(seed);
    Set<String> statements = new LinkedHashSet<>();
    while (statements.size() < count) {
      statements.add(grammar.statement());
    }
    return new ArrayList<>(statements);
  }

  private String statement() {
    String statement =
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> hidden();
          case 3, 4 -> command();
          default -> filled(RELATION, relation());
        };
    return random.nextInt(3) == 0 ? spaced(statement) : statement;
  }

  private String one(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String filled(List<String> places, String what) {
    return one(places).replace("%s", what).replace("%%", "%");
  }

  private String command() {
    return filled(COMMAND, cased(one(COMMANDS)));
  }

  private String relation() {
    return switch (random.nextInt(4)) {
      case 0 -> cased(one(CATALOGS));
      case 1 -> quotedName(one(FILES));
      default -> cased(one(READERS)).replace("%s", text(one(FILES)));
    };
  }

  /** A text in one of the ways in which it may be written. */
  private String text(String value) {
    String file = random.nextInt(4) == 0 ? "file://" + value : value;
    return switch (random.nextInt(6)) {
      case 0 -> "$$" + file + "$$";
      case 1 -> "$a$" + file + "$a$";
      case 2 -> "E'" + file + "'";
      case 3 -> "'" + file + "' || ''";
      case 4 -> "(select '" + file + "')";
      default -> "'" + file + "'";
    };
  }

  private String quotedName(String file) {
    return switch (random.nextInt(3)) {
      case 0 -> "'" + file + "'";
      case 1 -> "\"file://" + file + "\"";
      default -> "\"" + file + "\"";
    };
  }

  /** A name that an expression of another name, or of one elsewhere, is to hide. */
  private String hidden() {
    String name = random.nextBoolean() ? one(FILES) : one(CATALOGS).replaceAll("\\(.*", "");
    String used = "\"" + (random.nextBoolean() ? name : cased(name)) + "\"";
    String defined = "\"" + (random.nextInt(4) == 0 ? cased(name) : confused(name)) + "\"";
    String statement =
        one(
            List.of(
                "with %d as (select 1 a) select * from %u",
                "with %d as materialized (select 1 a), b as (from %u) from b",
                "with b as (with %d as (select 1 a) from %d) select * from b, %u",
                "with b as (from %u), %d as (select 1 a) from b",
                "with recursive %d as (select 1 a union all select a + 1 from %u where a < 2) from %d",
                "select * from (select 1 a) %d, (from %u) b",
                "select * from (with %d as (select 1 a) from %d) x join %u on true",
                "with %d as (select * from %u) select * from %d",
                "with %d(a) as (values (1)) select (select max(a) from %u)",
                "from events %d, %u",
                "with x as (select 1 as %d) select * from %u",
                "select %u from events %d",
                "select %d.main.%u from events",
                "select * from %d.%u",
                "with events as (from %u) select * from events, %d",
                "select list_transform([1], %d -> (select count(*) from %u))"));
    return statement.replace("%d", defined).replace("%u", used);
  }

  /** With a letter that some take for one of ASCII. */
  private String confused(String name) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < name.length(); i++) {
      if ("kisf".indexOf(name.charAt(i)) >= 0) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return name + CONFUSING.charAt(random.nextInt(CONFUSING.length()));
    }
    int at = places.get(random.nextInt(places.size()));
    String letter =
        switch (name.charAt(at)) {
          case 'k' -> "\u212a";
          case 'i' -> random.nextBoolean() ? "\u0130" : "\u0131";
          case 's' -> "\u017f";
          default -> "\ufb00";
        };
    return name.substring(0, at) + letter + name.substring(at + 1);
  }

  /** In other cases, but what a test puts in. */
  private String cased(String text) {
    StringBuilder cased = new StringBuilder();
    boolean kept = text.contains("@{") || random.nextInt(3) > 0;
    for (String letter : text.split("", -1)) {
      boolean upper = !kept && random.nextBoolean() && !letter.equals("s");
      cased.append(upper ? letter.toUpperCase(Locale.ROOT) : letter);
    }
    return cased.toString();
  }

  private String spaced(String text) {
    StringBuilder spaced = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c == ' ' ? random.nextInt(6) : 0) {
        case 1 -> spaced.append("/* ' */");
        case 2 -> spaced.append(" --\"\r");
        case 3, 4 -> spaced.append(SPACES.charAt(random.nextInt(SPACES.length())));
        default -> spaced.append(c);
      }
    }
    return spaced.toString();
  }
}
