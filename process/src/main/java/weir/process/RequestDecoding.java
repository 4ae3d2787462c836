package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.ContentEncoding;
import weir.decode.ContentEncodingException;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.RawRequest;
import weir.decode.RequestHead;
import weir.enrich.Draft;
import weir.enrich.ProjectEnrichments;
import weir.enrich.Sender;
import weir.enrich.Verdict;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.PlaceholderId;
import weir.event.Position;
import weir.event.WrittenAddress;

/**
 * A raw request to candidates, exactly as many as the collector accepted, however the decoder
 * behaves. Safe for use by several threads.
 */
final class RequestDecoding {
  private static final Logger LOG = LoggerFactory.getLogger(RequestDecoding.class);
  private static final int FIXED_COST = 300;
  private static final int VALUE_COST = 80;
  private static final int TEXT_COST = 56;
  private static final byte[] NOTHING = new byte[0];

  private final Map<String, Decoder> decoders = new HashMap<>();
  private final ProjectEnrichments enrichments;
  private final long clockTolerance;
  private final Counter failures;
  private final Counter mismatches;

  /**
   * @param clockTolerance how far a client's clock may be off to be taken for right
   */
  RequestDecoding(
      List<Decoder> decoders,
      ProjectEnrichments enrichments,
      Duration clockTolerance,
      MeterRegistry metrics) {
    this.enrichments = enrichments;
    this.clockTolerance = TimeUnit.NANOSECONDS.toMicros(clockTolerance.toNanos());
    decoders.forEach(decoder -> this.decoders.put(decoder.protocol(), decoder));
    this.failures =
        Counter.builder("weir_process_decoder_failures")
            .description("Requests whose decoder threw")
            .register(metrics);
    this.mismatches =
        Counter.builder("weir_process_decoder_mismatches")
            .description("Requests that decoded to another number of events than were accepted")
            .register(metrics);
  }

