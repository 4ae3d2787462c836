package weir.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import weir.event.EpochMicros;

/**
 * One event as a service has sent it: a JSON object in a body. Brought again, the object is the
 * envelope that {@link #envelope} made of it.
 */
final class WebhookCall implements WalkedEvent {
  private final byte[] body;
  private final int from;
  private final int to;
  private final boolean replayed;

  WebhookCall(byte[] body, int from, int to, boolean replayed) {
    this.body = body;
    this.from = from;
    this.to = to;
    this.replayed = replayed;
  }

  /** Of its JSON, in bytes. */
  int size() {
    return to - from;
  }

  boolean isReplayed() {
    return replayed;
  }

  @Override
  public @Nullable String id() {
    return null;
  }

  @Override
  public @Nullable String name() {
    return null;
  }

  /** What the mapping's expressions see. */
  ObjectNode document(RawRequest request, int index) throws UnusableEventException {
    ObjectNode document = around(request, index);
    JsonNode sent = read();
    if (replayed) {
      document.setAll((ObjectNode) sent);
    } else {
      document.set("body", sent);
    }
    return document;
  }

  private JsonNode read() throws UnusableEventException {
    try {
      return BoundedExpressions.JSON.readTree(body, from, to - from);
    } catch (IOException | NumberFormatException | ArithmeticException e) {
      throw new UnusableEventException(
          "unreadable_event", "mappings cannot read this JSON: " + e.getMessage());
    }
  }

  private static ObjectNode around(RawRequest request, int index) {
    ObjectNode document = BoundedExpressions.JSON.createObjectNode();
    ObjectNode headers = document.putObject("headers");
    for (Header header : request.headers()) {
      if (!headers.has(header.name())) {
        headers.put(header.name(), header.value());
      }
    }
    ObjectNode query = document.putObject("query");
    PercentQuery.read(request.query(), query::put);
    return document
        .put("index", index)
        .put("received_at", EpochMicros.instant(request.receivedAt()).toString())
        .put("id", RequestEventId.of(request.id(), index));
  }

  /** The document as JSON, with the body as it was sent. */
  byte[] envelope(RawRequest request, int index) {
    String around = around(request, index).toString();
    return (around.substring(0, around.length() - 1)
            + ",\"body\":"
            + new String(body, from, to - from, StandardCharsets.UTF_8)
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
