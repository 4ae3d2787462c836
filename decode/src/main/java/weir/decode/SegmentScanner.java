package weir.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one walk over a body that the door and the decoder share, so that they cannot differ in how
 * many events there are and which of them are quarantined. Used for one body.
 */
final class SegmentScanner {
  /** More events than that in one request are refused: each costs more than its bytes tell. */
  static final int MAX_EVENTS = 100_000;

  /**
   * More bytes than that are not made of what a batch says once of all its events: each of them
   * bears a copy of it.
   */
  static final long MAX_SPREAD = 64 << 20;

  /** How much is read of a body. */
  enum Depth {
    /** What the door asks for. */
    DOOR,
    /** That, and what a batch says of all its events. */
    SHARED,
    /** Everything. */
    ALL
  }

  /** Where events lie in a body. */
  enum Shape {
    /** The body is one event, its type in the path. */
    SINGLE,
    /** An object with an array "batch", or that array alone. */
    BATCH,
    /** A line each. */
    LINES
  }

  /** Takes the events of a body, in order. */
  interface Taker {
    /** A call, which nothing at the door speaks against; from, to: its place in the body. */
    void call(int index, SegmentCall call, int from, int to);

    /** Something that is no event; the call is null where it could not be read as one. */
    void fault(int index, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to);
  }

  private final byte[] body;
  private final @Nullable CallType typeOfPath;
  private final int maxEventBytes;
  private final Depth depth;
  private final Taker taker;

  private int events;
  private boolean shares;
  private @Nullable String writeKey;
  private @Nullable String sentAt;
  private @Nullable CallContext context;
  private final Map<String, Object> rest = new LinkedHashMap<>();

  SegmentScanner(
      byte[] body, @Nullable CallType typeOfPath, int maxEventBytes, Depth depth, Taker taker) {
    this.body = body;
    this.typeOfPath = typeOfPath;
    this.maxEventBytes = maxEventBytes;
    this.depth = depth;
    this.taker = taker;
  }

