package weir.query.insight;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An event of a test, in plain Java. */
record Happening(
    int source,
    String event,
    String id,
    Instant at,
    @Nullable String person,
    @Nullable String country,
    @Nullable Double price) {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");
  private static final List<Duration> GAPS =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(3),
          Duration.ofMinutes(30),
          Duration.ofMinutes(31),
          Duration.ofHours(1),
          Duration.ofHours(9),
          Duration.ofDays(1),
          Duration.ofDays(6));

  /** Some around a moment, in the order of time and id. */
  static List<Happening> some(Random random, int source, Instant moment) {
    List<Happening> events = new ArrayList<>();
    Instant at = moment;
    int persons = 1 + random.nextInt(3);
    boolean slow = random.nextBoolean();
    for (int i = random.nextInt(14); i >= 0; i--) {
      at = at.plus(GAPS.get(random.nextInt(slow ? GAPS.size() : 5)));
      String person = random.nextInt(12) == 0 ? null : "p" + source + "-" + random.nextInt(persons);
      events.add(
          new Happening(
              source,
              NAMES.get(random.nextInt(NAMES.size())),
              "e" + source + "-" + (100 + events.size()),
              at,
              person,
              random.nextInt(4) == 0 ? null : random.nextBoolean() ? "DE" : "FR",
              random.nextInt(5) == 0 ? null : random.nextInt(20) * 0.25));
    }
    events.sort(Comparator.comparing(Happening::at).thenComparing(Happening::event));
    return events;
  }

  Happening withCountry(@Nullable String other) {
    return new Happening(source, event, id, at, person, other, price);
  }

  /** A SELECT of all, for a file of the lake. */
  static String select(List<Happening> events) {
    return "SELECT event, event_id, timestamp, timestamp AS received_at, actor, country, source,"
        + " p_price FROM (VALUES "
        + events.stream().map(Happening::values).collect(Collectors.joining(", "))
        + ") v(event, event_id, timestamp, actor, country, source, p_price)";
  }

  private String values() {
    return "('%s', '%s', TIMESTAMPTZ '%s', %s, %s, 's%d', CAST(%s AS DOUBLE))"
        .formatted(event, id, at, text(person), text(country), source, price);
  }

  private static String text(@Nullable String value) {
    return value == null ? "CAST(NULL AS VARCHAR)" : "'" + value + "'";
  }
}
