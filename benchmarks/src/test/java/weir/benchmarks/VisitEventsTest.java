package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.event.CleanEvent;
import weir.event.EventColumn;

class VisitEventsTest {
  private static final int EVENTS = 50_000;
  private static final double MERGED = 0.2;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static List<CleanEvent> made() {
    VisitEvents events = new VisitEvents(EVENTS, MERGED, 1, START);
    return Stream.generate(events::next).limit(EVENTS).toList();
  }

  @Test
  void noTwoAreAtTheSameMoment() {
    long last = Long.MIN_VALUE;
    List<CleanEvent> events = made();
    for (CleanEvent event : events) {
      assertThat(event.timestamp()).isGreaterThan(last);
      last = event.timestamp();
    }
    long first = events.getFirst().timestamp();
    assertThat(Duration.ofNanos((last - first) * 1_000)).isBetween(days(59), days(60));
    assertThat(first).isGreaterThanOrEqualTo(START.getEpochSecond() * 1_000_000);
  }

  private static Duration days(int days) {
    return Duration.ofDays(days);
  }

  @Test
  void theSameSeedMakesTheSame() {
    assertThat(made()).isEqualTo(made());
  }

  @Test
  void someVisitorsSignInOnce() {
    Set<String> visitors = new HashSet<>();
    Set<String> signedIn = new HashSet<>();
    for (CleanEvent event : made()) {
      String visitor = Objects.requireNonNull(event.string(EventColumn.ANONYMOUS_ID));
      visitors.add(visitor);
      if (event.event().equals("identified")) {
        assertThat(event.string(EventColumn.KIND)).isEqualTo("identify");
        assertThat(signedIn.add(visitor)).as(visitor).isTrue();
        assertThat(event.string(EventColumn.USER_ID)).isNotNull();
      }
    }
    assertThat((double) signedIn.size() / visitors.size()).isBetween(0.15, 0.25);
  }

  @Test
  void namesAreSkewed() {
    List<String> names = made().stream().map(CleanEvent::event).toList();
    assertThat(names).containsAll(VisitEvents.NAMES);
    assertThat(names.stream().filter("page_seen"::equals).count())
        .isGreaterThan(10 * names.stream().filter("product_shared"::equals).count());
  }
}
