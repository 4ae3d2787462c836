package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Requests of Segment's clients, decoded. */
final class SegmentRequests {
  static final UUID ID = new UUID(1, 2);

  private SegmentRequests() {}

  /** All events of a body, as the door has counted them. */
  static List<Decoded> decode(String path, String contentType, String body) {
    SegmentDecoder decoder = new SegmentDecoder();
    byte[] bytes = body.getBytes(UTF_8);
    Inspection.Readable seen =
        (Inspection.Readable) decoder.inspect(new RequestHead(path, "", contentType), bytes);
    RawRequest request =
        new RawRequest(
            ID,
            "segment",
            "p",
            "s",
            "k",
            "192.0.2.7",
            5,
            path,
            "",
            seen.events(),
            List.of(new Header("Content-Type", contentType)),
            bytes);
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(request, bytes, decoded::add);
    assertThat(decoded).hasSize(seen.events());
    return decoded;
  }

  /** The first event of a body of JSON. */
  static Decoded.Event one(String path, String body) {
    return (Decoded.Event) decode(path, "application/json", body).getFirst();
  }
}
