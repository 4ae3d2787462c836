package weir.testkit.hostile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Hostile statements for the doors that users have, by a seed: those of {@link HostileGrammar},
 * what clients of PostgreSQL may send, and expressions that take time or memory over rows. Places
 * are written as in {@link HostileStatements}.
 */
public final class HostileRequests {
  /** A file, a folder or a name that a client may be after. */
  private static final List<String> GOALS =
      List.of(
          "/etc/passwd",
          "@{other_file}",
          "@{own_file}",
          "@{secret_file}",
          "@{lake}/catalog.db",
          "@{data}/meta.db",
          "@{data}/credentials.json",
          "@{data}/keys.json",
          "/proc/self/environ",
          "file://@{secret_file}");

  private static final List<String> CLIENTS =
      List.of(
          "copy events to stdout",
          "copy (from '%s') to stdout",
          "copy (select * from read_text('%s')) to stdout (format csv)",
          "copy (select 1) to stdout; copy (from '%s') to stdout",
          "copy events to '@{scratch}/x'",
          "copy events to program 'cat > @{scratch}/x'",
          "copy events from program 'cat %s'",
          "copy events from '%s'",
          "declare c cursor for select * from '%s'",
          "begin; declare c cursor with hold for from read_text('%s'); fetch all from c; commit",
          "begin; declare c cursor for table events; fetch all from c; move all c; close c; rollback",
          "begin; savepoint s; select * from '%s'; rollback to s; table events; commit",
          "prepare p as select * from '%s'; execute p",
          "prepare p(text) as select content from read_text($1); execute p('%s')",
          "select pg_read_file('%s')",
          "select pg_read_binary_file('%s')",
          "select pg_ls_dir('@{lake}')",
          "select * from pg_ls_dir('@{lake}')",
          "select pg_stat_file('%s')",
          "select lo_import('%s')",
          "select * from pg_file_settings",
          "select * from pg_hba_file_rules",
          "select * from pg_shadow",
          "select * from pg_authid",
          "select * from pg_stat_activity",
          "select * from pg_stat_statements",
          "select * from pg_settings",
          "select * from pg_database",
          "select * from pg_class, pg_attribute where oid = attrelid",
          "select * from information_schema.columns",
          "select current_setting('home_directory'), current_setting('data_directory', true)",
          "select current_setting('temp_directory')",
          "select set_config('search_path', '@{other}', false); table events",
          "select dblink('dbname=@{other}', 'table events')",
          "select query_to_xml('table events', true, true, '%s')",
          "select database_to_xml(true, true, '')",
          "select pg_reload_conf(), pg_rotate_logfile()",
          "select pg_terminate_backend(pid) from pg_stat_activity",
          "select pg_cancel_backend(1), pg_advisory_lock(1)",
          "set search_path to '@{other}'; table events",
          "set search_path = \"@{other}\"; select * from events",
          "set role postgres; table events",
          "set session authorization '@{other}'; select * from events",
          "set local statement_timeout = 0; select count(*) from '%s'",
          "set TimeZone = '%s'; show TimeZone",
          "set application_name = '%s'; select current_setting('application_name')",
          "set temp_directory = '@{scratch}'; select 1",
          "set enable_external_access = on; from '%s'",
          "reset all; table events; from '%s'",
          "discard all; from '%s'",
          "show data_directory",
          "show all",
          "listen x; notify x, '@{prefix}'",
          "lock table events; drop table events",
          "do $$ begin perform 1; end $$",
          "call pragma_database_list()",
          "explain (analyze, verbose) select * from '%s'",
          "explain select * from \"@{other}\".events",
          "select * from \"@{other}\".public.events",
          "select * from \"@{other}\".main.events",
          "table public.\"@{other_event}\"",
          "table \"@{other_event}\"",
          "select '@{other}.events'::regclass, to_regclass('@{other}.events')",
          "select col_description('%s'::regclass, 1)",
          "select * from pg_catalog.\"%s\"",
          "select * from public.'%s'",
          "select * from e'%s'",
          "select * from U&\"%s\"",
          "select * from U&'\\0065vents' uescape '\\'",
          "select 1 \u0000; from '%s'",
          "create temp table t as from '%s'; table t",
          "vacuum full; cluster; reindex database x",
          "security label on table events is '%s'",
          "create extension dblink; create server s foreign data wrapper postgres_fdw",
          "load '%s'",
          "fetch all from \"%s\"; close all; deallocate all",
          "begin isolation level serializable; delete from events; commit",
          "start transaction read write; insert into events values ('x'); end",
          "select * from events for update",
          "with t as (delete from events returning *) table t",
          "select nextval('%s'), currval('x')",
          "truncate events; analyze events; table events");

