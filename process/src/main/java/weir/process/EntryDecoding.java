package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.RawFormatException;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.log.LogEntry;
import weir.log.Position;

/**
 * The stateless part: a raw entry to candidates, exactly as many as the collector accepted, however
 * the decoder behaves. Safe for use by several threads.
 */
final class EntryDecoding {
  private static final Logger LOG = LoggerFactory.getLogger(EntryDecoding.class);
  private static final String UNKNOWN_SOURCE = "unknown";
  private static final int SHOWN_OF_UNREADABLE = 64 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final Map<String, Decoder> decoders = new HashMap<>();
  private final RawRequestCodec codec = new RawRequestCodec();
  private final String unknownProject;
  private final InstantSource clock;
  private final Counter failures;
  private final Counter mismatches;
  private final Counter damaged;

  EntryDecoding(
      List<Decoder> decoders, String unknownProject, InstantSource clock, MeterRegistry metrics) {
    decoders.forEach(decoder -> this.decoders.put(decoder.protocol(), decoder));
    this.unknownProject = unknownProject;
    this.clock = clock;
    this.failures =
        counter(metrics, "weir_process_decoder_failures", "Requests whose decoder threw");
    this.mismatches =
        counter(
            metrics,
            "weir_process_decoder_mismatches",
            "Requests that decoded to another number of events than were accepted");
    this.damaged =
        counter(
            metrics, "weir_process_raw_damaged", "Stretches of the raw log that are unreadable");
  }

  private static Counter counter(MeterRegistry metrics, String name, String description) {
    return Counter.builder(name).description(description).register(metrics);
  }

