package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A decoder whose requests are JSON documents: one event, an array of events, or an object around
 * such an array.
 *
 * @param <E> an event as it was sent
 */
abstract class DocumentDecoder<E extends SentEvent> extends WalkingDecoder<E> {
  /** What the object may be that a body consists of. */
  enum Shape {
    /** One event. */
    EVENT,
    /** Something around an array of events. */
    LIST,
    /** The one if it has no such array, else the other. */
    EITHER,
    /** A question: it names a key, and whatever it holds is no event. */
    QUESTION
  }

  private final int maxEventBytes;

  DocumentDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  abstract Shape shape(RequestHead head);

  /** How the fields around an array of events are called. */
  abstract SharedFields.Names names();

  /** An event before it is read. */
  abstract E sent(RequestHead head, boolean full, SharedFields shared);

  /** The write key that the request's head names beside the usual places. */
  @Nullable String keyOf(RequestHead head) {
    return null;
  }

  /** When the request was sent, as its head says. */
  @Nullable String sentAtOf(RequestHead head) {
    return null;
  }

  @Override
  final @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<E> taker)
      throws IOException, MalformedException {
    JsonDocument.requireUtf8(body);
    Walk walk = new Walk(head, body, full, taker);
    try (JsonBody json = JsonDocument.open(body)) {
      JsonToken first = json.next();
      if (first == JsonToken.START_OBJECT) {
        walk.object(json, shape(head));
      } else if (first == JsonToken.START_ARRAY) {
        walk.array(json, shape(head));
      } else {
        throw new MalformedException(
            "the body must be an event, a JSON object, or an array of them");
      }
      JsonDocument.requireEnd(json);
    }
    String ofHead = keyOf(head);
    String ofAll = walk.shared.key();
    return ofHead != null ? ofHead : ofAll != null ? ofAll : walk.key;
  }

  /** One way through a body. */
  private final class Walk {
    private final RequestHead head;
    private final byte[] body;
    private final boolean full;
    private final Taker<E> taker;
    private final @Nullable String sentAt;
    private SharedFields shared;
    private int events;
    private @Nullable String key;

    Walk(RequestHead head, byte[] body, boolean full, Taker<E> taker) {
      this.head = head;
      this.body = body;
      this.full = full;
      this.taker = taker;
      this.sentAt = full ? sentAtOf(head) : null;
      this.shared = new SharedFields(names(), false, sentAt);
    }

    void object(JsonBody json, Shape shape) throws IOException, MalformedException {
      int from = json.start();
      Around around = shape == Shape.EVENT ? null : around(from, false);
      if (around != null && shape == Shape.QUESTION) {
        shared = around.shared;
        json.skip();
        return;
      }
      if (around == null || around.from < 0) {
        if (shape == Shape.LIST) {
          throw new MalformedException(
              "the object has no array of events: send {\""
                  + names().lists().stream().sorted().findFirst().orElse("")
                  + "\":[...]}");
        }
        event(json);
        return;
      }
      boolean spreads = around.shared.hasOthers();
      if (spreads && full) {
        around = around(from, true);
      }
      shared = around.shared;
      requireSmall(around.bytes);
      try (JsonBody list = new JsonBody(body, around.from, around.to)) {
        list.next();
        array(list, shape);
      }
      requireSpread(around.bytes, spreads);
      json.skip();
    }

    /** Reads what is around the array, or would be. */
    private Around around(int start, boolean keepsOthers) throws IOException, MalformedException {
      SharedFields fields = new SharedFields(names(), keepsOthers, sentAt);
      int from = -1;
      int to = -1;
      try (JsonBody json = new JsonBody(body, start, body.length)) {
        json.next();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
          if (!names().lists().contains(field) || !json.isArray()) {
            fields.read(field, json);
            continue;
          }
          if (from >= 0) {
            throw new MalformedException("\"" + field + "\" must be one array of events");
          }
          from = json.start();
          json.skip();
          to = json.end();
        }
        return new Around(fields, from, to, json.end() - start - (to - from));
      }
    }

    private void requireSmall(int bytes) throws MalformedException {
      if (bytes > maxEventBytes) {
        throw new MalformedException(
            "the body has "
                + bytes
                + " bytes beside its events, of which "
                + maxEventBytes
                + " are allowed: send less with it");
      }
    }

    private void requireSpread(int bytes, boolean spreads) throws MalformedException {
      if (spreads && (long) bytes * events > SegmentScanner.MAX_SPREAD) {
        throw new MalformedException(
            "the body says "
                + bytes
                + " bytes of each of its "
                + events
                + " events, together more than "
                + SegmentScanner.MAX_SPREAD
                + ": send smaller batches, or say less of all their events");
      }
    }

    void array(JsonBody json, Shape shape) throws IOException, MalformedException {
      if (shape == Shape.QUESTION) {
        json.skip();
        return;
      }
      while (json.next() != JsonToken.END_ARRAY) {
        event(json);
      }
    }

    private void event(JsonBody json) throws IOException, MalformedException {
      JsonDocument.requireRoom(events);
      events++;
      int from = json.start();
      if (!json.isObject()) {
        int length = json.source().getBytes(StandardCharsets.UTF_8).length;
        taker.take(null, SegmentDoor.notAnObject(), body, from, from + length);
        return;
      }
      E event = sent(head, full, shared);
      event.read(json);
      int to = json.end();
      if (key == null) {
        key = event.key();
      }
      SegmentDoor.Fault fault =
          to - from > maxEventBytes
              ? SegmentDoor.tooLarge(to - from, maxEventBytes)
              : event.fault();
      taker.take(event, fault, body, from, to);
    }
  }

  /**
   * What is around an array of events.
   *
   * @param from where in the body the array begins, negative if there is none; to: where it ends
   * @param bytes how many there are beside it
   */
  private record Around(SharedFields shared, int from, int to, int bytes) {}
}
