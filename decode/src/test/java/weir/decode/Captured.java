package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request of a client, as it was captured or made up; decoded as collector and engine do. */
record Captured(String path, String query, List<Header> headers, byte[] body) {
  static final UUID ID = new UUID(1, 2);
  static final String KEY = "KEY";

  /** One of the files in the folder captures: request line, headers, an empty line, body. */
  static Captured read(String name) {
    try (InputStream in = Captured.class.getResourceAsStream("/captures/" + name + ".txt")) {
      byte[] all = Objects.requireNonNull(in, name).readAllBytes();
      int end = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\n\n");
      String[] lines = new String(all, 0, end, UTF_8).split("\n");
      String target = lines[0].substring(lines[0].indexOf(' ') + 1);
      int mark = target.indexOf('?');
      List<Header> headers = new ArrayList<>();
      for (String line : Arrays.asList(lines).subList(1, lines.length)) {
        int colon = line.indexOf(": ");
        headers.add(new Header(line.substring(0, colon), line.substring(colon + 2)));
      }
      return new Captured(
          mark < 0 ? target : target.substring(0, mark),
          mark < 0 ? "" : target.substring(mark + 1),
          headers,
          Arrays.copyOfRange(all, end + 2, all.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A POST of JSON. */
  static Captured post(String target, String body) {
    return new Captured(
        target, "", List.of(new Header("content-type", "application/json")), body.getBytes(UTF_8));
  }

  static Captured get(String path, String query) {
    return new Captured(path, query, List.of(), new byte[0]);
  }

  Captured with(String query) {
    return new Captured(path, query, headers, body);
  }

  Captured with(byte[] otherBody) {
    return new Captured(path, query, headers, otherBody);
  }

  RequestHead head() {
    @Nullable String contentType = null;
    for (Header header : headers) {
      contentType = header.name().equals("content-type") ? header.value() : contentType;
    }
    return new RequestHead(path, query, contentType, headers);
  }

  RawRequest stored(Decoder decoder, int events) {
    return new RawRequest(
        ID,
        decoder.protocol(),
        "p",
        "s",
        KEY,
        "192.0.2.7",
        1_796_068_759_500_000L,
        path,
        query,
        events,
        headers,
        body);
  }

  /** What becomes of it; door and decoder are found to agree. */
  List<Decoded> decode(Decoder decoder) {
    Inspection.Readable seen = (Inspection.Readable) decoder.inspect(head(), body);
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(stored(decoder, seen.events()), body, decoded::add);
    List<Inspection.Quarantined> quarantined = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      if (decoded.get(i) instanceof Decoded.Bad bad && bad.stage().equals("collect")) {
        quarantined.add(new Inspection.Quarantined(i, bad.reason()));
      }
    }
    assertThat(decoded).hasSize(seen.events());
    assertThat(quarantined).isEqualTo(seen.quarantined());
    return decoded;
  }

  /** Its events, none of them bad. */
  List<Decoded.Event> events(Decoder decoder) {
    return decode(decoder).stream().map(Decoded.Event.class::cast).toList();
  }

  /** Its only event. */
  Decoded.Event event(Decoder decoder) {
    List<Decoded.Event> events = events(decoder);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  /** Its only event, which is bad. */
  Decoded.Bad bad(Decoder decoder) {
    List<Decoded> events = decode(decoder);
    assertThat(events).hasSize(1);
    return (Decoded.Bad) events.getFirst();
  }

  /** Why it is refused as a whole. */
  String refusal(Decoder decoder) {
    return ((Inspection.Malformed) decoder.inspect(head(), body)).message();
  }
}