  /**
   * Walks the body.
   *
   * @throws MalformedException if the body as a whole cannot be read; what the taker got until then
   *     is void
   */
  void scan(Shape shape) throws MalformedException {
    try {
      if (shape == Shape.LINES) {
        scanLines();
        return;
      }
      String notUtf8 = Utf8.complaint(body, 0, body.length);
      if (notUtf8 != null) {
        throw new MalformedException("the body is " + notUtf8);
      }
      scanDocument(shape);
    } catch (JsonProcessingException e) {
      throw MalformedException.notJson("the body", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void scanDocument(Shape shape) throws IOException, MalformedException {
    try (JsonBody json = new JsonBody(body, Utf8.afterMark(body), body.length)) {
      JsonToken first = json.next();
      if (first == null) {
        throw new MalformedException("the body is empty: send JSON");
      }
      if (shape == Shape.BATCH && first == JsonToken.START_ARRAY) {
        scanArray(json);
      } else if (first != JsonToken.START_OBJECT) {
        throw new MalformedException(
            shape == Shape.BATCH
                ? "the body must be an object with an array \"batch\", or an array of events"
                : "the body must be one event, a JSON object");
      } else if (shape == Shape.BATCH) {
        scanBatch(json);
      } else {
        scanEvent(json);
      }
      if (json.next() != null) {
        throw new MalformedException(
            "the body goes on after its JSON, at byte "
                + json.start()
                + "; several lines of JSON are sent as application/x-ndjson");
      }
    }
  }

  private void scanBatch(JsonBody json) throws IOException, MalformedException {
    boolean found = false;
    int from = json.start();
    int ofEvents = 0;
    for (String field = json.nextField(); field != null; field = json.nextField()) {
      switch (field) {
        case "batch" -> {
          if (found || !json.isArray()) {
            throw new MalformedException("\"batch\" must be one array of events");
          }
          found = true;
          ofEvents = json.start();
          scanArray(json);
          ofEvents = json.end() - ofEvents;
        }
        case "writeKey" -> writeKey = json.text();
        case "sentAt" -> sentAt = json.text();
        default -> readShared(field, json);
      }
    }
    checkShared(json.end() - from - ofEvents);
    if (!found) {
      throw new MalformedException(
          "the object has no \"batch\": send {\"batch\":[...]}, or one event to its own path");
    }
  }

  private void checkShared(int bytes) throws MalformedException {
    if (bytes > maxEventBytes) {
      throw new MalformedException(
          "the batch has "
              + bytes
              + " bytes beside its events, of which "
              + maxEventBytes
              + " are allowed: send less with it");
    }
    if (shares && (long) bytes * events > MAX_SPREAD) {
      throw new MalformedException(
          "the batch says "
              + bytes
              + " bytes of each of its "
              + events
              + " events, together more than "
              + MAX_SPREAD
              + ": send smaller batches, or say less of all their events");
    }
  }

  private void readShared(String field, JsonBody json) throws IOException {
    shares = true;
    if (depth == Depth.DOOR) {
      json.skip();
    } else if (field.equals("context") && json.isObject()) {
      context = new CallContext();
      context.read(json);
    } else {
      Object value = json.value();
      if (value != null) {
        rest.put(Utf8.wellFormed(field), value);
      }
    }
  }

  private void scanArray(JsonBody json) throws IOException, MalformedException {
    while (json.next() != JsonToken.END_ARRAY) {
      scanEvent(json);
    }
  }

  private void scanEvent(JsonBody json) throws IOException, MalformedException {
    if (events == MAX_EVENTS) {
      throw new MalformedException(
          "the request holds more than " + MAX_EVENTS + " events: send smaller batches");
    }
    int from = json.start();
    if (!json.isObject()) {
      int length = json.source().getBytes(StandardCharsets.UTF_8).length;
      taker.fault(events++, null, SegmentDoor.notAnObject(), from, from + length);
      return;
    }
    SegmentCall call = new SegmentCall(depth == Depth.ALL, typeOfPath);
    call.read(json);
    take(call, from, json.end());
  }

  private void take(SegmentCall call, int from, int to) {
    if (writeKey == null) {
      writeKey = call.writeKey();
    }
    SegmentDoor.Fault fault =
        to - from > maxEventBytes
            ? SegmentDoor.tooLarge(to - from, maxEventBytes)
            : SegmentDoor.check(call);
    if (fault == null) {
      taker.call(events++, call, from, to);
    } else {
      taker.fault(events++, call, fault, from, to);
    }
  }

  private void scanLines() throws MalformedException {
    int from = Utf8.afterMark(body);
    while (from < body.length) {
      int to = from;
      while (to < body.length && body[to] != '\n') {
        to++;
      }
      scanLine(from, to);
      from = to + 1;
    }
  }

  private void scanLine(int lineFrom, int lineTo) throws MalformedException {
    int from = lineFrom;
    int to = lineTo;
    while (from < to && isBlank(body[from])) {
      from++;
    }
    while (from < to && isBlank(body[to - 1])) {
      to--;
    }
    if (from == to) {
      return;
    }
    if (events == MAX_EVENTS) {
      throw new MalformedException(
          "the request holds more than " + MAX_EVENTS + " lines: send smaller batches");
    }
    try {
      readLine(body, from, to);
    } catch (MalformedException e) {
      byte[] mended = HalfPairs.mended(body, from, to);
      if (mended != body && readsMended(mended, from, to)) {
        return;
      }
      taker.fault(events++, null, new SegmentDoor.Fault("malformed_json", e.problem()), from, to);
    }
  }

  private boolean readsMended(byte[] mended, int from, int to) {
    try {
      readLine(mended, from, to);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  private void readLine(byte[] text, int from, int to) throws MalformedException {
    if (to - from > maxEventBytes) {
      taker.fault(events++, null, SegmentDoor.tooLarge(to - from, maxEventBytes), from, to);
      return;
    }
    String notUtf8 = Utf8.complaint(text, from, to);
    if (notUtf8 != null) {
      throw new MalformedException("the line is " + notUtf8);
    }
    try (JsonBody json = new JsonBody(text, from, to)) {
      JsonToken first = json.next();
      SegmentCall call = new SegmentCall(depth == Depth.ALL, typeOfPath);
      if (first == JsonToken.START_OBJECT) {
        call.read(json);
      } else {
        json.skip();
      }
      if (json.next() != null) {
        throw new MalformedException("the line goes on after its JSON");
      }
      if (first == JsonToken.START_OBJECT) {
        take(call, from, to);
      } else {
        taker.fault(events++, null, SegmentDoor.notAnObject(), from, to);
      }
    } catch (JsonProcessingException e) {
      throw MalformedException.notJson("the line", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  int events() {
    return events;
  }

  /** The key that the body names, or its first event that names one. */
  @Nullable String writeKey() {
    return writeKey;
  }

  /** When the batch says that it was sent. */
  @Nullable String sentAt() {
    return sentAt;
  }

  /** The context that all events of the batch share. */
  @Nullable CallContext context() {
    return context;
  }

  /** Whether the batch says anything of all its events but when it was sent. */
  boolean shares() {
    return shares;
  }

  /** Whatever else the batch says of all its events. */
  Map<String, Object> rest() {
    return rest;
  }
}