  /** Of what takes time or memory by the size of what it is given. */
  private static final List<String> COSTLY =
      List.of(
          "max(length(repeat(coalesce(user_id, 'x'), %d)))",
          "max(levenshtein(repeat(event, %d), repeat(coalesce(user_id, 'x'), %d)))",
          "max(damerau_levenshtein(repeat(event, %d), repeat(event_id, %d)))",
          "max(jaro_winkler_similarity(repeat(event, %d), repeat(event_id, %d)))",
          "max(length(rpad(event, %d * 1000, event)))",
          "max(length(lpad(event, %d * 1000, 'x')))",
          "max(len(list_resize([event], %d * 1000)))",
          "max(len(range(%d * 10000)))",
          "max(len(generate_series(1, %d * 10000)))",
          "max(length(printf('%%%d000d', 1)))",
          "max(length(format('{:>%d000}', event)))",
          "max(length(strftime(timestamp, repeat('%%Y', %d * 100))))",
          "max(regexp_matches(repeat(event, %d), '(a|aa|e+|[a-z ]*)+$'))",
          "max(length(regexp_replace(repeat(event, %d), '.', event, 'g')))",
          "max(len(string_split(repeat(event, %d), '')))",
          "max(len(list_sort(range(%d * 1000))))",
          "max(len(list_transform(range(%d), x -> list_transform(range(%d), y -> x * y))))",
          "sum(list_reduce(range(%d * 100), (a, b) -> (a * 31 + b) %% 1000003))",
          "max(length(md5(repeat(event, %d * 1000))))",
          "max(json_array_length('[' || repeat('1,', %d * 100) || '1]'))",
          "max(length(string_agg(repeat(event, %d), ',') ))",
          "max(length(to_base(1, 2, %d)))",
          "max(len(histogram(hash(event_id) + %d)))",
          "max(length(translate(repeat(event, %d), 'abc', 'def')))",
          "max(bit_count(bitstring('1', %d * 1000)))",
          "max(len(flatten([range(%d), range(%d)])))",
          "max(length(url_encode(repeat(event, %d))))",
          "max(len(list_distinct(range(%d * 1000))))",
          "max(list_cosine_similarity(range(%d)::double[], range(%d)::double[]))",
          "max(factorial((%d %% 30)::integer))",
          "max(length(array_to_string(range(%d * 100), event)))");

  private static final List<String> OVER =
      List.of(
          "select %s from events",
          "select %s from events, range(50)",
          "with t as materialized (select %s m from events) select * from t",
          "select e.event, %s from events e group by e.event",
          "select (select %s from events)",
          "select x, (select %s from events where value > x) from range(3) r(x)",
          "select * from (select event, event_id, user_id, timestamp, %s over () from events) limit 1",
          "select %s from events union all select %s from events",
          "select 1 where exists (select %s from events having count(*) > 0)");

  /** Letters that become ASCII by some rule, end a word for some, or cannot stand alone. */
  private static final String STRANGE =
      "\u212a\u017f\u0130\u0131\ufb00\ufb05\u00df\u1e9e\uff45\u24d4\u00aa\u2170\u0345\u200d\u202e\u2028\u0085"
          + "\u00a0\u180e\u3000\u0000\u001f\u007f\ufffe";

  private final Random random;
  private final List<String> grammar;

  private HostileRequests(int count, long seed) {
    this.random = new Random(seed);
    this.grammar = HostileGrammar.statements(count, seed);
  }

  /** As many different statements. */
  public static List<String> statements(int count, long seed) {
    HostileRequests requests = new HostileRequests(count, seed);
    Set<String> statements = new LinkedHashSet<>();
    while (statements.size() < count) {
      statements.add(requests.statement());
    }
    return new ArrayList<>(statements);
  }

  private String statement() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> one(CLIENTS).replace("%s", one(GOALS));
      case 2 -> costly();
      case 3 -> strange();
      default -> one(grammar);
    };
  }

  private String one(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String costly() {
    int size = (int) Math.pow(10, 1 + random.nextInt(6)) * (1 + random.nextInt(9));
    String expression = one(COSTLY).replace("%d", Integer.toString(size)).replace("%%", "%");
    return one(OVER).replace("%s", expression);
  }

  /** A statement that names something else by a letter that only some take for another. */
  private String strange() {
    String sql = random.nextBoolean() ? one(CLIENTS).replace("%s", one(GOALS)) : one(grammar);
    StringBuilder changed = new StringBuilder(sql);
    for (int i = random.nextInt(3); i >= 0; i--) {
      String letter = Character.toString(STRANGE.charAt(random.nextInt(STRANGE.length())));
      int at = place(changed.toString());
      changed.replace(at, Math.min(changed.length(), at + random.nextInt(2)), letter);
    }
    return changed.toString();
  }

  /** Somewhere, but not inside of what a test puts in. */
  private int place(String sql) {
    while (true) {
      int at = random.nextInt(sql.length() + 1);
      int opened = sql.lastIndexOf("@{", at);
      if (opened < 0 || sql.indexOf('}', opened) < at) {
        return at;
      }
    }
  }
}
