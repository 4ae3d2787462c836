package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.WrittenNumber;
import weir.query.Access;
import weir.query.RowLimit;
import weir.query.duckdb.TestEngine;
import weir.query.duckdb.TestProject;
import weir.query.duckdb.TestProject.Json;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;

/**
 * Numbers of every size, wherever they lie: filters, funnels, limits and SQL find each by what was
 * sent and no other, and a breakdown calls it the same everywhere.
 */
final class SentNumbersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0.0",
          "17",
          "0.1",
          "-2.5",
          "1e-7",
          "1e-320",
          "9007199254740991",
          "9007199254740992",
          "9007199254740993",
          "9007199254740994",
          "12345678901234567890",
          "12345678901234567168",
          "1e21",
          "1e22",
          "1e23",
          "100000000000000000000000",
          "1e25",
          "10000000000000000000000000",
          "-1.5e300",
          "1e308",
          "1e400");

  private static final List<String> ASKED =
      Stream.concat(
              NUMBERS.stream(),
              Stream.of(
                  "-0",
                  "17.0",
                  "1.7e1",
                  "9007199254740993.0",
                  "9.007199254740993e15",
                  "1.2345678901234567e19",
                  "10000000000000000000000",
                  "10000000000000000905969664",
                  "10000000000000000905969665",
                  "1E+25",
                  "1E400",
                  "1e-400",
                  "3"))
          .toList();

  /** The property whose column is of numbers, and those without one or with one of another type. */
  private static final List<String> PLACES = List.of("number", "json", "text", "flag", "both");

  @TempDir Path dir;

  private static Object kept(String number) {
    Optional<WrittenNumber> written = WrittenNumber.read(number);
    return written.orElseThrow().asDouble().isPresent()
        ? (Object) Double.valueOf(number)
        : new Json(number);
  }

  /** Not all places, for the sake of time: two that are others for each number. */
  private static List<String> some(String op, String asked) {
    int first = Math.floorMod((op + asked).hashCode(), PLACES.size());
    return List.of(PLACES.get(first), PLACES.get((first + 2) % PLACES.size()));
  }

  private static String label(String number) {
    return kept(number) instanceof Double is ? WrittenNumber.text(is) : number;
  }

  /** What a number means, by the slow way. */
  private static BigDecimal meant(String number) {
    boolean isDigits = number.chars().noneMatch(c -> ".eE".indexOf(c) >= 0);
    double nearest = Double.parseDouble(number);
    boolean isLost =
        Double.isInfinite(nearest) || (nearest == 0 && new BigDecimal(number).signum() != 0);
    return isDigits || isLost ? new BigDecimal(number) : new BigDecimal(nearest);
  }

  private record World(TestProject project, List<Insights> insights) implements AutoCloseable {
    static World of(Path dir) throws Exception {
      TestProject project = new TestProject(dir);
      InstantSource now = InstantSource.fixed(Instant.parse("2026-03-02T00:00:00Z"));
      KeptEvents events =
          new KeptEvents(project.engine().events(), 64 << 20, RowDisk.NONE, System::nanoTime);
      World world =
          new World(
              project,
              List.of(
                  new Insights(project.engine(), project.lake(), now, Optional.empty()),
                  new Insights(project.engine(), project.lake(), now, Optional.of(events))));
      project.track("First", "u", 0, Map.of("number", 1.0, "text", "a", "flag", true, "both", 1.0));
      project.track("First", "u", 0, Map.of("both", "a", "json", new Json("[]")));
      for (String number : NUMBERS) {
        for (String place : PLACES) {
          Object value = kept(number);
          boolean inJson = place.equals("json") && value instanceof Double;
          project.track(
              "Seen",
              "u-" + number,
              1,
              Map.of(place, inJson ? new Json(String.valueOf(value)) : value));
        }
      }
      project.track("Seen", "text", 1, Map.of("text", "1e25"));
      project.track("Digits", "text", 1, Map.of("text", "112233445566778880"));
      project.commit();
      project.awaitAll();
      return world;
    }

    JsonNode ask(Insights asked, String kind, String body) throws Exception {
      return JSON.readTree(
          TestEngine.on(
              project.engine(),
              () ->
                  asked.answer(
                      kind,
                      Access.to(TestProject.NAME),
                      body.getBytes(StandardCharsets.UTF_8),
                      TestEngine.deadline())));
    }

    @Override
    public void close() throws Exception {
      project.close();
    }
  }

  private static long found(JsonNode trend) {
    return trend.path("series").path(0).path("points").path(0).path("value").asLong();
  }

  private static boolean holds(String op, int compared) {
    return switch (op) {
      case "=", "in" -> compared == 0;
      case "!=", "not_in" -> compared != 0;
      case "<" -> compared < 0;
      case "<=" -> compared <= 0;
      case ">" -> compared > 0;
      default -> compared >= 0;
    };
  }

  /** Numbers beyond all doubles are equal to themselves, and in no order. */
  private static boolean holds(String op, String place, String sent, String asked) {
    boolean isOrder = op.contains("<") || op.contains(">");
    if (sent.equals("1e400") && isOrder) {
      return false;
    }
    return holds(op, meant(sent).compareTo(meant(asked)));
  }

  @Test
  void filtersFindWhatWasSent() throws Exception {
    try (World world = World.of(dir)) {
      for (String op : List.of("=", "!=", "in", "not_in", "<", "<=", ">", ">=")) {
        for (String asked : ASKED) {
          for (String place : op.equals("=") ? PLACES : some(op, asked)) {
            String value = op.endsWith("in") ? "[" + asked + "]" : asked;
            String filters =
                "[{\"property\":\"%s\",\"op\":\"is_not_null\"},{\"property\":\"%s\",\"op\":\"%s\",\"value\":%s}]"
                    .formatted(place, place, op, value);
            String body = "{\"events\":[\"Seen\"],\"filters\":" + filters + "}";
            long expected =
                NUMBERS.stream().filter(sent -> holds(op, place, sent, asked)).count()
                    + (place.equals("text") ? ofText(op, asked) : 0);
            JsonNode answer = world.ask(world.insights().getFirst(), "trend", body);
            assertThat(found(answer)).as("%s: %s", body, answer).isEqualTo(expected);
          }
        }
      }
    }
  }

  /** The text "1e25": a number in order, else none that is written otherwise. */
  private static int ofText(String op, String asked) {
    boolean isOrder = op.contains("<") || op.contains(">");
    return isOrder
        ? holds(op, meant("1e25").compareTo(meant(asked))) ? 1 : 0
        : op.startsWith("!") || op.startsWith("not") ? 1 : 0;
  }

  @Test
  void funnelsLimitsAndSqlAgree() throws Exception {
    try (World world = World.of(dir)) {
      for (String asked : ASKED) {
        long expected = NUMBERS.stream().filter(sent -> holds("=", "", sent, asked)).count();
        for (String place : some("limit", asked)) {
          String step =
              "{\"steps\":[{\"event\":\"Seen\",\"filters\":[{\"property\":\"%s\",\"value\":%s}]}]}"
                  .formatted(place, asked);
          for (Insights insights : world.insights()) {
            assertThat(
                    world
                        .ask(insights, "funnel", step)
                        .path("steps")
                        .path(0)
                        .path("count")
                        .asLong())
                .as(step)
                .isEqualTo(expected);
          }
          RowLimit limit = RowLimit.parse(place, asked);
          assertThat(
                  world
                      .project()
                      .rows(Optional.of(limit), "select count(*) from events where event = 'Seen'"))
              .as("%s = %s", place, asked)
              .isEqualTo(List.of(List.of(expected)));
        }
        if (kept(asked) instanceof Double number) {
          long inColumn =
              NUMBERS.stream().filter(sent -> Double.parseDouble(sent) == number).count();
          assertThat(world.project().rows("select count(*) from seen where number = " + asked))
              .as("of a column of doubles: %s", asked)
              .isEqualTo(List.of(List.of(inColumn)));
        }
      }
    }
  }

  /** Numbers of many digits are ids, often: as texts and as numbers alike. */
  @Test
  void digitsFindTextsOfTheSameDigits() throws Exception {
    try (World world = World.of(dir)) {
      for (String op : List.of("=", "in", "contains", "starts_with", ">=", "matches")) {
        String value = op.equals("in") ? "[112233445566778880]" : "112233445566778880";
        String body =
            "{\"events\":[\"Digits\"],\"filters\":[{\"property\":\"text\",\"op\":\"%s\",\"value\":%s}]}"
                .formatted(op, value);
        assertThat(found(world.ask(world.insights().getFirst(), "trend", body)))
            .as(op)
            .isEqualTo(1);
      }
      RowLimit limit = RowLimit.parse("text", "112233445566778880");
      assertThat(world.project().rows(Optional.of(limit), "select count(*) from events"))
          .isEqualTo(List.of(List.of(1L)));
    }
  }

  @Test
  void aNumberIsCalledTheSameWhereverItLies() throws Exception {
    Map<String, Long> expected = new TreeMap<>();
    NUMBERS.forEach(sent -> expected.merge(label(sent), 1L, Long::sum));
    assertThat(expected)
        .containsEntry("0", 2L)
        .containsKeys("1e+21", "1e-07", "1e+308", "9007199254740993");
    try (World world = World.of(dir)) {
      for (String place : PLACES) {
        for (Insights insights : world.insights()) {
          String body =
              "{\"events\":[\"Seen\"],\"breakdown\":\"%s\",\"filters\":[{\"property\":\"%s\",\"op\":\"is_not_null\"}]}"
                  .formatted(place, place);
          Map<String, Long> found = new TreeMap<>();
          for (JsonNode series : world.ask(insights, "trend", body).path("series")) {
            found.merge(
                series.path("breakdown").asText(),
                series.path("points").path(0).path("value").asLong(),
                Long::sum);
          }
          found.remove("1e25"); // a text stays as it was sent
          assertThat(found).as(place).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void theTextOfADoubleIsThatOfTheEngine() throws Exception {
    List<Double> doubles = new ArrayList<>(List.of(0.1, 5e-324, 1e16, 1e15, 9.999999999999998e15));
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      double any = Double.longBitsToDouble(random.nextLong());
      doubles.add(Double.isFinite(any) ? any : 1.0);
      doubles.add((random.nextLong() >> random.nextInt(64)) / Math.pow(10, random.nextInt(25)));
    }
    try (TestProject project = new TestProject(dir)) {
      for (double each : doubles) {
        String number = "CAST('" + each + "' AS DOUBLE)";
        List<List<@Nullable Object>> rows =
            project.rows("select " + new DuckDbDialect().numberText(number));
        assertThat(Objects.requireNonNull(rows.getFirst().getFirst()))
            .isEqualTo(WrittenNumber.text(each));
      }
    }
  }
}
