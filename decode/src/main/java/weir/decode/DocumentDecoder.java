package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  /** The events of larger bodies do not wait for what is around them. */
  private static final int HELD_BODY_BYTES = 512 << 10;

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
      } else if (first == JsonToken.START_ARRAY && shape(head) == Shape.QUESTION) {
        json.skip();
      } else if (first == JsonToken.START_ARRAY) {
        walk.array(json, taker);
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
      if (shape == Shape.QUESTION) {
        passLists(json);
      } else if (shape == Shape.EVENT || (shape == Shape.EITHER && !hasList(from))) {
        event(json, taker);
      } else if (full && body.length > HELD_BODY_BYTES) {
        flowing(json, from);
      } else {
        held(json, from);
      }
    }

    private void passLists(JsonBody json) throws IOException {
      for (String field = json.nextField(); field != null; field = json.nextField()) {
        if (names().lists().contains(field)) {
          json.skip();
        } else {
          shared.read(field, json);
        }
      }
    }

    private boolean hasList(int from) throws IOException {
      try (JsonBody json = new JsonBody(body, from, body.length)) {
        json.next();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
          if (names().lists().contains(field) && json.isArray()) {
            return true;
          }
          json.skip();
        }
        return false;
      }
    }

    /** In one go: events that are to be built wait until all that is around them is known. */
    private void held(JsonBody json, int start) throws IOException, MalformedException {
      shared = new SharedFields(names(), full, sentAt);
      List<Taken<E>> waiting = new ArrayList<>();
      Taker<E> first =
          full
              ? (event, fault, source, from, to) -> waiting.add(new Taken<>(event, fault, from, to))
              : taker;
      int ofList = -1;
      for (String field = json.nextField(); field != null; field = json.nextField()) {
        if (!names().lists().contains(field) || !json.isArray()) {
          shared.read(field, json);
          continue;
        }
        requireNone(ofList, field);
        int from = json.start();
        array(json, first);
        ofList = json.end() - from;
      }
      requireList(ofList);
      int around = json.end() - start - ofList;
      requireSmall(around);
      requireSpread(around);
      for (Taken<E> each : waiting) {
        taker.take(each.event, each.fault, body, each.from, each.to);
      }
    }

    /** In two goes, so that no event waits. */
    private void flowing(JsonBody json, int start) throws IOException, MalformedException {
      Around around = around(start);
      shared = around.shared;
      requireSmall(around.bytes);
      try (JsonBody list = new JsonBody(body, around.from, around.to)) {
        list.next();
        array(list, taker);
      }
      requireSpread(around.bytes);
      json.skip();
    }

    private Around around(int start) throws IOException, MalformedException {
      SharedFields fields = new SharedFields(names(), true, sentAt);
      int from = -1;
      int to = -1;
      try (JsonBody json = new JsonBody(body, start, body.length)) {
        json.next();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
          if (!names().lists().contains(field) || !json.isArray()) {
            fields.read(field, json);
            continue;
          }
          requireNone(from, field);
          from = json.start();
          json.skip();
          to = json.end();
        }
        requireList(from);
        return new Around(fields, from, to, json.end() - start - (to - from));
      }
    }

    private static void requireNone(int place, String field) throws MalformedException {
      if (place >= 0) {
        throw new MalformedException("\"" + field + "\" must be one array of events");
      }
    }

    private void requireList(int place) throws MalformedException {
      if (place < 0) {
        throw new MalformedException(
            "the object has no array of events: send {\""
                + names().lists().stream().sorted().findFirst().orElse("")
                + "\":[...]}");
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

    private void requireSpread(int bytes) throws MalformedException {
      if (shared.hasOthers() && (long) bytes * events > SegmentScanner.MAX_SPREAD) {
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

    void array(JsonBody json, Taker<E> into) throws IOException, MalformedException {
      while (json.next() != JsonToken.END_ARRAY) {
        event(json, into);
      }
    }

    private void event(JsonBody json, Taker<E> into) throws IOException, MalformedException {
      JsonDocument.requireRoom(events);
      events++;
      int from = json.start();
      if (!json.isObject()) {
        int length = json.source().getBytes(StandardCharsets.UTF_8).length;
        into.take(null, SegmentDoor.notAnObject(), body, from, from + length);
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
      into.take(event, fault, body, from, to);
    }
  }

  /**
   * What is around an array of events.
   *
   * @param from where in the body the array begins, to: where it ends
   * @param bytes how many there are beside it
   */
  private record Around(SharedFields shared, int from, int to, int bytes) {}

  private record Taken<E>(@Nullable E event, SegmentDoor.@Nullable Fault fault, int from, int to) {}
}
