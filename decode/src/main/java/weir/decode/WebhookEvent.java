package weir.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.EventTime;
import weir.event.WrittenNumber;

/** Makes the event of one call by a webhook's mapping. Used once. */
final class WebhookEvent {
  private final RawRequest request;
  private final ObjectNode document;
  private final WebhookMapping mapping;
  private final BoundedExpressions.Purse purse;
  private final Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);

  WebhookEvent(RawRequest request, int index, WebhookCall call, WebhookMapping mapping)
      throws UnusableEventException {
    this.request = request;
    this.document = call.document(request, index);
    this.mapping = mapping;
    this.purse = new BoundedExpressions.Purse(call.size());
  }

  Decoded.Event event() throws UnusableEventException {
    String name = text("event");
    if (name == null) {
      throw WebhookMapping.failed("its expression for event gives no name");
    }
    SegmentDoor.Fault tooLong = EventNames.tooLong(name);
    if (tooLong != null) {
      throw new UnusableEventException(tooLong.reason(), tooLong.message());
    }
    columns.put(EventColumn.EVENT, name);
    String kind = EventKinds.of(name);
    if (kind != null) {
      columns.put(EventColumn.KIND, kind);
    }
    columns.put(EventColumn.EVENT_ID, id());
    columns.put(EventColumn.PROTOCOL, request.protocol());
    columns.put(EventColumn.PLATFORM, "server");
    put(EventColumn.USER_ID, "user_id");
    put(EventColumn.ANONYMOUS_ID, "anonymous_id");
    put(EventColumn.GROUP_ID, "group_id");
    put(EventColumn.SESSION_ID, "session_id");
    put(EventColumn.CURRENCY, "currency");
    putValue();
    putTime();
    return new Decoded.Event(columns, null, false, properties(), Decoded.Person.UNKNOWN);
  }

  /**
   * The service's id of it. What headers alone say is the request's: those after its first event
   * have their index behind it.
   */
  private String id() throws UnusableEventException {
    String id = text("message_id");
    if (id == null) {
      return document.path("id").asText();
    }
    int index = document.path("index").asInt();
    return index > 0 && id.equals(idOfRequest()) ? id + "#" + index : id;
  }

  private @Nullable String idOfRequest() {
    ObjectNode bare = document.objectNode();
    bare.setAll(document);
    bare.putNull("body");
    try {
      JsonNode value = mapping.value("message_id", bare, purse);
      return value == null ? null : value.asText();
    } catch (UnusableEventException e) {
      return null;
    }
  }

  private void put(EventColumn column, String field) throws UnusableEventException {
    String text = text(field);
    if (text != null) {
      columns.put(column, text);
    }
  }

  /** A text, or a number as it was written. */
  private @Nullable String text(String field) throws UnusableEventException {
    JsonNode value = mapping.value(field, document, purse);
    if (value == null) {
      return null;
    }
    if (value.isContainerNode()) {
      throw WebhookMapping.failed(
          "its expression for " + field + " gives " + kind(value) + ", no text");
    }
    String text = value.isNumber() ? number(value) : value.asText();
    return text.isBlank() ? null : Utf8.wellFormed(text);
  }

  private static String kind(JsonNode value) {
    return value.isArray() ? "an array" : "an object";
  }

  private static String number(JsonNode value) {
    return value.isDouble() ? WrittenNumber.text(value.doubleValue()) : value.asText();
  }

  private void putValue() throws UnusableEventException {
    String text = text("value");
    if (text == null) {
      return;
    }
    Double worth = WrittenValue.number(text);
    if (worth == null) {
      throw WebhookMapping.failed("its expression for value gives no number but " + text);
    }
    columns.put(EventColumn.VALUE, worth);
  }

  private void putTime() throws UnusableEventException {
    String text = text("timestamp");
    OptionalLong received = ClientTime.parse(document.path("received_at").asText());
    if (text == null) {
      received.ifPresent(time -> columns.put(EventColumn.ORIGINAL_TIMESTAMP, time));
      return;
    }
    OptionalLong time = ClientTime.parse(text);
    if (time.isEmpty() || !EventTime.isPossible(time.getAsLong(), request.receivedAt())) {
      throw WebhookMapping.failed(
          "its expression for timestamp gives "
              + text
              + ", which is no time, or none between 2000 and a day from now");
    }
    columns.put(EventColumn.ORIGINAL_TIMESTAMP, time.getAsLong());
  }

  private Map<String, Object> properties() throws UnusableEventException {
    JsonNode value = mapping.value("properties", document, purse);
    if (value == null) {
      return new LinkedHashMap<>();
    }
    if (!value.isObject()) {
      throw WebhookMapping.failed("its expression for properties gives no object");
    }
    return JsonText.fields(new Decoded.Json(Utf8.wellFormed(value.toString())));
  }
}
