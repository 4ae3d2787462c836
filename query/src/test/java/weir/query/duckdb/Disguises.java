package weir.query.duckdb;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ways to hide a statement in another, of which none makes it harmless. */
final class Disguises {
  /** Statements around a statement that is refused; each is to be refused too. */
  private static final List<String> AROUND =
      List.of(
          "select * from (%s) hidden",
          "select * from (%s) as hidden(a)",
          "from (%s)",
          "with hidden as (%s) select * from hidden",
          "with hidden as materialized (%s) select 1",
          "with hidden as not materialized (%s) from hidden a, (from hidden limit 2) b",
          "with hidden as (select 1), worse as (%s) select * from worse",
          "with a as (with b as (with c as (%s) from c) from b) from a",
          "with recursive r as (select 1 n union all (select n + 1 from r where exists (%s) and n < 3)) from r",
          "select * from (select 1) x, lateral (%s) hidden",
          "select * from events e left join lateral (%s) hidden on true",
          "select * from events e cross join (%s) hidden",
          "select * from events semi join (%s) hidden on true",
          "select * from events positional join (%s) hidden",
          "select 1 union all (%s)",
          "(%s) union select 1",
          "select 1 union by name (%s)",
          "select 1 except (%s)",
          "(%s) intersect all (select 1)",
          "(%s)",
          "((%s)) limit 1",
          "(%s) order by 1 offset 0",
          "select (%s)",
          "select ((%s)) as x",
          "select exists (%s)",
          "select not exists (%s)",
          "select array(%s)",
          "select 1 in (%s)",
          "select 1 not in (%s)",
          "select 1 = any (%s)",
          "select 1 <> all (%s)",
          "select (select 1 where exists (%s))",
          "select case when true then 1 else (%s) end",
          "select case (%s) when 1 then 2 end",
          "select coalesce(1, (%s))",
          "select try((%s))",
          "select try_cast((%s) as varchar)",
          "select (%s)::varchar collate nocase",
          "select [1, (%s)]",
          "select {'a': (%s)}",
          "select map {'a': (%s)}",
          "select row(1, (%s))",
          "select [(%s) for x in [1]]",
          "select list_transform([1], x -> (%s))",
          "select list_filter([1], lambda x: (%s) is null)",
          "select list_aggregate([1], 'max', (%s))",
          "select (array(%s))[1]",
          "select concat('a', (%s), 'b')",
          "select max((%s)) from events",
          "select count(*) filter (where (%s) is null) from events",
          "select string_agg(event, ',' order by (%s)) from events",
          "select count(*) over (partition by (%s)) from events",
          "select sum(1) over (order by (%s) rows between 1 preceding and current row) from events",
          "select sum(1) over w from events window w as (order by (%s))",
          "select lag(event, 1, (%s)) over () from events",
          "select event from events where (%s) is not null",
          "select event from events where event between (%s) and (%s)",
          "select event from events group by event, (%s)",
          "select event from events group by rollup (event, (%s))",
          "select event from events group by event having (%s) is null",
          "select event from events qualify row_number() over (order by (%s)) = 1",
          "select event from events order by (%s)",
          "select event from events order by event limit (%s)",
          "select event from events limit 1 offset (%s)",
          "select distinct on ((%s)) event from events",
          "select * replace ((%s) as event) from events",
          "select columns(c -> (%s) is null) from events",
          "select * from events join bad_events on (%s) is null",
          "values ((%s))",
          "select * from (values (1, (%s))) v",
          "select * from unnest(array(%s))",
          "select unnest([(%s)])",
          "select * from range((%s))",
          "select * from json_each((%s)::json)",
          "select * from (pivot (%s) on a using count(*))",
          "pivot (%s) on a using count(*)",
          "unpivot (%s) on columns(*) into name n value v",
          "summarize %s",
          "describe %s",
          "explain %s",
          "explain analyze %s",
          "select * from (describe %s)",
          "select * from (summarize %s)",
          "copy (%s) to '/dev/null'",
          "create temp table hidden as %s",
          "create or replace temp view events as %s",
          "create macro hidden() as table %s",
          "insert into events %s",
          "prepare hidden as %s",
          "select 1; %s",
          "%s; select 1",
          "select * from query($hidden$%s$hidden$)",
          "select * from json_execute_serialized_sql(json_serialize_sql($hidden$%s$hidden$))",
          "select * from events at (version => (%s))",
          "select * from events tablesample ((%s)) percent");

  private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\\n]*|\\w+|\\s+|.");

  private final Random random;

  Disguises(long seed) {
    this.random = new Random(seed);
  }

  /** As many statements that hide a statement, up to three deep. */
  String hide(String sql) {
    String hidden = random.nextInt(3) == 0 ? respelt(sql) : sql;
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      hidden = around(random.nextInt(AROUND.size()), hidden);
    }
    return hidden;
  }

  /** How many ways there are to put a statement into another. */
  static int ways() {
    return AROUND.size();
  }

  static String around(int way, String sql) {
    return AROUND.get(way).replace("%s", sql);
  }

  /** The same statement with other spaces, comments and cases. */
  private String respelt(String sql) {
    StringBuilder spelt = new StringBuilder();
    Matcher words = WORD.matcher(sql);
    while (words.find()) {
      String word = words.group();
      if (word.isBlank()) {
        spelt.append(space());
      } else if (Character.isLetter(word.charAt(0))) {
        spelt.append(cased(word));
      } else {
        spelt.append(word);
      }
    }
    return spelt.toString();
  }

  private String space() {
    return switch (random.nextInt(6)) {
      case 0 -> "\n";
      case 1 -> "/**/";
      case 2 -> " -- '\n";
      case 3 -> " /* \" /* ; */ */ ";
      case 4 -> "\t\r\n ";
      default -> " ";
    };
  }

  private String cased(String word) {
    StringBuilder cased = new StringBuilder();
    for (char c : word.toCharArray()) {
      String letter = String.valueOf(c);
      cased.append(
          random.nextBoolean() ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
    }
    return cased.toString();
  }
}
