package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.insight.ReferenceWorld.History;

/**
 * Funnels over many small random histories, each beside all attempts that there are in plain Java:
 * in every order, with and without properties that must match.
 */
final class FunnelReferenceTest {
  private static final List<List<String>> STEPS =
      List.of(List.of("a"), List.of("b"), List.of("a", "b"), List.of("b", "c"), List.of("a", "c"));

  @TempDir static Path dir;
  private static ReferenceWorld world;

  /** The funnel that is asked, as plain Java has it. */
  private record Asked(
      List<List<String>> steps,
      List<String> exclude,
      List<String> match,
      FunnelMatcher.Order order,
      boolean sessions,
      Duration window) {
    Asked matching(String property) {
      return new Asked(steps, exclude, List.of(property), order, sessions, window);
    }
  }

  /** What the best attempt of a person, or session, is. */
  private record Best(@Nullable String person, List<Long> times) {}

  /** More steps first, then what is earlier. */
  private static final Comparator<Best> BETTER_FIRST =
      Comparator.comparingInt((Best best) -> -best.times().size())
          .thenComparing((a, b) ->
              Arrays.compare(a.times().toArray(new Long[0]), b.times().toArray(new Long[0])));

  @BeforeAll
  static void open() throws Exception {
    world = new ReferenceWorld(dir);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static Asked some(History history) {
    List<List<String>> steps = new ArrayList<>();
    for (int i = 1 + history.random().nextInt(2); i >= 0; i--) {
      steps.add(history.one(STEPS));
    }
    return new Asked(
        steps,
        history.one(List.of(List.<String>of(), List.of("d"))),
        history.one(
            List.of(
                List.<String>of(),
                List.of("country"),
                List.of("country"),
                List.of("price"),
                List.of("country", "price"))),
        history.one(List.of(FunnelMatcher.Order.values())),
        history.random().nextInt(3) == 0,
        history.one(List.of(Duration.ofMinutes(30), Duration.ofHours(9), Duration.ofDays(7))));
  }

  private static void write(Asked asked, ObjectNode body) {
    ArrayNode steps = body.putArray("steps");
    asked
        .steps()
        .forEach(names -> {
          ArrayNode events = steps.addObject().putArray("events");
          names.forEach(events::add);
        });
    ArrayNode exclude = body.putArray("exclude");
    asked.exclude().forEach(name -> exclude.addObject().put("event", name));
    ArrayNode match = body.putArray("match");
    asked.match().forEach(match::add);
    body.put("order", asked.order().name().toLowerCase(Locale.ROOT));
    body.put("count", asked.sessions() ? "sessions" : "persons");
    body.put("window", asked.window().toMinutes() + "m");
  }

  private static List<Best> best(Asked asked, List<Happening> events) {
    List<Best> all = new ArrayList<>();
    Duration apart = asked.sessions() ? Duration.ofMinutes(30) : Duration.ofDays(100_000);
    for (List<Happening> session : Reference.sessions(events, apart)) {
      Map<Object, Integer> values = new HashMap<>();
      List<AllAttempts.Event> attempted = new ArrayList<>();
      for (Happening each : session) {
        int mask = mask(asked, each);
        if (mask != 0 || asked.order() == FunnelMatcher.Order.STRICT) {
          List<@Nullable Object> value =
              Arrays.asList(
                  asked.match().contains("country") ? each.country() : "any",
                  asked.match().contains("price") ? each.price() : "any");
          int number =
              value.contains(null) ? -1 : values.computeIfAbsent(value, v -> values.size());
          attempted.add(
              new AllAttempts.Event(
                  ChronoUnit.MICROS.between(Instant.EPOCH, each.at()), mask, number));
        }
      }
      all.add(
          new Best(
              session.getFirst().person(),
              AllAttempts.bestOfOneValue(
                  asked.steps().size(),
                  asked.window().toNanos() / 1_000,
                  asked.order(),
                  attempted)));
    }
    return all;
  }

  private static int mask(Asked asked, Happening event) {
    int mask = asked.exclude().contains(event.event()) ? FunnelMatcher.EXCLUDED : 0;
    for (int step = 0; step < asked.steps().size(); step++) {
      mask |= asked.steps().get(step).contains(event.event()) ? 1 << step : 0;
    }
    return mask;
  }

  /** The same events, but that all those of other countries have none. */
  private static List<Happening> withCountry(List<Happening> events, String country) {
    return events.stream()
        .map(each -> country.equals(each.country()) ? each : each.withCountry(null))
        .toList();
  }

  @Test
  void funnels() throws Exception {
    int matched = 0;
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      if (history.random().nextInt(4) > 0) {
        body.remove(List.of("from", "to"));
      }
      Asked asked = some(history);
      write(asked, body);
      List<Best> best = best(asked, history.within(body));
      JsonNode answer = world.ask("funnel", body);
      String what = "history " + history.number() + ": " + body;
      check(answer.path("steps"), best, asked.steps().size(), what);
      if (history.number() % 4 == 0) {
        listed(body, best, what);
      }
      matched +=
          !asked.match().isEmpty() && best.stream().anyMatch(b -> b.times().size() > 1) ? 1 : 0;
    }
    assertThat(matched)
        .as("funnels with match in which somebody went on")
        .isGreaterThan(ReferenceWorld.CASES / 15);
  }

