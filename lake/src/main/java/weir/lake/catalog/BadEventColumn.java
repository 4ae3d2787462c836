package weir.lake.catalog;

import weir.event.ColumnType;

/** The columns of {@code bad_events}, in table order. Field ids are part of the table format. */
public enum BadEventColumn {
  EVENT_ID(1, "event_id", ColumnType.STRING),
  EVENT(2, "event", ColumnType.STRING),
  PROTOCOL(3, "protocol", ColumnType.STRING),
  SOURCE(4, "source", ColumnType.STRING),
  STAGE(5, "stage", ColumnType.STRING),
  REASON(6, "reason", ColumnType.STRING),
  MESSAGE(7, "message", ColumnType.STRING),
  PAYLOAD(8, "payload", ColumnType.STRING),
  RECEIVED_AT(9, "received_at", ColumnType.TIMESTAMP),
  PROCESSED_AT(10, "processed_at", ColumnType.TIMESTAMP),
  RAW_POSITION(11, "_raw_position", ColumnType.STRING);

  private final int fieldId;
  private final String columnName;
  private final ColumnType type;

  BadEventColumn(int fieldId, String columnName, ColumnType type) {
    this.fieldId = fieldId;
    this.columnName = columnName;
    this.type = type;
  }

  public int fieldId() {
    return fieldId;
  }

  public String columnName() {
    return columnName;
  }

  public ColumnType type() {
    return type;
  }
}
