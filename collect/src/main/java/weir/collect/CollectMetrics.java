package weir.collect;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import weir.decode.Inspection;

/** What the collector counts. */
final class CollectMetrics {
  /** Of rules of write keys: shown from the start, so that their first refusal is a rise. */
  private static final List<String> RULES =
      List.of("origin_not_allowed", "address_not_allowed", "rate_limited", "quota_exceeded");

  private final MeterRegistry meters;
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> quarantined = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
  private final LongAdder stored;
  private final LongAdder events = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Timer time;

  CollectMetrics(MeterRegistry meters, InFlight inFlight) {
    this.meters = meters;
    this.stored = answersOf(200);
    RULES.forEach(this::refusedFor);
    count("weir.collect.events", "Events answered 200, the quarantined ones too", events);
    count("weir.collect.received.bytes", "Bytes of stored bodies, as they arrived", bytes);
    Gauge.builder("weir.collect.in.flight", inFlight, InFlight::bytes)
        .baseUnit(BaseUnits.BYTES)
        .description("Bytes of bodies held until they are stored")
        .register(meters);
    this.time =
        Timer.builder("weir.collect.request")
            .description("From a request's head to its answer, those answered 200")
            .register(meters);
  }

  /** The start of a request, for {@link #stored}. */
  long now() {
    return meters.config().clock().monotonicTime();
  }

  void stored(long since, int eventCount, int bodyBytes, List<Inspection.Quarantined> notEvents) {
    time.record(now() - since, TimeUnit.NANOSECONDS);
    stored.increment();
    events.add(eventCount);
    bytes.add(bodyBytes);
    for (Inspection.Quarantined one : notEvents) {
      quarantinedFor(one.reason()).increment();
    }
  }

  void refused(Refusal why) {
    answersOf(why.status()).increment();
    refusedFor(why.code()).increment();
  }

  private LongAdder refusedFor(String reason) {
    return refused.computeIfAbsent(
        reason,
        code -> {
          LongAdder adder = new LongAdder();
          FunctionCounter.builder("weir.collect.refused", adder, LongAdder::sum)
              .tag("reason", code)
              .description("Requests that were not taken, by the code in their answer")
              .register(meters);
          return adder;
        });
  }

  private LongAdder answersOf(int status) {
    return answers.computeIfAbsent(
        status,
        code -> {
          LongAdder adder = new LongAdder();
          FunctionCounter.builder("weir.collect.requests", adder, LongAdder::sum)
              .tag("status", String.valueOf(code))
              .description("Answers by status")
              .register(meters);
          return adder;
        });
  }

  private LongAdder quarantinedFor(String reason) {
    return quarantined.computeIfAbsent(
        reason,
        code -> {
          LongAdder adder = new LongAdder();
          FunctionCounter.builder("weir.collect.quarantined", adder, LongAdder::sum)
              .tag("reason", code)
              .description("Events that the collector saw to be none, by reason")
              .register(meters);
          return adder;
        });
  }

  private void count(String name, String description, LongAdder adder) {
    FunctionCounter.builder(name, adder, LongAdder::sum).description(description).register(meters);
  }
}
