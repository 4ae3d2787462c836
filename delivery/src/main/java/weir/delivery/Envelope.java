package weir.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The body of a request: {@code {"type":"weir.events","timestamp":"...","project":"...",
 * "delivery":"...","events":[...]}}. The same batch gives the same bytes.
 */
final class Envelope {
  private Envelope() {}

  /**
   * Makes one.
   *
   * @param lines events, one a line
   */
  static byte[] of(Delivery delivery, String type, Instant at, byte[] lines) {
    String head =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", type)
            .put("timestamp", at.toString())
            .put("project", delivery.project())
            .put("delivery", delivery.name())
            .toString();
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length + 256);
    text(out, head.substring(0, head.length() - 1));
    text(out, ",\"events\":[");
    for (int i = 0; i < lines.length - 1; i++) {
      out.write(lines[i] == '\n' ? ',' : lines[i]);
    }
    text(out, "]}");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
