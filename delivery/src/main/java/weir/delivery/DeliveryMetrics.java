package weir.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What deliveries count. */
final class DeliveryMetrics {
  private final MeterRegistry registry;
  private final Counter delivered;
  private final Counter deadLetters;
  private final Counter gaps;
  private final Timer answers;

  DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.delivered =
        counter("weir.deliveries.events", "Events that receivers of deliveries have taken");
    this.deadLetters = counter("weir.deliveries.dead.letters", "Batches that became dead letters");
    this.gaps =
        counter(
            "weir.deliveries.gaps",
            "How often a delivery was so far behind that events were kept no more");
    this.answers =
        Timer.builder("weir.deliveries.request")
            .description("Time until receivers of deliveries answered")
            .register(registry);
    for (String outcome : new String[] {"taken", "refused", "unanswered"}) {
      requests(outcome);
    }
  }

  private Counter counter(String name, String help) {
    return Counter.builder(name).description(help).register(registry);
  }

  private Counter requests(String outcome) {
    return Counter.builder("weir.deliveries.requests")
        .description("Requests to receivers of deliveries")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Nanoseconds, for durations, whatever their origin. */
  long now() {
    return registry.config().clock().monotonicTime();
  }

  void answered(Sender.Answer answer, long began) {
    answers.record(Duration.ofNanos(now() - began));
    requests(
            switch (answer) {
              case Sender.Answered answered when answered.isTaken() -> "taken";
              case Sender.Answered refused -> "refused";
              case Sender.Unanswered none -> "unanswered";
            })
        .increment();
  }

  void delivered(int events) {
    delivered.increment(events);
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void gap() {
    gaps.increment();
  }
}
