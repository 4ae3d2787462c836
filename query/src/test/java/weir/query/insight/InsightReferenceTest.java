package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import weir.query.insight.ReferenceWorld.History;

/**
 * Questions over many small random histories, each beside plain Java that does what api.md says,
 * slowly. All histories lie in one table; each is a source of its own, which the questions filter.
 */
final class InsightReferenceTest {
  @TempDir static Path dir;
  private static ReferenceWorld world;

  @BeforeAll
  static void open() throws Exception {
    world = new ReferenceWorld(dir);
  }

  @AfterAll
  static void close() {
    world.close();
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
      Insights asked = new Insights(own.engine(), InstantSource.fixed(ReferenceWorld.NOW));
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
      ReferenceWorld.JSON
          .readTree(answer)
          .path("series")
          .forEach(s -> countries.add(s.path("breakdown").asText()));
      assertThat(countries).containsExactlyInAnyOrder("DE", "AT");
    }
  }

  @Test
  void trends() throws Exception {
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      String measure =
          history.one(
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
      Interval interval = history.one(List.of(Interval.values()));
      boolean parts = history.random().nextBoolean();
      body.put("measure", measure).put("of", "price");
      body.put("interval", interval.name().toLowerCase(Locale.ROOT));
      body.putArray("events").add("a").add("b");
      if (parts) {
        body.put("breakdown", "country");
      }
      Map<String, TreeMap<Instant, Double>> expected =
          Reference.trend(
              history.within(body), List.of("a", "b"), measure, interval, parts, history.zone());
      Map<String, TreeMap<Instant, Double>> found = new TreeMap<>();
      for (JsonNode series : world.ask("trend", body).path("series")) {
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
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      String mode = history.one(List.of("recurring", "first_time", "rolling"));
      Interval period =
          history.one(List.of(Interval.HOUR, Interval.DAY, Interval.WEEK, Interval.MONTH));
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
              history.within(body),
              any ? "" : "b",
              period,
              periods,
              mode,
              sunday,
              history.zone());
      Map<String, String> found = new TreeMap<>();
      for (JsonNode cohort : world.ask("retention", body).path("cohorts")) {
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
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      String start = history.one(List.of("", "a", "b"));
      String end = history.one(List.of("", "", "c", "a"));
      boolean collapse = history.random().nextBoolean();
      boolean sessions = history.random().nextBoolean();
      int steps = 2 + history.random().nextInt(4);
      body.put("start", start).put("end", end).put("steps", steps).put("top", 1000);
      body.put("collapse_repeats", collapse).put("by", sessions ? "session" : "person");
      Map<String, Long> expected =
          Reference.links(history.within(body), start, end, steps, sessions, collapse);
      Map<String, Long> found = new TreeMap<>();
      for (JsonNode link : world.ask("path", body).path("links")) {
        found.put(
            link.path("step") + " " + link.path("from").asText() + " " + link.path("to").asText(),
            link.path("count").asLong());
      }
      assertThat(found).as("history %d: %s", history.number(), body).isEqualTo(expected);
    }
  }

  @Test
  void sessions() throws Exception {
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      int minutes = history.one(List.of(5, 30, 120));
      body.put("timeout", minutes + "m");
      List<List<Happening>> sessions =
          Reference.sessions(history.within(body), Duration.ofMinutes(minutes));
      double[] seconds =
          sessions.stream()
              .mapToDouble(
                  s -> Duration.between(s.getFirst().at(), s.getLast().at()).toMillis() / 1e3)
              .sorted()
              .toArray();
      JsonNode found = world.ask("sessions", body);
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
    for (History history : world.histories().subList(0, ReferenceWorld.CASES / 4)) {
      ObjectNode body = history.body();
      body.put("measure", "persons").put("interval", "day");
      body.putArray("events").add("a");
      for (JsonNode point : world.ask("trend", body).path("series").path(0).path("points")) {
        Instant at = Instant.parse(point.path("at").asText());
        body.putObject("persons").put("event", "a").put("at", at.toString());
        Set<String> expected = new TreeSet<>();
        for (Happening each : history.within(body)) {
          if (each.event().equals("a")
              && each.person() != null
              && Reference.start(each.at(), Interval.DAY, history.zone()).equals(at)) {
            expected.add(each.person());
          }
        }
        JsonNode answer = world.ask("trend", body);
        assertThat(answer.path("persons"))
            .extracting(JsonNode::asText)
            .containsExactlyElementsOf(expected);
        assertThat(answer.path("persons_total").asLong()).isEqualTo(point.path("value").asLong());
      }
    }
  }

  @Test
  void aRequestThatIsWrongSaysWhere() throws Exception {
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
          {"funnel", "{\"steps\":[{\"event\":\"a\"}],\"match\":\"dish\"}", "match"},
          {"funnel", "{\"steps\":[{\"event\":\"a\"}],\"match\":[\"\"]}", "match"},
          {"distribution", "{\"per\":\"event\"}", "of is missing"},
          {"distribution", "{\"aggregate\":\"max\"}", "of is missing"},
          {"distribution", "{\"of\":\"x\",\"per\":\"event\",\"aggregate\":\"count\"}", "count"},
          {"distribution", "{\"of\":\"x\",\"aggregate\":\"avg\"}", "aggregate"},
          {"distribution", "{\"of\":\"x\",\"per\":\"user\"}", "per"},
          {"distribution", "{\"of\":\"x\",\"bins\":0}", "bins"},
          {"distribution", "{\"of\":\"x\",\"bins\":501}", "bins"},
          {"distribution", "{\"of\":\"x\",\"bins\":5,\"edges\":[1,2]}", "not both"},
          {"distribution", "{\"of\":\"x\",\"edges\":[1]}", "edges"},
          {"distribution", "{\"of\":\"x\",\"edges\":[1,1]}", "edges"},
          {"distribution", "{\"of\":\"x\",\"edges\":[1,\"2\"]}", "edges"},
          {"distribution", "{\"of\":\"x\",\"edges\":[1,1e999]}", "edges"},
          {"distribution", "{\"of\":\"x\",\"persons\":{}}", "persons.bin"},
          {"distribution", "{\"of\":\"x\",\"persons\":{\"bin\":\"beside\"}}", "persons.bin"},
          {"distribution", "{\"of\":\"x\",\"edges\":[0,1],\"persons\":{\"bin\":2}}", "from 1 to 1"},
          {"guess", "{}", "guess"}
        }) {
      try {
        world.statement(wrong[0], wrong[1]);
        throw new AssertionError(wrong[1] + " was answered");
      } catch (QueryException e) {
        assertThat(e).hasMessageContaining(wrong[2]);
        assertThat(e.error().status()).isIn(400, 404);
      }
    }
  }
}
