package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.QueryException;
import weir.query.duckdb.TestEngine;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;

/**
 * Questions over many small random histories, each beside plain Java that does what api.md says,
 * slowly. All histories lie in one table; each is a source of its own, which the questions filter.
 */
final class InsightReferenceTest {
  private static final int CASES = 120;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Asia/Kolkata",
          "Australia/Lord_Howe",
          "America/Sao_Paulo");

  /** Moments around which clocks are changed somewhere, a year's end, and an ordinary day. */
  private static final List<Instant> MOMENTS =
      List.of(
          Instant.parse("2026-03-29T00:30:00Z"),
          Instant.parse("2026-10-25T00:30:00Z"),
          Instant.parse("2026-11-01T05:30:00Z"),
          Instant.parse("2018-11-04T03:00:00Z"),
          Instant.parse("2026-04-04T14:50:00Z"),
          Instant.parse("2025-12-31T23:30:00Z"),
          Instant.parse("2026-06-10T10:00:00Z"));

  @TempDir static Path dir;
  private static TestEngine engine;
  private static Insights insights;
  private static Insights kept;
  private static KeptEvents events;

  /** Those kinds of which some are answered from kept events. */
  private static final Set<String> COUNTED = Set.of("trend", "retention", "funnel");

  private static final List<History> HISTORIES = new ArrayList<>();

  /** What one source sent, and what is asked of it. */
  private record History(int number, ZoneId zone, List<Happening> events, Random random) {}

  @BeforeAll
  static void open() throws Exception {
    engine = new TestEngine(dir);
    insights = new Insights(engine.engine(), InstantSource.fixed(NOW));
    events = new KeptEvents(engine.engine().events(), 64 << 20, RowDisk.NONE, System::nanoTime);
    kept = new Insights(engine.engine(), InstantSource.fixed(NOW), Optional.of(events));
    List<Happening> all = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      Random random = new Random(i);
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      Instant moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
      List<Happening> events = Happening.some(random, i, moment);
      HISTORIES.add(new History(i, zone, events, random));
      all.addAll(events);
    }
    engine.lake().property("price", ColumnType.DOUBLE);
    int half = all.size() / 2;
    engine
        .lake()
        .events(Happening.select(all.subList(0, half)) + " ORDER BY event, actor, timestamp");
    engine.lake().sidecars();
    engine.lake().events(Happening.select(all.subList(half, all.size())));
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /** The answer of a statement, which is that from kept events too. */
  private static JsonNode ask(String kind, ObjectNode body) throws Exception {
    JsonNode answer = ask(insights, kind, body);
    ask(kept, kind, body); // some are kept only when they are asked again
    long counted = events.counted();
    assertThat(withoutStats(ask(kept, kind, body)))
        .as("%s %s", kind, body)
        .isEqualTo(withoutStats(answer));
    if (COUNTED.contains(kind) && isCounted(body)) {
      assertThat(events.counted()).as("%s %s", kind, body).isEqualTo(counted + 1);
    }
    return answer;
  }

  private static boolean isCounted(ObjectNode body) {
    return List.of("total", "persons", "").contains(body.path("measure").asText())
        && !body.has("persons");
  }

  private static JsonNode withoutStats(JsonNode answer) {
    ObjectNode copy = answer.deepCopy();
    copy.remove("stats");
    return copy;
  }

  private static JsonNode ask(Insights asked, String kind, ObjectNode body) throws Exception {
    byte[] answer =
        engine.on(() ->
            asked.answer(
                kind,
                Access.to("shop"),
                body.toString().getBytes(StandardCharsets.UTF_8),
                TestEngine.deadline()));
    return JSON.readTree(answer);
  }

  private static ObjectNode body(History history) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode filter = body.putArray("filters").addObject();
    filter.put("property", "source").put("op", "=").put("value", "s" + history.number());
    body.put("timezone", history.zone().getId());
    if (history.random().nextInt(3) > 0 && !history.events().isEmpty()) {
      int size = history.events().size();
      Instant a = history.events().get(history.random().nextInt(size)).at();
      Instant b = history.events().get(history.random().nextInt(size)).at();
      if (a.isBefore(b)) {
        body.put("from", a.toString());
        body.put("to", b.toString());
      }
    }
    return body;
  }

  private static List<Happening> within(History history, ObjectNode body) {
    if (!body.has("from")) {
      return history.events();
    }
    Instant from = Instant.parse(body.path("from").asText());
    Instant to = Instant.parse(body.path("to").asText());
    return history.events().stream()
        .filter(event -> !event.at().isBefore(from) && event.at().isBefore(to))
        .toList();
  }

  private static <T> T one(History history, List<T> choices) {
    return choices.get(history.random().nextInt(choices.size()));
  }

  @Test
  void aPropertyNamedLikeAColumnCountsWhereTheColumnIsNull() throws Exception {
    try (TestEngine own = new TestEngine(dir.resolve("named"))) {
      String at = "TIMESTAMPTZ '2026-03-01 00:00:00+00'";
      own.lake()
          .property("country", ColumnType.STRING)
          .events(
              "SELECT 'a' AS event, 'u' AS actor, %s AS timestamp, %s AS received_at, NULL::VARCHAR AS country, 'DE' AS p_country UNION ALL SELECT 'a', 'v', %s, %s, 'AT', 'DE'"
                  .formatted(at, at, at, at));
      Insights asked = new Insights(own.engine(), InstantSource.fixed(NOW));
      String body =
          "{\"events\":[\"a\"],\"interval\":\"day\",\"breakdown\":\"country\","
              + "\"filters\":[{\"property\":\"country\",\"op\":\"in\",\"value\":[\"DE\",\"AT\"]}]}";
      byte[] answer =
          own.on(() ->
              asked.answer(
                  "trend",
                  Access.to("shop"),
                  body.getBytes(StandardCharsets.UTF_8),
                  TestEngine.deadline()));
      List<String> countries = new ArrayList<>();
      JSON.readTree(answer)
          .path("series")
          .forEach(s -> countries.add(s.path("breakdown").asText()));
      assertThat(countries).containsExactlyInAnyOrder("DE", "AT");
    }
  }

  @Test
  void trends() throws Exception {
    for (History history : HISTORIES) {
      ObjectNode body = body(history);
      String measure =
          one(
              history,
              List.of(
                  "total",
                  "persons",
                  "sum",
                  "avg",
                  "min",
                  "max",
                  "median",
                  "p95",
                  "distinct",
                  "sessions"));
      Interval interval = one(history, List.of(Interval.values()));
      boolean parts = history.random().nextBoolean();
      body.put("measure", measure).put("of", "price");
      body.put("interval", interval.name().toLowerCase(Locale.ROOT));
      body.putArray("events").add("a").add("b");
      if (parts) {
        body.put("breakdown", "country");
      }
      Map<String, TreeMap<Instant, Double>> expected =
          Reference.trend(
              within(history, body), List.of("a", "b"), measure, interval, parts, history.zone());
      Map<String, TreeMap<Instant, Double>> found = new TreeMap<>();
      for (JsonNode series : ask("trend", body).path("series")) {
        TreeMap<Instant, Double> points = new TreeMap<>();
        Instant last = Instant.MIN;
        for (JsonNode point : series.path("points")) {
          Instant at = Instant.parse(point.path("at").asText());
          assertThat(at).isAfter(last);
          last = at;
          if (point.path("value").asDouble() != 0) {
            points.put(at, rounded(point.path("value").asDouble()));
          }
        }
        if (!points.isEmpty()) {
          found.put(
              series.path("event").asText() + "/" + series.path("breakdown").asText(), points);
        }
      }
      expected.values().forEach(points -> points.replaceAll((at, value) -> rounded(value)));
      assertThat(found).as("history %d: %s", history.number(), body).isEqualTo(expected);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1e9) / 1e9;
  }

  @Test
  void retention() throws Exception {
    for (History history : HISTORIES) {
      ObjectNode body = body(history);
      String mode = one(history, List.of("recurring", "first_time", "rolling"));
      Interval period =
          one(history, List.of(Interval.HOUR, Interval.DAY, Interval.WEEK, Interval.MONTH));
      boolean sunday = history.random().nextBoolean();
      int periods = 1 + history.random().nextInt(5);
      body.put("mode", mode).put("periods", periods);
      body.put("period", period.name().toLowerCase(Locale.ROOT));
      body.put("week_start", sunday ? "sunday" : "monday");
      body.putObject("start").put("event", "a");
      boolean any = history.random().nextInt(4) == 0;
      if (!any) {
        body.putObject("return").put("event", "b");
      }
      Map<String, String> expected =
          Reference.retention(
              history.events(),
              within(history, body),
              any ? "" : "b",
              period,
              periods,
              mode,
              sunday,
              history.zone());
      Map<String, String> found = new TreeMap<>();
      for (JsonNode cohort : ask("retention", body).path("cohorts")) {
        ArrayNode returned = ((ArrayNode) cohort.path("returned")).deepCopy();
        while (returned.size() < periods) {
          returned.add(0);
        }
        if (cohort.path("size").asLong() > 0) {
          found.put(cohort.path("start").asText(), cohort.path("size") + " " + returned);
        }
      }
      assertThat(found).as("history %d: %s", history.number(), body).isEqualTo(expected);
    }
  }

  @Test
  void paths() throws Exception {
    for (History history : HISTORIES) {
      ObjectNode body = body(history);
      String start = one(history, List.of("", "a", "b"));
      String end = one(history, List.of("", "", "c", "a"));
      boolean collapse = history.random().nextBoolean();
      boolean sessions = history.random().nextBoolean();
      int steps = 2 + history.random().nextInt(4);
      body.put("start", start).put("end", end).put("steps", steps).put("top", 1000);
      body.put("collapse_repeats", collapse).put("by", sessions ? "session" : "person");
      Map<String, Long> expected =
          Reference.links(within(history, body), start, end, steps, sessions, collapse);
      Map<String, Long> found = new TreeMap<>();
      for (JsonNode link : ask("path", body).path("links")) {
        found.put(
            link.path("step") + " " + link.path("from").asText() + " " + link.path("to").asText(),
            link.path("count").asLong());
      }
      assertThat(found).as("history %d: %s", history.number(), body).isEqualTo(expected);
    }
  }

  @Test
  void sessions() throws Exception {
    for (History history : HISTORIES) {
      ObjectNode body = body(history);
      int minutes = one(history, List.of(5, 30, 120));
      body.put("timeout", minutes + "m");
      List<List<Happening>> sessions =
          Reference.sessions(within(history, body), Duration.ofMinutes(minutes));
      double[] seconds =
          sessions.stream()
              .mapToDouble(
                  s -> Duration.between(s.getFirst().at(), s.getLast().at()).toMillis() / 1e3)
              .sorted()
              .toArray();
      JsonNode found = ask("sessions", body);
      String what = "history " + history.number() + ": " + body + " " + found;
      assertThat(found.path("sessions").asInt()).as(what).isEqualTo(sessions.size());
      Set<String> persons = new HashSet<>();
      sessions.forEach(s -> persons.add(s.getFirst().person()));
      assertThat(found.path("persons").asInt()).as(what).isEqualTo(persons.size());
      if (seconds.length > 0) {
        assertThat(found.path("max_seconds").asDouble())
            .as(what)
            .isEqualTo(seconds[seconds.length - 1]);
        assertThat(found.path("median_seconds").asDouble())
            .as(what)
            .isCloseTo(Reference.quantile(seconds, 0.5), offset(1e-9));
        assertThat(found.path("mean_seconds").asDouble())
            .as(what)
            .isCloseTo(Arrays.stream(seconds).average().orElse(0), offset(1e-6));
        long bounces = sessions.stream().filter(s -> s.size() == 1).count();
        assertThat(found.path("bounce_rate").asDouble())
            .as(what)
            .isCloseTo((double) bounces / sessions.size(), offset(1e-9));
      }
    }
  }

  /** The persons behind a number are as many as it says, and who they are. */
  @Test
  void personsBehindNumbers() throws Exception {
    for (History history : HISTORIES.subList(0, CASES / 4)) {
      ObjectNode body = body(history);
      body.put("measure", "persons").put("interval", "day");
      body.putArray("events").add("a");
      for (JsonNode point : ask("trend", body).path("series").path(0).path("points")) {
        Instant at = Instant.parse(point.path("at").asText());
        body.putObject("persons").put("event", "a").put("at", at.toString());
        Set<String> expected = new TreeSet<>();
        for (Happening each : within(history, body)) {
          if (each.event().equals("a")
              && each.person() != null
              && Reference.start(each.at(), Interval.DAY, history.zone()).equals(at)) {
            expected.add(each.person());
          }
        }
        JsonNode answer = ask("trend", body);
        assertThat(answer.path("persons"))
            .extracting(JsonNode::asText)
            .containsExactlyElementsOf(expected);
        assertThat(answer.path("persons_total").asLong()).isEqualTo(point.path("value").asLong());
      }
    }
  }

  @Test
  void aRequestThatIsWrongSaysWhere() {
    for (String[] wrong :
        new String[][] {
          {"funnel", "{}", "steps"},
          {"funnel", "{\"steps\":[{\"event\":1}]}", "steps[0].event"},
          {"funnel", "{\"steps\":[{\"event\":\"a\"}],\"window\":\"soon\"}", "window"},
          {"trend", "{\"measure\":\"sum\"}", "of"},
          {"trend", "{\"interval\":\"fortnight\"}", "interval"},
          {"trend", "{\"timezone\":\"Mars\"}", "timezone"},
          {"trend", "{\"filters\":[{\"property\":\"x\",\"op\":\"~\"}]}", "filters[0].op"},
          {"path", "{\"stepps\":3}", "stepps"},
          {"retention", "{\"period\":\"minute\"}", "period"},
          {"sessions", "[]", "object"},
          {"guess", "{}", "guess"}
        }) {
      try {
        engine.on(() ->
            insights.answer(
                wrong[0],
                Access.to("shop"),
                wrong[1].getBytes(StandardCharsets.UTF_8),
                TestEngine.deadline()));
        throw new AssertionError(wrong[1] + " was answered");
      } catch (QueryException e) {
        assertThat(e).hasMessageContaining(wrong[2]);
        assertThat(e.error().status()).isIn(400, 404);
      }
    }
  }
}
