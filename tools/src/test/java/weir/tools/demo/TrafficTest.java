package weir.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");
  private static final Instant LATER = Instant.parse("2026-12-01T00:00:00Z");

  private static List<ObjectNode> day(Instant before) {
    List<ObjectNode> calls = new ArrayList<>();
    Traffic.day(Scene.SHOP, DAY, 300, before, calls::add);
    return calls;
  }

  private static Map<String, Integer> counts(List<ObjectNode> calls) {
    Map<String, Integer> counts = new HashMap<>();
    for (ObjectNode call : calls) {
      counts.merge(call.path("event").asText(call.path("type").asText()), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void aDayIsAlwaysTheSameInOrderAndNeverInTheFuture() {
    assertThat(day(LATER)).isEqualTo(day(LATER));
    Instant noon = Instant.parse("2026-11-20T12:00:00Z");
    List<ObjectNode> morning = day(noon);
    assertThat(morning).isNotEmpty().hasSizeLessThan(day(LATER).size());
    assertThat(day(LATER)).startsWith(morning.toArray(ObjectNode[]::new));
    assertThat(morning)
        .extracting(call -> Instant.parse(call.path("timestamp").asText()))
        .isSorted()
        .allMatch(at -> at.isBefore(noon));
    assertThat(day(LATER))
        .extracting(call -> call.path("messageId").asText())
        .doesNotHaveDuplicates();
  }

  @Test
  void journeysNarrowToAPurchase() {
    Map<String, Integer> counts = counts(day(LATER));
    assertThat(counts.get("Product Viewed")).isGreaterThan(counts.get("Product Added"));
    assertThat(counts.get("Product Added")).isGreaterThan(counts.get("Checkout Started"));
    assertThat(counts.get("Checkout Started")).isGreaterThan(counts.get("Order Completed"));
    assertThat(counts.get("Order Completed")).isGreaterThan(5);
    assertThat(counts).containsKeys("page", "identify", "Products Searched", "Cart Viewed");
  }

  @Test
  void customersAreAnonymousBeforeTheySignIn() {
    Map<String, Boolean> known = new HashMap<>();
    boolean changed = false;
    for (ObjectNode call : day(LATER)) {
      String anonymous = call.path("anonymousId").asText();
      boolean now = call.hasNonNull("userId");
      Boolean before = known.put(anonymous, now);
      changed |= now && Boolean.FALSE.equals(before);
    }
    assertThat(changed).isTrue();
  }

  @Test
  void someLiveCallsComeTwiceOrCannotBeEvents() {
    Traffic traffic = new Traffic(Scene.SHOP, 1);
    List<ObjectNode> calls = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      calls.addAll(traffic.next(LATER));
    }
    long ids = calls.stream().map(call -> call.path("messageId").asText()).distinct().count();
    assertThat(ids).isBetween(calls.size() - 60L, calls.size() - 1L);
    assertThat(calls).anyMatch(call -> call.path("timestamp").asText().startsWith("yesterday"));
  }

  @Test
  void nightsAreQuiet() {
    assertThat(DayRhythm.shop(3 / 24.0)).isLessThan(DayRhythm.shop(12 / 24.0));
    assertThat(DayRhythm.shop(12 / 24.0)).isLessThan(DayRhythm.shop(20 / 24.0));
  }
}
