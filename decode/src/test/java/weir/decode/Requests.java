package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A request to a decoder, at the door and behind it. */
record Requests(Decoder decoder, String path, String query, List<Header> headers) {
  static final int LIMIT = 40 << 20;
  static final long RECEIVED = 1_767_323_050_000_000L; // 2026-01-02T03:04:10Z

  Requests(Decoder decoder, String path) {
    this(decoder, path, "", List.of(new Header("content-type", "application/json")));
  }

  Requests query(String text) {
    return new Requests(decoder, path, text, headers);
  }

  Requests header(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Requests(decoder, path, query, more);
  }

  RawRequest raw(int events, byte[] body) {
    return new RawRequest(
        new UUID(7, 7),
        decoder.protocol(),
        "p",
        "s",
        "k",
        "203.0.113.9",
        RECEIVED,
        path,
        query,
        events,
        headers,
        body);
  }

  RequestHead head() {
    return RequestHead.of(raw(0, new byte[0]));
  }

  byte[] unwrapped(byte[] body) throws ContentEncodingException {
    return decoder.unwrapped(head(), body, LIMIT);
  }

  Inspection inspect(byte[] body) {
    try {
      return decoder.inspect(head(), unwrapped(body));
    } catch (ContentEncodingException e) {
      return new Inspection.Malformed(e.problem());
    }
  }

  Inspection.Readable readable(byte[] body) {
    return (Inspection.Readable) inspect(body);
  }

  /** What a body decodes to that was accepted with as many events as it holds. */
  List<Decoded> decode(byte[] body) {
    List<Decoded> decoded = new ArrayList<>();
    try {
      decoder.decode(raw(readable(body).events(), body), unwrapped(body), decoded::add);
    } catch (ContentEncodingException e) {
      throw new IllegalStateException(e.problem(), e);
    }
    return decoded;
  }

  List<Decoded> decode(String body) {
    return decode(body.getBytes(UTF_8));
  }

  Decoded.Event event(String body) {
    return (Decoded.Event) decode(body).getFirst();
  }
}
