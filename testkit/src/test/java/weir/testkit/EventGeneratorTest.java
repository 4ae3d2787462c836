package weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static List<GeneratedEvent> events(long seed, int count) {
    EventGenerator generator = new EventGenerator(seed, START);
    return Stream.generate(generator::next).limit(count).toList();
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    byte[] first = EventGenerator.batch(events(4, 100));
    assertThat(EventGenerator.batch(events(4, 100))).isEqualTo(first);
    assertThat(EventGenerator.batch(events(5, 100))).isNotEqualTo(first);
  }

  @Test
  void eventsAreAboutOneKilobyteOfJson() throws IOException {
    List<GeneratedEvent> events = events(1, 2_000);
    double mean = events.stream().mapToInt(event -> event.json().length).average().orElseThrow();
    assertThat(mean).isBetween(900.0, 1200.0);
    int values = 0;
    try (JsonParser parser = new JsonFactory().createParser(EventGenerator.batch(events))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values++;
      }
    }
    assertThat(values).isGreaterThan(events.size() * 20);
  }

  @Test
  void idsAreUniqueAndNamesAreSkewed() {
    List<GeneratedEvent> events = events(2, 20_000);
    assertThat(events.stream().map(GeneratedEvent::id).distinct()).hasSize(events.size());
    Map<String, Long> counts =
        events.stream().collect(Collectors.groupingBy(GeneratedEvent::name, Collectors.counting()));
    List<Long> ranked = counts.values().stream().sorted(Comparator.reverseOrder()).toList();
    assertThat(ranked).hasSize(20);
    assertThat(ranked.getFirst()).isGreaterThan(ranked.getLast() * 10);
    assertThat(counts).containsKeys("Order Completed", "Products Searched");
  }
}
