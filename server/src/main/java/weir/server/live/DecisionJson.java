package weir.server.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.ColumnType;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.Origin;

/** A decision as the API shows it. */
final class DecisionJson {
  private static final long EXACT_INTEGERS = 1L << 53;

  private DecisionJson() {}

  static ObjectNode of(CleanRecord record) {
    Origin origin = record.origin();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("raw_position", origin.rawPosition().toString());
    json.put("received_at", time(origin.receivedAt()));
    json.put("source", origin.source());
    switch (record) {
      case CleanEvent event -> {
        json.put("decision", "event").put("event", event.event()).put("event_id", event.eventId());
        if (event.isDerived()) {
          json.put("derived", true);
        }
        json.set("clean", columns(event));
      }
      case BadEvent bad ->
          json.put("decision", "bad")
              .put("event", bad.event())
              .put("event_id", bad.eventId())
              .put("stage", bad.stage())
              .put("reason", bad.reason())
              .put("message", bad.message());
      case DuplicateEvent duplicate ->
          json.put("decision", "duplicate").put("event_id", duplicate.eventId());
      case DroppedEvent dropped ->
          json.put("decision", "dropped")
              .put("event_id", dropped.eventId())
              .put("reason", dropped.reason());
    }
    return json;
  }

  /** The columns that are not null, in the table's order, then those of properties. */
  private static ObjectNode columns(CleanEvent event) {
    ObjectNode columns = JsonNodeFactory.instance.objectNode();
    for (EventColumn column : EventColumn.values()) {
      Object value = event.get(column);
      if (value != null) {
        boolean isTime = column.type() == ColumnType.TIMESTAMP;
        put(columns, column.columnName(), isTime ? time((Long) value) : value);
      }
    }
    event.properties().forEach((name, value) -> put(columns, name, value));
    return columns;
  }

  private static void put(ObjectNode columns, String name, Object value) {
    switch (value) {
      case Boolean flag -> columns.put(name, flag);
      case Integer number -> columns.put(name, number);
      case Long number when Math.abs(number) <= EXACT_INTEGERS -> columns.put(name, number);
      case Double number when Double.isFinite(number) -> columns.put(name, number);
      default -> columns.put(name, value.toString());
    }
  }

  static String time(long micros) {
    return EpochMicros.instant(micros).toString();
  }
}
