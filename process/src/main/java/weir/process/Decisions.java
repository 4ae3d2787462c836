package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.event.BadEvent;
import weir.event.CleanRecord;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;

/**
 * The stateful part: candidates in raw order to clean records: a decision each, after what was
 * derived. What it decides depends on the raw events before alone. Used by one thread.
 */
final class Decisions {
  private final DuplicateIndex duplicates;
  private final PropertyMapper properties;
  private final int partition;
  private final InstantSource clock;
  private final Counter events;
  private final Counter derived;
  private final Counter bad;
  private final Counter duplicate;
  private final Counter dropped;
  private @Nullable RawPosition last;

  /**
   * @param partition of the raw log
   * @param last the last raw event that is decided already; what comes up to it is left out
   */
  Decisions(
      int partition,
      DuplicateIndex duplicates,
      PropertyMapper properties,
      InstantSource clock,
      MeterRegistry metrics,
      @Nullable RawPosition last) {
    this.partition = partition;
    this.duplicates = duplicates;
    this.properties = properties;
    this.clock = clock;
    this.last = last;
    this.events = counter(metrics, "event");
    this.derived = counter(metrics, "derived");
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
    long now = EpochMicros.of(clock.instant());
    for (int i = 0; i < candidates.size(); i++) {
      RawPosition rawPosition = entry.rawPosition(partition, i);
      if (last != null && rawPosition.compareTo(last) <= 0) {
        continue;
      }
      Origin origin =
          new Origin(entry.project(), entry.source(), entry.receivedAt(), now, rawPosition);
      CleanRecord record = decide(candidates.get(i), origin, sink);
      last = rawPosition;
      sink.accept(record);
    }
  }

  private CleanRecord decide(Candidate candidate, Origin origin, Sink derived) throws IOException {
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
      case Candidate.Whole whole -> decide(whole, List.of(), origin, derived);
      case Candidate.Several several ->
          decide(
              several.events().getFirst(),
              several.events().subList(1, several.events().size()),
              origin,
              derived);
    };
  }

  /**
   * What stands beside the raw event's own event is handed out before it. When that is decided
   * again, since the processor ended between them, those that are there already are duplicates; yet
   * their properties have the columns that they had.
   */
  private CleanRecord decide(
      Candidate.Whole own, List<Candidate.Whole> beside, Origin origin, Sink derived)
      throws IOException {
    if (!duplicates.accept(own.fingerprint(), origin.receivedAt())) {
      duplicate.increment();
      return new DuplicateEvent(origin, String.valueOf(own.event().get(EventColumn.EVENT_ID)));
    }
    properties.map(own.event(), origin, own.properties());
    for (Candidate.Whole one : beside) {
      properties.map(one.event(), origin, one.properties());
      if (duplicates.accept(one.fingerprint(), origin.receivedAt())) {
        this.derived.increment();
        derived.accept(one.event().derived().build(origin));
      }
    }
    events.increment();
    return own.event().build(origin);
  }

  /** The last raw event that is decided; already so when the sink takes its record. */
  @Nullable RawPosition last() {
    return last;
  }
}
