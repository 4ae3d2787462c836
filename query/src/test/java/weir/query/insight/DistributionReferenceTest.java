package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.insight.ReferenceWorld.History;

/** Distributions over many small random histories, each beside slow plain Java. */
final class DistributionReferenceTest {
  @TempDir static Path dir;
  private static ReferenceWorld world;

  /** What has a number, or none. */
  private record Unit(@Nullable String person, @Nullable Double value) {}

  @BeforeAll
  static void open() throws Exception {
    world = new ReferenceWorld(dir);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static ObjectNode some(History history) {
    ObjectNode body = history.body();
    body.putArray("events").add("a").add("b");
    String per = history.one(List.of("event", "person", "session"));
    String aggregate =
        history.one(
            per.equals("event") ? List.of("max", "last") : List.of("max", "sum", "count", "last"));
    body.put("per", per).put("aggregate", aggregate);
    if (!aggregate.equals("count") || history.random().nextBoolean()) {
      body.put("of", "price");
    }
    if (history.random().nextBoolean()) {
      body.put("breakdown", "country");
    }
    if (history.random().nextBoolean()) {
      ArrayNode edges = body.putArray("edges");
      double edge = history.random().nextInt(8) / 4.0;
      for (int i = 1 + history.random().nextInt(4); i >= 0; i--) {
        edges.add(edge);
        edge += 0.25 * (1 + history.random().nextInt(5));
      }
    } else {
      body.put("bins", 1 + history.random().nextInt(12));
    }
    return body;
  }

  /** Each person's, each session's, or each one alone; only those that are asked for count. */
  private static List<Unit> units(List<Happening> events, ObjectNode body, String country) {
    List<List<Happening>> groups = new ArrayList<>();
    if (body.path("per").asText().equals("event")) {
      events.forEach(event -> groups.add(List.of(event)));
    } else {
      boolean bySession = body.path("per").asText().equals("session");
      groups.addAll(
          Reference.sessions(events, bySession ? Duration.ofMinutes(30) : Duration.ofDays(99_999)));
    }
    List<Unit> units = new ArrayList<>();
    for (List<Happening> group : groups) {
      List<Happening> meant =
          group.stream()
              .filter(each -> each.event().equals("a") || each.event().equals("b"))
              .filter(each -> country.isEmpty() || country.equals(String.valueOf(each.country())))
              .toList();
      if (!meant.isEmpty()) {
        units.add(new Unit(meant.getFirst().person(), value(meant, body)));
      }
    }
    return units;
  }

  private static @Nullable Double value(List<Happening> events, ObjectNode body) {
    if (!body.has("of")) {
      return (double) events.size();
    }
    List<Happening> valued = events.stream().filter(each -> each.price() != null).toList();
    if (valued.isEmpty()) {
      return null;
    }
    double[] prices =
        valued.stream().mapToDouble(each -> Objects.requireNonNull(each.price())).toArray();
    double sum = 0;
    double max = prices[0];
    double last = prices[0];
    for (int i = 0; i < prices.length; i++) {
      sum += prices[i];
      max = Math.max(max, prices[i]);
      boolean same = i > 0 && valued.get(i).at().equals(valued.get(i - 1).at());
      last = same ? Math.max(last, prices[i]) : prices[i];
    }
    return switch (body.path("aggregate").asText()) {
      case "max" -> max;
      case "sum" -> sum;
      case "last" -> last;
      default -> (double) prices.length;
    };
  }

  /** The bin from 1 of a value, 0 below and one more than there are above, or -1 for none. */
  private static int bin(@Nullable Double value, JsonNode bins) {
    if (value == null) {
      return -1;
    }
    int last = bins.size();
    if (last == 0 || value < bins.path(0).path("from").asDouble()) {
      return 0;
    }
    for (int i = 0; i < last; i++) {
      double to = bins.path(i).path("to").asDouble();
      if (value < to || (i == last - 1 && value == to)) {
        return i + 1;
      }
    }
    return last + 1;
  }

  private static long count(List<Unit> units, JsonNode bins, int bin) {
    return units.stream().filter(unit -> bin(unit.value(), bins) == bin).count();
  }

  private static void check(JsonNode found, List<Unit> units, String what) {
    JsonNode bins = found.path("bins");
    for (int i = 0; i < bins.size(); i++) {
      assertThat(bins.path(i).path("count").asLong()).as(what).isEqualTo(count(units, bins, i + 1));
    }
    assertThat(found.path("missing").asLong()).as(what).isEqualTo(count(units, bins, -1));
    double[] values =
        units.stream()
            .map(Unit::value)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    assertThat(found.path("count").asInt()).as(what).isEqualTo(values.length);
    if (values.length == 0) {
      assertThat(found.path("quantiles").path("0.5").isNull()).as(what).isTrue();
      return;
    }
    assertThat(found.path("below").asLong()).as(what).isEqualTo(count(units, bins, 0));
    assertThat(found.path("above").asLong())
        .as(what)
        .isEqualTo(count(units, bins, bins.size() + 1));
    assertThat(found.path("min").asDouble()).as(what).isEqualTo(values[0]);
    assertThat(found.path("max").asDouble()).as(what).isEqualTo(values[values.length - 1]);
    for (String share : List.of("0.25", "0.5", "0.75", "0.9", "0.95", "0.99")) {
      assertThat(found.path("quantiles").path(share).asDouble())
          .as(what)
          .isCloseTo(Reference.quantile(values, Double.parseDouble(share)), offset(1e-9));
    }
  }

  @Test
  void distributions() throws Exception {
    for (History history : world.histories()) {
      ObjectNode body = some(history);
      List<Happening> events = history.within(body);
      String what = "history " + history.number() + ": " + body;
      JsonNode answer = world.ask("distribution", body);
      List<Unit> units = units(events, body, "");
      check(answer, units, what);
      checkEdges(answer, body, what);
      Map<String, JsonNode> parts = new HashMap<>();
      answer.path("breakdown").forEach(part -> parts.put(part.path("breakdown").asText(), part));
      Set<String> countries = new HashSet<>();
      if (body.has("breakdown")) {
        for (String country : List.of("DE", "FR", "null")) {
          List<Unit> some = units(events, body, country);
          if (!some.isEmpty()) {
            countries.add(country);
            check(parts.getOrDefault(country, body), some, what + " " + country);
          }
        }
      }
      assertThat(parts.keySet()).as(what).isEqualTo(countries);
      if (history.number() % 3 == 0) {
        checkPersons(body, answer, units, what);
      }
    }
  }

  private static void checkEdges(JsonNode answer, ObjectNode body, String what) {
    JsonNode bins = answer.path("bins");
    if (body.has("edges")) {
      assertThat(bins).as(what).hasSize(body.path("edges").size() - 1);
    } else if (answer.path("count").asLong() > 0) {
      assertThat(bins.size()).as(what).isBetween(1, body.path("bins").asInt());
      assertThat(answer.path("below").asLong()).as(what).isZero();
      assertThat(answer.path("above").asLong()).as(what).isZero();
    }
    for (int i = 0; i < bins.size(); i++) {
      JsonNode bin = bins.path(i);
      assertThat(bin.path("to").asDouble()).as(what).isGreaterThan(bin.path("from").asDouble());
      if (i > 0) {
        assertThat(bin.path("from")).as(what).isEqualTo(bins.path(i - 1).path("to"));
      }
      if (body.has("edges")) {
        double edge = body.path("edges").path(i).asDouble();
        assertThat(bin.path("from").asDouble()).as(what).isEqualTo(edge);
      }
    }
  }

  private static void checkPersons(ObjectNode body, JsonNode answer, List<Unit> units, String what)
      throws Exception {
    JsonNode bins = answer.path("bins");
    for (int bin = -1; bin <= bins.size() + 1; bin++) {
      ObjectNode persons = body.putObject("persons");
      if (bin == -1) {
        persons.put("bin", "missing");
      } else if (bin == 0) {
        persons.put("bin", "below");
      } else if (bin > bins.size()) {
        persons.put("bin", "above");
      } else {
        persons.put("bin", bin);
      }
      Set<String> expected = new TreeSet<>();
      for (Unit unit : units) {
        if (unit.person() != null && bin(unit.value(), bins) == bin) {
          expected.add(unit.person());
        }
      }
      JsonNode found = world.ask("distribution", body);
      assertThat(found.path("persons"))
          .as("%s bin %d", what, bin)
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(expected);
      assertThat(found.path("persons_total").asInt()).as(what).isEqualTo(expected.size());
    }
    body.remove("persons");
  }
}
