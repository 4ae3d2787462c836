package weir.server.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import weir.decode.ContentEncoding;
import weir.decode.ContentEncodingException;
import weir.decode.Decoded;
import weir.decode.RawRequest;
import weir.decode.WebhookDecoder;
import weir.decode.WebhookMapping;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/** Shows what a mapping makes of requests, by the decoder that makes events of them. */
final class DryRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int DECODED = 8 << 20;

  private final WebhookDecoder decoder;
  private final ArrayNode requests = JSON.createArrayNode();
  private int events;
  private int bad;

  DryRun(WebhookMapping mapping, int maxEventBytes) {
    this.decoder = new WebhookDecoder(maxEventBytes, id -> Optional.of(mapping));
  }

  void request(RawRequest request) {
    ObjectNode shown = requests.addObject().put("received_at", time(request.receivedAt()));
    ArrayNode made = shown.putArray("events");
    try {
      byte[] body =
          ContentEncoding.of(request.header("content-encoding")).decode(request.body(), DECODED);
      decoder.decode(request, body, event -> put(made.addObject(), event));
    } catch (ContentEncodingException e) {
      bad++;
      made.addObject().put("reason", "unreadable_request").put("message", e.problem());
    }
  }

  /** A payload of a bad event, which is brought again alone. */
  void payload(String payload, Instant now) {
    if (!isObject(payload)) {
      bad++;
      requests
          .addObject()
          .putArray("events")
          .addObject()
          .put("reason", "unreadable_payload")
          .put("message", "this is no JSON object, as what a mapping has failed with is one");
      return;
    }
    byte[] body = ("[" + payload + "]").getBytes(StandardCharsets.UTF_8);
    request(
        new RawRequest(
            new UUID(0, 0),
            decoder.protocol(),
            "",
            "",
            "",
            "",
            EpochMicros.of(now),
            decoder.replayed(),
            "",
            1,
            List.of(),
            body));
  }

  private static boolean isObject(String payload) {
    try {
      return STRICT.readTree(payload).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  ObjectNode result() {
    ObjectNode result = JSON.createObjectNode();
    result.set("requests", requests);
    return result.put("events", events).put("bad", bad);
  }

  private void put(ObjectNode into, Decoded decoded) {
    switch (decoded) {
      case Decoded.Event event -> {
        events++;
        for (EventColumn column : EventColumn.values()) {
          Object value = event.columns().get(column);
          if (column == EventColumn.ORIGINAL_TIMESTAMP && value instanceof Long time) {
            into.put("timestamp", time(time));
          } else if (value != null) {
            into.set(column.columnName(), node(column, value));
          }
        }
        ObjectNode properties = into.putObject("properties");
        event.properties().forEach((name, value) -> properties.set(name, node(value)));
      }
      case Decoded.Bad wrong -> {
        bad++;
        into.put("reason", wrong.reason()).put("message", wrong.message());
      }
    }
  }

  private static JsonNode node(EventColumn column, Object value) {
    return column.type() == ColumnType.TIMESTAMP && value instanceof Long time
        ? JSON.getNodeFactory().textNode(time(time))
        : node(value);
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case Boolean flag -> JSON.getNodeFactory().booleanNode(flag);
      case Double number ->
          JSON.getNodeFactory().rawValueNode(new RawValue(WrittenNumber.text(number)));
      case Decoded.Json json -> JSON.getNodeFactory().rawValueNode(new RawValue(json.text()));
      default -> JSON.getNodeFactory().textNode(value.toString());
    };
  }

  private static String time(long micros) {
    return EpochMicros.instant(micros).toString();
  }
}
