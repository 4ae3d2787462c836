package weir.lake;

import weir.event.ColumnType;

/** The columns of {@code bad_events}, in table order; field ids count from 1 in this order. */
enum BadEventColumn {
  EVENT_ID("event_id", ColumnType.STRING),
  EVENT("event", ColumnType.STRING),
  PROTOCOL("protocol", ColumnType.STRING),
  SOURCE("source", ColumnType.STRING),
  STAGE("stage", ColumnType.STRING),
  REASON("reason", ColumnType.STRING),
  MESSAGE("message", ColumnType.STRING),
  PAYLOAD("payload", ColumnType.STRING),
  RECEIVED_AT("received_at", ColumnType.TIMESTAMP),
  PROCESSED_AT("processed_at", ColumnType.TIMESTAMP),
  RAW_POSITION("_raw_position", ColumnType.STRING);

  private final String columnName;
  private final ColumnType type;

  BadEventColumn(String columnName, ColumnType type) {
    this.columnName = columnName;
    this.type = type;
  }

  String columnName() {
    return columnName;
  }

  ColumnType type() {
    return type;
  }
}
