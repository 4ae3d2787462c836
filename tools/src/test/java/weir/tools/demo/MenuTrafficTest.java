package weir.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MenuTrafficTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");
  private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");

  private static List<ObjectNode> day() {
    List<ObjectNode> calls = new ArrayList<>();
    Traffic.day(Scene.MENU, DAY, 1_000, LATER, calls::add);
    return calls;
  }

  private static Stream<JsonNode> properties(List<ObjectNode> calls, String event) {
    return calls.stream()
        .filter(call -> call.path("event").asText().equals(event))
        .map(call -> call.path("properties"));
  }

  private static Map<String, Double> sums(Stream<JsonNode> all, String of, String by) {
    Map<String, Double> sums = new HashMap<>();
    all.forEach(each -> sums.merge(each.path(by).asText(), each.path(of).asDouble(), Double::sum));
    return sums;
  }

  @Test
  void aDayIsAlwaysTheSameAndItsIdsAreItsOwn() {
    assertThat(day()).isEqualTo(day());
    List<ObjectNode> all = day();
    Traffic.day(Scene.MENU, DAY.plusDays(1), 1_000, LATER, all::add);
    Traffic.day(Scene.SHOP, DAY, 300, LATER, all::add);
    assertThat(all).extracting(call -> call.path("messageId").asText()).doesNotHaveDuplicates();
  }

  @Test
  void everyCallSaysWhoseItIs() {
    assertThat(day())
        .allSatisfy(call -> {
          JsonNode properties = call.path("properties");
          int table = properties.path("table").asInt();
          assertThat(table).isPositive();
          assertThat(properties.path("menu").asText()).isEqualTo(table % 2 == 1 ? "a" : "b");
          assertThat(properties.path("restaurant").asText()).isIn("olive-tree", "blue-lantern");
          JsonNode context = call.path("context");
          assertThat(context.at("/campaign/content").asText()).isEqualTo("table-" + table);
          assertThat(context.at("/page/url").asText())
              .contains("/" + properties.path("restaurant").asText() + "/")
              .contains("?table=" + table + "&utm_source=qr");
          assertThat(context.path("userAgent").asText()).contains("Mobile");
          assertThat(context.path("ip").asText()).matches("[0-9]+(\\.[0-9]+){3}");
        });
  }

  @Test
  void theEventsOfAPageAreNumberedInTheirOrder() {
    Map<String, Integer> last = new HashMap<>();
    Map<String, Instant> times = new HashMap<>();
    for (ObjectNode call : day()) {
      String page = call.at("/context/page_id").asText();
      int sequence = call.at("/context/sequence").asInt();
      assertThat(sequence).isEqualTo(last.getOrDefault(page, 0) + 1);
      assertThat(call.path("type").asText()).isEqualTo(sequence == 1 ? "page" : "track");
      last.put(page, sequence);
      Instant at = Instant.parse(call.path("timestamp").asText());
      assertThat(at).isAfterOrEqualTo(times.getOrDefault(page, Instant.MIN));
      times.put(page, at);
    }
    assertThat(last).hasSizeGreaterThan(1_000);
  }

  @Test
  void whatComesFirstIsSeenMoreAndLongerInBothVersions() {
    for (String menu : List.of("a", "b")) {
      List<JsonNode> seen =
          properties(day(), "item_viewed")
              .filter(each -> each.path("menu").asText().equals(menu))
              .toList();
      Map<String, Double> views = sums(seen.stream(), "views", "position");
      Map<String, Double> seconds = sums(seen.stream(), "seconds", "position");
      assertThat(views.keySet()).hasSize(12);
      assertThat(views.getOrDefault("1", 0.0))
          .isGreaterThan(views.getOrDefault("5", 0.0))
          .isGreaterThan(views.getOrDefault("9", 0.0));
      assertThat(views.getOrDefault("5", 0.0)).isGreaterThan(views.getOrDefault("9", 0.0));
      assertThat(seconds.getOrDefault("1", 0.0))
          .isGreaterThan(1.5 * seconds.getOrDefault("9", 0.0));
    }
  }

  @Test
  void scrollingStopsMostlyAtTheEndsOfSections() {
    Map<Integer, Integer> stops = new TreeMap<>();
    properties(day(), "page_scrolled")
        .forEach(each -> stops.merge(each.path("depth").asInt(), 1, Integer::sum));
    assertThat(stops.keySet()).allMatch(depth -> depth > 0 && depth <= 100);
    // of 4 + 5 + 3 dishes below a heading of 0.8: after the starters, within the mains
    assertThat(stops.getOrDefault(38, 0)).isGreaterThan(2 * stops.getOrDefault(45, 0));
    assertThat(stops.getOrDefault(77, 0)).isGreaterThan(2 * stops.getOrDefault(69, 0));
  }

  @Test
  void onlyWhatWasSeenIsOrderedAndWhatStandsFirstMoreOften() {
    Map<String, Set<String>> seen = new HashMap<>();
    Map<String, Set<String>> ordered = new HashMap<>();
    for (ObjectNode call : day()) {
      Map<String, Set<String>> into =
          switch (call.path("event").asText()) {
            case "item_viewed" -> seen;
            case "Dish Ordered" -> ordered;
            default -> new HashMap<>();
          };
      into.computeIfAbsent(call.at("/context/page_id").asText(), page -> new HashSet<>())
          .add(call.at("/properties/item").asText());
    }
    assertThat(ordered).hasSizeGreaterThan(500);
    ordered.forEach((page, dishes) -> assertThat(seen.get(page)).containsAll(dishes));
    List<JsonNode> orders = properties(day(), "Dish Ordered").toList();
    assertThat(share(orders, "b", "Lamb Chops"))
        .isGreaterThan(1.3 * share(orders, "a", "Lamb Chops"));
    assertThat(share(orders, "a", "Lasagne")).isGreaterThan(share(orders, "b", "Lasagne"));
  }

  /** Of a version's orders, those of a dish. */
  private static double share(List<JsonNode> orders, String menu, String dish) {
    List<JsonNode> all =
        orders.stream().filter(each -> each.path("menu").asText().equals(menu)).toList();
    return (double) all.stream().filter(each -> each.path("item").asText().equals(dish)).count()
        / all.size();
  }

  @Test
  void aPageLookedAtAgainAddsSecondsAndNoView() {
    Map<String, Integer> views = new HashMap<>();
    int again = 0;
    for (ObjectNode call : day()) {
      if (call.path("event").asText().equals("item_viewed")) {
        String view = call.at("/context/page_id").asText() + call.at("/properties/item").asText();
        int more = call.at("/properties/views").asInt();
        again += 1 - more;
        views.merge(view, more, Integer::sum);
      }
    }
    assertThat(again).isPositive();
    assertThat(views.values()).containsOnly(1);
  }

  @Test
  void dessertIsAVisitOfItsOwn() {
    Map<String, Instant> ends = new HashMap<>();
    Map<String, String> sessions = new HashMap<>();
    int later = 0;
    for (ObjectNode call : day()) {
      String diner = call.path("anonymousId").asText();
      Instant at = Instant.parse(call.path("timestamp").asText());
      String session = call.at("/context/sessionId").asText();
      Instant before = ends.put(diner, at);
      String old = sessions.put(diner, session);
      if (old != null && before != null && !old.equals(session)) {
        later++;
        assertThat(Duration.between(before, at)).isPositive();
      }
    }
    assertThat(later).isGreaterThan(100);
  }

  @Test
  void evenAtNoonTheRestaurantsAreEmptierThanInTheEvening() {
    assertThat(DayRhythm.restaurant(16 / 24.0)).isLessThan(DayRhythm.restaurant(13 / 24.0));
    assertThat(DayRhythm.restaurant(13 / 24.0)).isLessThan(DayRhythm.restaurant(20 / 24.0));
  }
}
