package weir.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;

/**
 * Events for fault runs: mostly new ids, some that were sent before, some that must go to
 * quarantine, some with a property that was never seen. Used by one thread.
 */
final class EventMix {
  private final String prefix;
  private final SplittableRandom random;
  private final EventGenerator generator;
  private final boolean grows;
  private final IdBook book;
  private int made;

  /**
   * Prepares to make events.
   *
   * @param prefix of all new ids
   * @param grows whether new properties come up
   * @param book where ids that were sent before are taken from
   */
  EventMix(String prefix, SplittableRandom random, Instant start, boolean grows, IdBook book) {
    this.prefix = prefix;
    this.random = random;
    this.generator = new EventGenerator(random.nextLong(), start);
    this.grows = grows;
    this.book = book;
  }

  GeneratedEvent next() {
    String id = prefix + "-" + made++;
    int kind = random.nextInt(100);
    if (kind < 3) {
      return bad(IdBook.BAD + id);
    }
    if (kind < 12) {
      id = book.anyOf(random).orElse(id);
    }
    GeneratedEvent event = generator.next(id);
    return grows && kind > 95 ? grown(event) : event;
  }

  /** An event from before any event there can be. */
  private static GeneratedEvent bad(String id) {
    String json =
        "{\"type\":\"track\",\"event\":\"Too Old\",\"userId\":\"u\",\"messageId\":\""
            + id
            + "\",\"timestamp\":\"1990-01-01T00:00:00Z\"}";
    return new GeneratedEvent(id, "Too Old", json.getBytes(StandardCharsets.UTF_8));
  }

  private GeneratedEvent grown(GeneratedEvent event) {
    String property = "\"extra " + random.nextInt(60) + "\":" + random.nextInt(9) + ",";
    String json =
        new String(event.json(), StandardCharsets.UTF_8)
            .replace("\"properties\":{", "\"properties\":{" + property);
    return new GeneratedEvent(event.id(), event.name(), json.getBytes(StandardCharsets.UTF_8));
  }
}
