package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import weir.event.ColumnType;
import weir.query.Access;
import weir.query.duckdb.TestEngine;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;
import weir.testkit.Rounds;

/**
 * Many small random histories in one table, each a source of its own, which questions filter; and
 * questions about them, whose answers by a statement and from kept events must be the same.
 */
final class ReferenceWorld implements AutoCloseable {
  static final int CASES = Rounds.of(60, 120);
  static final ObjectMapper JSON = new ObjectMapper();
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
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

  /** Those kinds of which some are answered from kept events. */
  private static final Set<String> COUNTED = Set.of("trend", "retention", "funnel", "distribution");

  private final TestEngine engine;
  private final Insights insights;
  private final Insights kept;
  private final KeptEvents events;
  private final List<History> histories = new ArrayList<>();

  /** What one source sent, and what is asked of it. */
  record History(int number, ZoneId zone, List<Happening> events, Random random) {
    /** The beginning of a question about it, of some range. */
    ObjectNode body() {
      ObjectNode body = JSON.createObjectNode();
      ObjectNode filter = body.putArray("filters").addObject();
      filter.put("property", "source").put("op", "=").put("value", "s" + number);
      body.put("timezone", zone.getId());
      if (random.nextInt(3) > 0 && !events.isEmpty()) {
        int size = events.size();
        Instant a = events.get(random.nextInt(size)).at();
        Instant b = events.get(random.nextInt(size)).at();
        if (a.isBefore(b)) {
          body.put("from", a.toString());
          body.put("to", b.toString());
        }
      }
      return body;
    }

    /** Its events in the range of a question. */
    List<Happening> within(ObjectNode body) {
      if (!body.has("from")) {
        return events;
      }
      Instant from = Instant.parse(body.path("from").asText());
      Instant to = Instant.parse(body.path("to").asText());
      return events.stream()
          .filter(event -> !event.at().isBefore(from) && event.at().isBefore(to))
          .toList();
    }

    <T> T one(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }
  }

  ReferenceWorld(Path dir) throws Exception {
    engine = new TestEngine(dir);
    insights = new Insights(engine.engine(), InstantSource.fixed(NOW));
    events = new KeptEvents(engine.engine().events(), 64 << 20, RowDisk.NONE, System::nanoTime);
    kept = new Insights(engine.engine(), InstantSource.fixed(NOW), Optional.of(events));
    List<Happening> all = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      Random random = new Random(i);
      ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      Instant moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
      List<Happening> some = Happening.some(random, i, moment);
      histories.add(new History(i, zone, some, random));
      all.addAll(some);
    }
    engine.lake().property("price", ColumnType.DOUBLE);
    int half = all.size() / 2;
    engine
        .lake()
        .events(Happening.select(all.subList(0, half)) + " ORDER BY event, actor, timestamp");
    engine.lake().sidecars();
    engine.lake().events(Happening.select(all.subList(half, all.size())));
  }

  @Override
  public void close() {
    engine.close();
  }

  List<History> histories() {
    return histories;
  }

  /** The answer of a statement, which is that from kept events too. */
  JsonNode ask(String kind, ObjectNode body) throws Exception {
    JsonNode answer = ask(insights, kind, body.toString());
    ask(kept, kind, body.toString()); // some are kept only when they are asked again
    long counted = events.counted();
    assertThat(withoutStats(ask(kept, kind, body.toString())))
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

  /** The answer of a statement. */
  JsonNode statement(String kind, String body) throws Exception {
    return ask(insights, kind, body);
  }

  private JsonNode ask(Insights asked, String kind, String body) throws Exception {
    byte[] answer =
        engine.on(() ->
            asked.answer(
                kind,
                Access.to("shop"),
                body.getBytes(StandardCharsets.UTF_8),
                TestEngine.deadline()));
    return JSON.readTree(answer);
  }
}
