package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A question about behaviour as both sides are asked it.
 *
 * @param kind which insight of the API
 * @param fields of the request, without braces and filters
 * @param column that variants of the question filter by; the question reads it anyway
 * @param sql for ClickHouse: $ROWS are the rows
 * @param ours reads the API's answer as lines
 * @param theirs reads ClickHouse's rows as the same lines
 */
record InsightQuestion(
    String name,
    String kind,
    String fields,
    String column,
    String sql,
    Function<JsonNode, List<String>> ours,
    Function<List<JsonNode>, List<String>> theirs) {
  private static final long WINDOW_MICROS = 7 * 86_400_000_000L;
  private static final int MONDAY = 3;
  private static final int PERIODS = 12;
  private static final int HOURS_WEST = 13;
  private static final int BINS = 8;
  private static final int WIDTH = 25;
  private static final String SHARES = "0.25, 0.5, 0.75, 0.9, 0.95, 0.99";

  /** Those that are measured beside ClickHouse. */
  static List<InsightQuestion> all(Instant start) {
    return List.of(
        funnel("product_seen", "product_added", "order_completed"),
        funnel("page_seen", "product_seen", "product_added", "checkout_begun", "order_completed"),
        matched("product_seen", "product_added", "order_completed"),
        retention(LocalDate.ofInstant(start, ZoneOffset.UTC)),
        paths(),
        trend(),
        distribution());
  }

  /** The body of another question about the same events, another one for each number. */
  String otherBody(int number) {
    int hours = number % HOURS_WEST;
    String other =
        fields
            .replace("\"7d\"", "\"" + (200 + number) + "h\"")
            .replace("\"periods\": " + PERIODS, "\"periods\": " + (PERIODS + number))
            .replace("\"edges\": [0,", "\"edges\": [0.%03d,".formatted(number))
            .replace("\"steps\": 4", "\"steps\": " + (4 + number))
            .replace(
                "\"interval\": \"day\"",
                "\"interval\": \"day\", \"timezone\": \"Etc/GMT+" + hours + "\"");
    return "{" + other + "}";
  }

  /** The body of the request; variants answer the same, and no two of them are the same. */
  String body(int variant) {
    String filters =
        variant == 0
            ? ""
            : ", \"filters\": [{\"property\": \"%s\", \"op\": \"!=\", \"value\": \"none-%d\"}]"
                .formatted(column, variant);
    return "{" + fields + filters + "}";
  }

  /**
   * The statement for ClickHouse.
   *
   * @param files as a path or glob
   * @param person an expression
   */
  String sql(String files, String person, int variant) {
    String rows =
        "(SELECT %s AS person, event, country, toUnixTimestamp64Micro(timestamp) AS micros,"
            + " timestamp, page_path, p_price FROM file('%s', Parquet,"
            + " 'event LowCardinality(String), actor String, timestamp DateTime64(6, \\'UTC\\'),"
            + " country LowCardinality(String), page_path String, p_price Float64') WHERE true%s)";
    String condition = variant == 0 ? "" : " AND %s != 'none-%d'".formatted(column, variant);
    return sql.replace("$ROWS", rows.formatted(person, files, condition));
  }

  private static InsightQuestion funnel(String... steps) {
    String events =
        Stream.of(steps).map("{\"event\": \"%s\"}"::formatted).collect(Collectors.joining(", "));
    String names = Stream.of(steps).map("'%s'"::formatted).collect(Collectors.joining(", "));
    String conditions =
        Stream.of(steps).map("event = '%s'"::formatted).collect(Collectors.joining(", "));
    String sql =
        "SELECT level, count() FROM (SELECT windowFunnel(%d)(toUInt64(micros), %s) AS level"
            + " FROM $ROWS WHERE event IN (%s) GROUP BY person) GROUP BY level";
    return new InsightQuestion(
        "funnel of %d steps".formatted(steps.length),
        "funnel",
        "\"steps\": [%s], \"window\": \"7d\"".formatted(events),
        "event",
        sql.formatted(WINDOW_MICROS, conditions, names),
        InsightQuestion::funnelLines,
        rows -> reached(rows, steps.length));
  }

  /** The same page in all steps; the person counts by the page on which most were taken. */
  private static InsightQuestion matched(String... steps) {
    InsightQuestion funnel = funnel(steps);
    String sql =
        funnel
            .sql()
            .replace(
                "(SELECT windowFunnel",
                "(SELECT max(best) AS level FROM (SELECT person, windowFunnel")
            .replace("AS level FROM $ROWS", "AS best FROM $ROWS")
            .replace("GROUP BY person)", "GROUP BY person, page_path) GROUP BY person)");
    return new InsightQuestion(
        funnel.name() + ", the same page",
        funnel.kind(),
        funnel.fields() + ", \"match\": [\"page_path\"]",
        funnel.column(),
        sql,
        funnel.ours(),
        funnel.theirs());
  }

  /** The greatest price that each person has seen. */
  private static InsightQuestion distribution() {
    String edges =
        IntStream.rangeClosed(0, BINS)
            .mapToObj(edge -> String.valueOf(WIDTH * edge))
            .collect(Collectors.joining(", "));
    String bins =
        IntStream.range(0, BINS)
            .mapToObj(bin ->
                "countIf(price >= %d AND price %s %d)"
                    .formatted(WIDTH * bin, bin == BINS - 1 ? "<=" : "<", WIDTH * (bin + 1)))
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT %s, countIf(price > %d), quantilesExactInclusive(%s)(price) FROM"
            + " (SELECT max(p_price) AS price FROM $ROWS WHERE event = 'product_seen'"
            + " GROUP BY person)";
    return new InsightQuestion(
        "greatest price by person",
        "distribution",
        ("\"edges\": [%s], \"events\": [\"product_seen\"], \"of\": \"price\","
                + " \"per\": \"person\", \"aggregate\": \"max\"")
            .formatted(edges),
        "event",
        sql.formatted(bins, WIDTH * BINS, SHARES),
        InsightQuestion::binLines,
        rows -> {
          List<String> lines = new ArrayList<>();
          JsonNode row = rows.getFirst();
          for (int i = 0; i <= BINS; i++) {
            lines.add("bin " + i + ": " + row.get(i).asLong());
          }
          row.get(BINS + 1).forEach(value -> lines.add(quantile(value)));
          return lines;
        });
  }

  private static List<String> binLines(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    for (JsonNode bin : answer.path("bins")) {
      lines.add("bin " + lines.size() + ": " + bin.path("count").asLong());
    }
    lines.add("bin " + lines.size() + ": " + answer.path("above").asLong());
    answer.path("quantiles").forEach(value -> lines.add(quantile(value)));
    return lines;
  }

  private static String quantile(JsonNode value) {
    return "quantile: %.6f".formatted(value.asDouble());
  }

  private static List<String> funnelLines(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    for (JsonNode step : answer.path("steps")) {
      lines.add("step %d: %d".formatted(lines.size() + 1, step.path("count").asLong()));
    }
    return lines;
  }

  /** How many reached each step, of how many ended at each. */
  private static List<String> reached(List<JsonNode> rows, int steps) {
    long[] counts = new long[steps + 1];
    rows.forEach(row -> counts[row.get(0).asInt()] = row.get(1).asLong());
    List<String> lines = new ArrayList<>();
    long sum = 0;
    for (int step = steps; step > 0; step--) {
      sum += counts[step];
      lines.addFirst("step %d: %d".formatted(step, sum));
    }
    return lines;
  }

  /** A bit for each week of a person, the first one that of the first event. */
  private static InsightQuestion retention(LocalDate start) {
    LocalDate monday = start.minusDays(Math.floorMod(start.toEpochDay() + MONDAY, 7L));
    String bit =
        "bitShiftLeft(toUInt64(1), toUInt8(intDiv(toUInt32(toDate(timestamp)) - %d, 7)))"
            .formatted(monday.toEpochDay());
    String sql =
        "SELECT toString(toDate('%s') + 7 * cohort), later, count() FROM (SELECT"
            + " bitPositionsToArray(groupBitOr(if(event = 'product_seen', %s, 0))) AS cohorts,"
            + " bitPositionsToArray(groupBitOr(%s)) AS weeks FROM $ROWS GROUP BY person)"
            + " ARRAY JOIN cohorts AS cohort"
            + " ARRAY JOIN arrayPushFront(arrayFilter(later -> later >= 0 AND later < %d,"
            + " arrayMap(week -> toInt16(week) - toInt16(cohort), weeks)), -1) AS later"
            + " GROUP BY cohort, later ORDER BY cohort, later";
    return new InsightQuestion(
        "retention by week",
        "retention",
        ("\"start\": {\"event\": \"product_seen\"}, \"period\": \"week\", \"periods\": %d,"
                + " \"mode\": \"recurring\"")
            .formatted(PERIODS),
        "event",
        sql.formatted(monday, bit, bit, PERIODS),
        InsightQuestion::cohortLines,
        InsightQuestion::columns);
  }

  private static List<String> cohortLines(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    for (JsonNode cohort : answer.path("cohorts")) {
      String start = cohort.path("start").asText();
      lines.add(start + " -1 " + cohort.path("size").asLong());
      for (int later = 0; later < cohort.path("returned").size(); later++) {
        long persons = cohort.path("returned").get(later).asLong();
        if (persons > 0) {
          lines.add(start + " " + later + " " + persons);
        }
      }
    }
    return lines;
  }

  /** Times and names of a person in order, cut where half an hour passed, without repeats. */
  private static InsightQuestion paths() {
    String sql =
        "SELECT link.1 AS step, link.2 AS source, link.3 AS target, count() AS paths FROM (SELECT"
            + " arraySlice(arrayCompact(visit), 1, 4) AS shown FROM (SELECT arrayJoin(arraySplit("
            + "(name, gap) -> gap, arrayMap(each -> each.2, seen), arrayMap(gap -> gap >"
            + " 1800000000, arrayDifference(arrayMap(each -> each.1, seen))))) AS visit FROM"
            + " (SELECT arraySort(groupArray((micros, event))) AS seen FROM $ROWS GROUP BY"
            + " person))) ARRAY JOIN arrayMap(i -> (i, shown[i], shown[i + 1]),"
            + " range(1, length(shown))) AS link GROUP BY step, source, target"
            + " ORDER BY step, paths DESC, source, target LIMIT 10 BY step";
    return new InsightQuestion(
        "paths of 4 steps by session",
        "path",
        "\"steps\": 4, \"by\": \"session\", \"top\": 10",
        "event",
        sql,
        answer -> fields(answer.path("links"), "step", "from", "to", "count"),
        InsightQuestion::columns);
  }

  private static InsightQuestion trend() {
    String sql =
        "SELECT country, toDate(timestamp) AS day, uniqExact(person) FROM $ROWS"
            + " GROUP BY country, day ORDER BY country, day";
    return new InsightQuestion(
        "persons a day by country",
        "trend",
        "\"measure\": \"persons\", \"interval\": \"day\", \"breakdown\": \"country\"",
        "country",
        sql,
        InsightQuestion::pointLines,
        InsightQuestion::columns);
  }

  private static List<String> pointLines(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    for (JsonNode series : answer.path("series")) {
      for (JsonNode point : series.path("points")) {
        if (point.path("value").asLong() > 0) {
          String day = point.path("at").asText().substring(0, "2026-01-01".length());
          lines.add(
              String.join(
                  " ",
                  series.path("breakdown").asText(),
                  day,
                  Long.toString(point.path("value").asLong())));
        }
      }
    }
    return lines.stream().sorted().toList();
  }

  private static List<String> fields(JsonNode objects, String... names) {
    List<String> lines = new ArrayList<>();
    for (JsonNode object : objects) {
      lines.add(
          Stream.of(names)
              .map(name -> object.path(name).asText())
              .collect(Collectors.joining(" ")));
    }
    return lines;
  }

  private static List<String> columns(List<JsonNode> rows) {
    List<String> lines = new ArrayList<>();
    for (JsonNode row : rows) {
      List<String> values = new ArrayList<>();
      row.forEach(value -> values.add(value.asText()));
      lines.add(String.join(" ", values));
    }
    return lines;
  }
}