  DecodedEntry decode(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Damaged stretch -> {
        LOG.error("the raw log is damaged from {} to {}", stretch.position(), stretch.next());
        yield unreadable(
            stretch,
            "log_damaged",
            "the raw log is damaged up to " + stretch.next() + "; its requests are lost",
            stretch.bytes());
      }
      case LogEntry.Frame frame -> {
        try {
          yield decode(frame, codec.decode(frame.payload()));
        } catch (RawFormatException e) {
          LOG.error("the raw frame at {} is unreadable", frame.position(), e);
          yield unreadable(
              frame,
              "frame_unreadable",
              "the raw log's frame is unreadable: " + e.getMessage(),
              frame.payload());
        }
      }
    };
  }

  private DecodedEntry unreadable(LogEntry entry, String reason, String message, byte[] bytes) {
    damaged.increment();
    boolean whole = bytes.length <= SHOWN_OF_UNREADABLE;
    byte[] payload = whole ? bytes : Arrays.copyOf(bytes, SHOWN_OF_UNREADABLE);
    String shown = whole ? message : message + "; the payload is the first part of it";
    return new DecodedEntry(
        entry.position(),
        entry.next(),
        unknownProject,
        UNKNOWN_SOURCE,
        ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()),
        DecodedEntry.UNREADABLE,
        List.of(new Candidate.Refused(null, null, "unknown", "decode", reason, shown, payload)),
        payload.length);
  }

  private DecodedEntry decode(LogEntry.Frame frame, RawRequest request) {
    return new DecodedEntry(
        frame.position(),
        frame.next(),
        request.project(),
        request.source(),
        request.receivedAt(),
        0,
        candidates(frame.position(), request),
        frame.payload().length);
  }

  private List<Candidate> candidates(Position position, RawRequest request) {
    Decoder decoder = decoders.get(request.protocol());
    if (decoder == null) {
      return refuseAll(
          request,
          0,
          "unknown_protocol",
          "no decoder for the protocol " + request.protocol() + " is installed",
          new ArrayList<>());
    }
    List<Decoded> decoded;
    try {
      decoded = decoder.decode(request);
    } catch (RuntimeException | StackOverflowError e) {
      failures.increment();
      LOG.error("the {} decoder failed at {}", request.protocol(), position, e);
      return refuseAll(request, 0, "decoder_failed", "the decoder failed: " + e, new ArrayList<>());
    }
    List<Candidate> candidates = new ArrayList<>(request.events());
    for (Decoded event : decoded.subList(0, Math.min(decoded.size(), request.events()))) {
      candidates.add(candidate(request, event));
    }
    if (decoded.size() != request.events()) {
      mismatches.increment();
      LOG.error(
          "the {} decoder made {} events of {} at {}",
          request.protocol(),
          decoded.size(),
          request.events(),
          position);
    }
    return refuseAll(
        request,
        candidates.size(),
        "decoder_failed",
        "the decoder made " + decoded.size() + " events of " + request.events(),
        candidates);
  }

  /** Refuses the events from an index on; the first one of a request bears the whole body. */
  private static List<Candidate> refuseAll(
      RawRequest request, int from, String reason, String message, List<Candidate> candidates) {
    for (int i = from; i < request.events(); i++) {
      byte[] payload = i == from ? request.body() : NOTHING;
      String where = i == from ? message : message + " (the body is with event " + from + ")";
      candidates.add(
          new Candidate.Refused(null, null, request.protocol(), "decode", reason, where, payload));
    }
    return candidates;
  }

  private Candidate candidate(RawRequest request, Decoded decoded) {
    return switch (decoded) {
      case Decoded.Bad bad ->
          new Candidate.Refused(
              bad.eventId(),
              bad.event(),
              request.protocol(),
              bad.stage(),
              bad.reason(),
              bad.message(),
              bad.payload());
      case Decoded.Event event -> {
        try {
          yield candidate(request, event);
        } catch (IllegalArgumentException e) {
          failures.increment();
          yield refused(
              request, event, "decode", "decoder_failed", "wrong event: " + e.getMessage());
        }
      }
    };
  }

  private static Candidate candidate(RawRequest request, Decoded.Event event) {
    CleanEvent.Builder builder = CleanEvent.builder();
    event.columns().forEach(builder::set);
    if (!(builder.get(EventColumn.EVENT_ID) instanceof String eventId)
        || builder.get(EventColumn.EVENT) == null) {
      throw new IllegalArgumentException("event and event_id must be set");
    }
    event.properties().forEach(EntryDecoding::requireProperty);
    OptionalLong timestamp =
        ClockCorrection.timestamp(
            (Long) builder.get(EventColumn.ORIGINAL_TIMESTAMP),
            event.sentAt(),
            event.correctClock(),
            request.receivedAt());
    if (timestamp.isEmpty()) {
      return refused(
          request,
          event,
          "validate",
          "timestamp_out_of_range",
          "the event's time, corrected for the client's clock, is before 2000 or more than a day"
              + " ahead of its receipt; set the client's clock, or send a timestamp that is right");
    }
    builder.set(EventColumn.TIMESTAMP, timestamp.getAsLong());
    Object user = builder.get(EventColumn.USER_ID);
    builder.set(EventColumn.ACTOR, user != null ? user : builder.get(EventColumn.ANONYMOUS_ID));
    return new Candidate.Whole(
        builder, Fingerprint.of(request.project(), eventId), event.properties());
  }

  private static void requireProperty(String name, Object value) {
    boolean known =
        value instanceof String
            || value instanceof Double
            || value instanceof Boolean
            || value instanceof Decoded.Json;
    if (!known) {
      throw new IllegalArgumentException("the property " + name + " is a " + value.getClass());
    }
  }

  private static Candidate refused(
      RawRequest request, Decoded.Event event, String stage, String reason, String message) {
    return new Candidate.Refused(
        event.columns().get(EventColumn.EVENT_ID) instanceof String id ? id : null,
        event.columns().get(EventColumn.EVENT) instanceof String name ? name : null,
        request.protocol(),
        stage,
        reason,
        message,
        RefusedPayload.of(request, event));
  }
}
