package weir.benchmarks;

import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;

/** Requests as the collector would have taken them. */
final class RawRequests {
  private RawRequests() {}

  /** One event as a call of its own, several as a batch. */
  static RawRequest of(List<GeneratedEvent> events, SplittableRandom random, InstantSource clock) {
    boolean single = events.size() == 1;
    return new RawRequest(
        new UUID(random.nextLong(), random.nextLong()),
        "segment",
        "default",
        "default",
        "key",
        "192.0.2.1",
        clock.millis() * 1000,
        single ? events.getFirst().path() : "/v1/batch",
        "",
        events.size(),
        List.of(new Header("content-type", "application/json")),
        single ? events.getFirst().json() : EventGenerator.batch(events));
  }
}