  /** Thrown by a taker that does not want the rest of a request. */
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("not taken any further", null, false, false);
    }
  }

  /**
   * The body without its content-encoding, and unwrapped.
   *
   * @param twice whether memory matters more than work
   */
  byte[] body(RawRequest request, int limit, boolean twice) throws ContentEncodingException {
    ContentEncoding encoding = ContentEncoding.of(request.header("content-encoding"));
    byte[] body =
        twice
            ? encoding.decodeTwice(request.body(), limit)
            : encoding.decode(request.body(), limit);
    Decoder decoder = decoders.get(request.protocol());
    return decoder == null ? body : decoder.unwrapped(RequestHead.of(request), body, limit);
  }

  /**
   * Hands out a request's candidates in order; beside the body it holds few of them at a time.
   *
   * @param body the request's without its content-encoding
   * @throws Enough if the taker throws it; {@link Ending.Stopped} likewise
   */
  void decode(Position position, RawRequest request, byte[] body, Consumer<Candidate> taker) {
    Decoder decoder = decoders.get(request.protocol());
    if (decoder == null) {
      String message = "no decoder for the protocol " + request.protocol() + " is installed";
      refuse(request, 0, "unknown_protocol", message, taker);
      return;
    }
    Counting counting = new Counting(request, taker);
    try {
      decoder.decode(request, body, counting);
    } catch (Enough | Ending.Stopped e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      failures.increment();
      LOG.error("the {} decoder failed at {}", request.protocol(), position, e);
      refuse(request, counting.events, "decoder_failed", "the decoder failed: " + e, taker);
      return;
    }
    if (counting.events != request.events()) {
      mismatches.increment();
      String message = "the decoder made " + counting.events + " events of " + request.events();
      LOG.error("{}, in {} at {}", message, request.protocol(), position);
      refuse(request, counting.events, "decoder_failed", message, taker);
    }
  }

  /** Makes candidates of as many events as were accepted. */
  private final class Counting implements Consumer<Decoded> {
    private final RawRequest request;
    private final Consumer<Candidate> taker;
    private int events;

    Counting(RawRequest request, Consumer<Candidate> taker) {
      this.request = request;
      this.taker = taker;
    }

    @Override
    public void accept(Decoded event) {
      if (events < request.events()) {
        taker.accept(candidate(request, event));
      }
      events++;
    }
  }

  /** Refuses a request as a whole. */
  static void refuse(RawRequest request, String reason, String message, Consumer<Candidate> taker) {
    refuse(request, 0, reason, message, taker);
  }

  /** Refuses the events from an index on; the first of them bears the whole body. */
  private static void refuse(
      RawRequest request, int from, String reason, String message, Consumer<Candidate> taker) {
    for (int i = from; i < request.events(); i++) {
      byte[] payload = i == from ? request.body() : NOTHING;
      String where = i == from ? message : message + " (the body is with event " + from + ")";
      taker.accept(
          new Candidate.Refused(null, null, request.protocol(), "decode", reason, where, payload));
    }
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

  private Candidate candidate(RawRequest request, Decoded.Event event) {
    Map<EventColumn, Object> columns = event.columns();
    if (!(columns.get(EventColumn.EVENT_ID) instanceof String eventId)
        || columns.get(EventColumn.EVENT) == null) {
      throw new IllegalArgumentException("event and event_id must be set");
    }
    event.properties().forEach(RequestDecoding::requireProperty);
    OptionalLong timestamp =
        ClockCorrection.timestamp(
            columns.get(EventColumn.ORIGINAL_TIMESTAMP) instanceof Long time ? time : null,
            event.sentAt(),
            event.correctClock(),
            clockTolerance,
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
    columns.put(EventColumn.TIMESTAMP, timestamp.getAsLong());
    return switch (enriched(request, event)) {
      case Verdict.Drop drop -> new Candidate.Dropped(eventId, drop.reason());
      case Verdict.Quarantine bad -> refused(request, event, "enrich", bad.reason(), bad.message());
      case Verdict.Pass pass ->
          enrichments.plugins(request.project()).isEmpty()
              ? whole(request.project(), event.columns(), event.properties(), eventId)
              : new Candidate.Pending(
                  request, event, eventId, cost(event.columns()) + cost(event.properties()));
    };
  }

  private Verdict enriched(RawRequest request, Decoded.Event event) {
    Sender sender =
        new Sender(
            request.project(),
            request.source(),
            request.receivedAt(),
            event.person().userAgent(),
            event.person().ownAddress());
    event
        .columns()
        .computeIfPresent(
            EventColumn.IP,
            (column, said) -> said instanceof String text ? WrittenAddress.bare(text) : said);
    Draft draft = new Draft(sender, event.columns(), event.properties());
    return enrichments.of(request.project()).apply(draft);
  }

  /**
   * An event that nothing is left to be done to.
   *
   * @throws IllegalArgumentException if a value is not of its column's class
   */
  static Candidate.Whole whole(
      String project,
      Map<EventColumn, Object> columns,
      Map<String, Object> properties,
      String eventId) {
    CleanEvent.Builder builder = CleanEvent.builder();
    columns.forEach(builder::set);
    Object user = builder.get(EventColumn.USER_ID);
    Object visitor = builder.get(EventColumn.ANONYMOUS_ID);
    boolean nobody =
        user == null || (visitor != null && user instanceof String id && PlaceholderId.is(id));
    builder.set(EventColumn.ACTOR, nobody ? visitor : user);
    return new Candidate.Whole(
        builder, Fingerprint.of(project, eventId), properties, cost(columns) + cost(properties));
  }

  private static long cost(Map<?, ?> values) {
    long cost = FIXED_COST;
    for (Map.Entry<?, ?> value : values.entrySet()) {
      cost += VALUE_COST + textCost(value.getKey()) + textCost(value.getValue());
    }
    return cost;
  }

  private static int textCost(Object value) {
    return switch (value) {
      case String text -> TEXT_COST + text.length();
      case Decoded.Json json -> TEXT_COST + json.text().length();
      default -> 0;
    };
  }

  static void requireProperty(String name, Object value) {
    boolean known =
        value instanceof String
            || value instanceof Double
            || value instanceof Boolean
            || value instanceof Decoded.Json;
    if (!known) {
      throw new IllegalArgumentException("the property " + name + " is a " + value.getClass());
    }
  }

  /** An event that was decoded and cannot be taken. */
  static Candidate refused(
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
