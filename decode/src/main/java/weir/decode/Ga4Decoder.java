package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Measurement Protocol of Google Analytics 4: protocol {@code ga4}. The write key is the
 * query's {@code api_secret}. {@code /debug/mp/collect} says what is wrong with the events and
 * stores none of them.
 */
public final class Ga4Decoder extends WalkingDecoder<Ga4Event> {
  /** What the protocol allows in one request. */
  static final int MAX_EVENTS = 25;

  private static final String COLLECT = "/mp/collect";
  private static final String DEBUG = "/debug/mp/collect";
  private static final Set<String> PATHS = Set.of(COLLECT, DEBUG);
  private static final Reply NO_CONTENT = new Reply.Exactly(204, null, new byte[0]);

  private final int maxEventBytes;

  /**
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public Ga4Decoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public String protocol() {
    return "ga4";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return head.path().equals(DEBUG)
        ? Reply.text("application/json", Ga4Validation.json(stored.quarantined()))
        : NO_CONTENT;
  }

  @Override
  public Inspection inspect(RequestHead head, byte[] body) {
    Inspection found = super.inspect(head, body);
    return head.path().equals(DEBUG) && found instanceof Inspection.Readable readable
        ? new Inspection.Readable(0, readable.writeKey(), readable.quarantined())
        : found;
  }

  @Override
  public Outline outline(RequestHead head, byte[] body) {
    return head.path().equals(DEBUG)
        ? new Outline(inspect(head, body), Optional.empty())
        : super.outline(head, body);
  }

  @Override
  @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<Ga4Event> taker)
      throws IOException, MalformedException {
    JsonDocument.requireUtf8(body);
    Ga4Request request = new Ga4Request(full);
    try (JsonBody json = JsonDocument.open(body)) {
      if (json.next() != JsonToken.START_OBJECT) {
        throw new MalformedException("the body must be an object with an array \"events\"");
      }
      request.read(json);
      JsonDocument.requireEnd(json);
    }
    checkShared(body, request);
    for (Ga4Request.Range range : request.events()) {
      take(request, range, body, full, taker);
    }
    return PercentQuery.value(head.query(), "api_secret");
  }

  /** What is said once of all events each of them bears a copy of. */
  private void checkShared(byte[] body, Ga4Request request) throws MalformedException {
    int shared = body.length;
    for (Ga4Request.Range range : request.events()) {
      shared -= range.to() - range.from();
    }
    if (shared > maxEventBytes) {
      throw new MalformedException(
          "the request has "
              + shared
              + " bytes beside its events, of which "
              + maxEventBytes
              + " are allowed: send less with it");
    }
  }

  private void take(
      Ga4Request request, Ga4Request.Range range, byte[] body, boolean full, Taker<Ga4Event> taker)
      throws IOException {
    int size = range.to() - range.from();
    if (!range.isObject()) {
      taker.take(null, SegmentDoor.notAnObject(), body, range.from(), range.to());
      return;
    }
    Ga4Event event = new Ga4Event(request, full);
    try (JsonBody json = new JsonBody(body, range.from(), range.to())) {
      json.next();
      event.read(json);
    }
    SegmentDoor.Fault fault =
        size > maxEventBytes ? SegmentDoor.tooLarge(size, maxEventBytes) : event.fault();
    taker.take(event, fault, body, range.from(), range.to());
  }

  @Override
  Decoded.Event event(RawRequest request, int index, Ga4Event read) throws UnusableEventException {
    return new Ga4Mapping(request, index, read).event();
  }
}
