package weir.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import weir.decode.Decoded;
import weir.decode.RawRequest;
import weir.event.EventColumn;

/**
 * What a bad event shows of an event that could be decoded: the request's body where it is the only
 * event and the body is as it was sent, else the event as it was decoded, in JSON.
 */
final class RefusedPayload {
  private RefusedPayload() {}

  static byte[] of(RawRequest request, Decoded.Event event) {
    if (request.events() == 1 && request.header("content-encoding") == null) {
      return request.body();
    }
    JsonProperties columns = new JsonProperties();
    for (EventColumn column : EventColumn.values()) {
      Object value = event.columns().get(column);
      if (value != null) {
        columns.add(column.columnName(), shown(value));
      }
    }
    Long sentAt = event.sentAt();
    if (sentAt != null) {
      columns.add("sent_at", sentAt);
    }
    JsonProperties properties = new JsonProperties();
    event.properties().forEach((name, value) -> properties.add(name, shown(value)));
    columns.add("properties", new Decoded.Json(properties.text()));
    return columns.text().getBytes(StandardCharsets.UTF_8);
  }

  /** The value itself where JSON has it; a wrong decoder may bring anything. */
  private static Object shown(Object value) {
    boolean json =
        Arrays.<Class<?>>asList(
                String.class,
                Double.class,
                Boolean.class,
                Long.class,
                Integer.class,
                Decoded.Json.class)
            .contains(value.getClass());
    return json ? value : value.toString();
  }
}
