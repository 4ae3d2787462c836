package weir.decode;

import java.io.IOException;

/** A body that is one JSON document. */
final class JsonDocument {
  private JsonDocument() {}

  /**
   * Requires text that JSON can be.
   *
   * @throws MalformedException if the body is no UTF-8, or empty
   */
  static void requireUtf8(byte[] body) throws MalformedException {
    String complaint = Utf8.complaint(body, 0, body.length);
    if (complaint != null) {
      throw new MalformedException("the body is " + complaint);
    }
    if (Utf8.afterMark(body) == body.length) {
      throw new MalformedException("the body is empty: send JSON");
    }
  }

  /** Its reader, before the first token. */
  static JsonBody open(byte[] body) throws IOException {
    return new JsonBody(body, Utf8.afterMark(body), body.length);
  }

  /**
   * Requires that nothing follows the document that was read.
   *
   * @throws MalformedException if something does
   */
  static void requireEnd(JsonBody json) throws IOException, MalformedException {
    if (json.next() != null) {
      throw new MalformedException("the body goes on after its JSON, at byte " + json.start());
    }
  }

  /**
   * Requires that a request may hold one more event.
   *
   * @throws MalformedException if it holds as many as it may
   */
  static void requireRoom(int events) throws MalformedException {
    if (events >= SegmentScanner.MAX_EVENTS) {
      throw new MalformedException(
          "the request holds more than "
              + SegmentScanner.MAX_EVENTS
              + " events: send smaller batches");
    }
  }
}
