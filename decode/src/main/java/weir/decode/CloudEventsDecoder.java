package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 over HTTP: protocol {@code cloudevents}. One event whose attributes are headers
 * {@code ce-*} and whose data is the body; one as {@code application/cloudevents+json}; several as
 * {@code application/cloudevents-batch+json}.
 *
 * <p>The protocol speaks of things: an event need not say whom it is of.
 */
public final class CloudEventsDecoder extends WalkingDecoder<CloudEvent> implements HeaderReading {
  private static final String PREFIX = "ce-";
  private static final String STRUCTURED = "application/cloudevents";

  private final int maxEventBytes;

  /**
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public CloudEventsDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public String protocol() {
    return "cloudevents";
  }

  @Override
  public Set<String> paths() {
    return Set.of("/ce");
  }

  @Override
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public Set<String> headerPrefixes() {
    return Set.of(PREFIX);
  }

  @Override
  public boolean takesAnyMediaType() {
    return true;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Reply.STANDARD;
  }

  @Override
  @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<CloudEvent> taker)
      throws IOException, MalformedException {
    String type = MediaType.of(head.contentType());
    if (!type.startsWith(STRUCTURED)) {
      walkBinary(head, body, full, taker);
    } else if (type.equals("application/cloudevents+json")
        || type.equals("application/cloudevents-batch+json")) {
      walkDocument(type.contains("-batch"), body, full, taker);
    } else {
      throw new MalformedException(
          "events in " + type + " are not read: send application/cloudevents+json");
    }
    return null;
  }

  /** The attributes are headers; what they do not say, the body is. */
  private void walkBinary(RequestHead head, byte[] body, boolean full, Taker<CloudEvent> taker)
      throws IOException, MalformedException {
    CloudEvent event = new CloudEvent(full);
    int size = body.length;
    boolean found = false;
    for (Header header : head.headers()) {
      if (header.name().startsWith(PREFIX)) {
        found = true;
        size += header.value().length();
        event.attribute(
            Utf8.wellFormed(header.name().substring(PREFIX.length())),
            PercentQuery.decoded(header.value(), false));
      }
    }
    if (!found) {
      throw new MalformedException(
          "there are no headers ce-id, ce-source, ce-type and ce-specversion, and the content-type"
              + " is not application/cloudevents+json");
    }
    event.binaryData(head.contentType(), body);
    take(event, size, body, 0, body.length, taker);
  }

  private void walkDocument(boolean batch, byte[] body, boolean full, Taker<CloudEvent> taker)
      throws IOException, MalformedException {
    JsonDocument.requireUtf8(body);
    try (JsonBody json = JsonDocument.open(body)) {
      JsonToken first = json.next();
      if (first != (batch ? JsonToken.START_ARRAY : JsonToken.START_OBJECT)) {
        throw new MalformedException(
            batch
                ? "the body must be an array of events"
                : "the body must be one event, an object");
      }
      if (batch) {
        for (int events = 0; json.nextInArray(); events++) {
          JsonDocument.requireRoom(events);
          walkEvent(json, body, full, taker);
        }
      } else {
        walkEvent(json, body, full, taker);
      }
      JsonDocument.requireEnd(json);
    }
  }

  private void walkEvent(JsonBody json, byte[] body, boolean full, Taker<CloudEvent> taker)
      throws IOException {
    int from = json.start();
    if (!json.isObject()) {
      taker.take(null, SegmentDoor.notAnObject(), body, from, from + json.sourceBytes());
      return;
    }
    CloudEvent event = new CloudEvent(full);
    event.read(json);
    take(event, json.end() - from, body, from, json.end(), taker);
  }

  private void take(
      CloudEvent event, int size, byte[] source, int from, int to, Taker<CloudEvent> taker) {
    SegmentDoor.Fault fault =
        size > maxEventBytes ? SegmentDoor.tooLarge(size, maxEventBytes) : event.fault();
    taker.take(event, fault, source, from, to);
  }

  @Override
  Decoded.Event event(RawRequest request, int index, CloudEvent read)
      throws UnusableEventException {
    return new CloudEventMapping(request, index, read).event();
  }
}