  private static void check(JsonNode found, List<Best> best, int steps, String what) {
    for (int step = 0; step < steps; step++) {
      int at = step;
      List<List<Long>> reached =
          best.stream().map(Best::times).filter(times -> times.size() > at).toList();
      assertThat(found.path(step).path("count").asLong()).as(what).isEqualTo(reached.size());
      double[] waits =
          reached.stream()
              .mapToDouble(times -> at == 0 ? 0 : (times.get(at) - times.get(at - 1)) / 1e6)
              .sorted()
              .toArray();
      assertThat(found.path(step).path("median_seconds").asDouble())
          .as(what)
          .isCloseTo(Reference.quantile(waits, 0.5), offset(1e-6));
      assertThat(found.path(step).path("mean_seconds").asDouble())
          .as(what)
          .isCloseTo(Arrays.stream(waits).average().orElse(0), offset(1e-6));
    }
  }

  /** Those behind the last step, and behind where the others stopped. */
  private static void listed(ObjectNode body, List<Best> best, String what) throws Exception {
    int last = body.path("steps").size();
    for (boolean dropped : new boolean[] {false, true}) {
      body.putObject("persons").put("step", last).put("dropped", dropped);
      Collection<String> expected = new TreeSet<>();
      best.stream()
          .filter(
              b -> dropped ? b.times().size() == last - 1 && last > 1 : b.times().size() == last)
          .forEach(b -> expected.add(Objects.requireNonNull(b.person())));
      assertThat(world.ask("funnel", body).path("persons"))
          .as(what)
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(expected);
    }
    body.remove("persons");
  }

  /**
   * A person is in the part of the best attempt, of equally good ones in that of the lower value.
   */
  @Test
  void partsOfAFunnel() throws Exception {
    for (History history : world.histories()) {
      ObjectNode body = history.body();
      Asked asked = some(history).matching("country");
      write(asked, body);
      body.put("breakdown", "country");
      String what = "history " + history.number() + ": " + body;
      Map<String, List<Best>> parts = new TreeMap<>();
      List<Happening> events = history.within(body);
      List<Best> german = best(asked, withCountry(events, "DE"));
      List<Best> french = best(asked, withCountry(events, "FR"));
      for (int i = 0; i < german.size(); i++) {
        boolean isFrench = BETTER_FIRST.compare(french.get(i), german.get(i)) < 0;
        Best best = isFrench ? french.get(i) : german.get(i);
        if (!best.times().isEmpty()) {
          parts.computeIfAbsent(isFrench ? "FR" : "DE", part -> new ArrayList<>()).add(best);
        }
      }
      JsonNode found = world.ask("funnel", body).path("breakdown");
      assertThat(found)
          .as(what)
          .extracting(part -> part.path("breakdown").asText())
          .containsExactlyInAnyOrderElementsOf(parts.keySet());
      for (JsonNode part : found) {
        List<Best> expected = Objects.requireNonNull(parts.get(part.path("breakdown").asText()));
        check(part.path("steps"), expected, asked.steps().size(), what);
      }
    }
  }
}
