package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.event.BadEvent;
import weir.event.CleanRecord;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;

/**
 * The stateful part: candidates in raw order to clean records, one each. What it decides depends on
 * the raw events before alone. Used by one thread.
 */
final class Decisions {
  private final DuplicateIndex duplicates;
  private final PropertyMapper properties;
  private final InstantSource clock;
  private final Counter events;
  private final Counter bad;
  private final Counter duplicate;
  private final Counter dropped;
  private @Nullable RawPosition last;

  /**
   * @param last the last raw event that is decided already; what comes up to it is left out
   */
  Decisions(
      DuplicateIndex duplicates,
      PropertyMapper properties,
      InstantSource clock,
      MeterRegistry metrics,
      @Nullable RawPosition last) {
    this.duplicates = duplicates;
    this.properties = properties;
    this.clock = clock;
    this.last = last;
    this.events = counter(metrics, "event");
    this.bad = counter(metrics, "bad");
    this.duplicate = counter(metrics, "duplicate");
    this.dropped = counter(metrics, "dropped");
  }

  private static Counter counter(MeterRegistry metrics, String decision) {
    return Counter.builder("weir_process_events")
        .description("Raw events decided, by decision")
        .tag("decision", decision)
        .register(metrics);
  }

  /** Where a decision goes. */
  interface Sink {
    void accept(CleanRecord record) throws IOException;
  }

  void decide(DecodedEntry entry, Sink sink) throws IOException {
    List<Candidate> candidates = entry.candidates();
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    for (int i = 0; i < candidates.size(); i++) {
      RawPosition rawPosition = entry.rawPosition(i);
      if (last != null && rawPosition.compareTo(last) <= 0) {
        continue;
      }
      Origin origin =
          new Origin(entry.project(), entry.source(), entry.receivedAt(), now, rawPosition);
      CleanRecord record = decide(candidates.get(i), origin);
      last = rawPosition;
      sink.accept(record);
    }
  }

  private CleanRecord decide(Candidate candidate, Origin origin) throws IOException {
    return switch (candidate) {
      case Candidate.Refused refused -> {
        bad.increment();
        yield new BadEvent(
            origin,
            refused.eventId(),
            refused.event(),
            refused.protocol(),
            refused.stage(),
            refused.reason(),
            refused.message(),
            refused.payload());
      }
      case Candidate.Dropped left -> {
        dropped.increment();
        yield new DroppedEvent(origin, left.eventId(), left.reason());
      }
      case Candidate.Pending pending ->
          throw new IllegalStateException("not seen by plug-ins: " + pending.eventId());
      case Candidate.Several several ->
          throw new UnsupportedOperationException("several events of one");
      case Candidate.Whole whole -> {
        if (!duplicates.accept(whole.fingerprint(), origin.receivedAt())) {
          duplicate.increment();
          Object id = whole.event().get(EventColumn.EVENT_ID);
          yield new DuplicateEvent(origin, String.valueOf(id));
        }
        events.increment();
        properties.map(whole.event(), origin, whole.properties());
        yield whole.event().build(origin);
      }
    };
  }

  /** The last raw event that is decided; already so when the sink takes its record. */
  @Nullable RawPosition last() {
    return last;
  }
}
