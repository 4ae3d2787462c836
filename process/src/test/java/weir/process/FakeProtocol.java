package weir.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.Inspection;
import weir.decode.RawRequest;
import weir.decode.Reply;
import weir.decode.RequestHead;
import weir.event.EventColumn;

/** A protocol whose requests decode to what a test has said: a decoder of any behaviour. */
final class FakeProtocol implements Decoder {
  static final String NAME = "fake";

  private final Map<UUID, Supplier<List<Decoded>>> results = new ConcurrentHashMap<>();
  private long requests;

  @Override
  public String protocol() {
    return NAME;
  }

  @Override
  public Set<String> paths() {
    return Set.of("/fake");
  }

  @Override
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Reply.STANDARD;
  }

  @Override
  public Inspection inspect(RequestHead head, byte[] body) {
    return new Inspection.Malformed("nothing is sent to it");
  }

  @Override
  public void decode(RawRequest request, byte[] body, Consumer<Decoded> taker) {
    decode(request).forEach(taker);
  }

  List<Decoded> decode(RawRequest request) {
    Supplier<List<Decoded>> result = results.get(request.id());
    if (result == null) {
      throw new IllegalStateException("no such request");
    }
    return result.get();
  }

  /** A request of as many events as are given. */
  RawRequest request(String project, String source, long receivedAt, Decoded... events) {
    return request(project, source, receivedAt, events.length, () -> List.of(events));
  }

  /** A request whose decoder does as it likes. */
  static final Decoded.Person PERSON = new Decoded.Person("Mozilla/5.0 (Test)", true);

  RawRequest request(
      String project, String source, long receivedAt, int events, Supplier<List<Decoded>> result) {
    UUID id = new UUID(0, ++requests);
    results.put(id, result);
    return new RawRequest(
        id,
        NAME,
        project,
        source,
        "key-" + source,
        "127.0.0.1",
        receivedAt,
        "/fake",
        "",
        events,
        List.of(),
        ("body of " + id).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static Decoded.Event event(String id, Map<String, Object> properties) {
    return event(id, null, null, properties);
  }

  static Decoded.Event event(
      String id, @Nullable Long original, @Nullable Long sentAt, Map<String, Object> properties) {
    Map<EventColumn, Object> columns = new HashMap<>();
    columns.put(EventColumn.EVENT, "Tested");
    columns.put(EventColumn.EVENT_ID, id);
    columns.put(EventColumn.PROTOCOL, NAME);
    columns.put(EventColumn.ANONYMOUS_ID, "someone");
    if (original != null) {
      columns.put(EventColumn.ORIGINAL_TIMESTAMP, original);
    }
    return new Decoded.Event(columns, sentAt, true, new LinkedHashMap<>(properties), PERSON);
  }

  static Decoded.Bad bad(String reason) {
    return new Decoded.Bad(null, null, "decode", reason, "no good", new byte[] {1, 2});
  }

  static List<Decoded> of(Decoded... events) {
    return new ArrayList<>(List.of(events));
  }
}
