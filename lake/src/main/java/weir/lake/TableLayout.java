package weir.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import weir.event.ColumnType;
import weir.event.EventColumn;

/** The tables of a project: their fixed columns, partitions, order and properties. */
enum TableLayout {
  EVENTS("events", "timestamp", eventColumns(), List.of("event", "actor", "timestamp")),
  BAD_EVENTS("bad_events", "received_at", badEventColumns(), List.of("received_at"));

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("format-version", "2"),
          Map.entry("write.metadata.delete-after-commit.enabled", "true"),
          Map.entry("write.metadata.previous-versions-max", "20"),
          Map.entry("write.parquet.compression-codec", "zstd"),
          Map.entry("write.metadata.metrics.default", "none"));

  private final String tableName;
  private final String dayOf;
  private final List<LakeColumn> columns;
  private final List<String> order;

  TableLayout(String tableName, String dayOf, List<LakeColumn> columns, List<String> order) {
    this.tableName = tableName;
    this.dayOf = dayOf;
    this.columns = columns;
    this.order = order;
  }

  private static List<LakeColumn> eventColumns() {
    List<LakeColumn> columns = new ArrayList<>();
    for (EventColumn column : EventColumn.values()) {
      columns.add(new LakeColumn(column.columnName(), column.type(), column.fieldId()));
    }
    return List.copyOf(columns);
  }

  private static List<LakeColumn> badEventColumns() {
    List<LakeColumn> columns = new ArrayList<>();
    for (BadEventColumn column : BadEventColumn.values()) {
      columns.add(new LakeColumn(column.columnName(), column.type(), column.ordinal() + 1));
    }
    return List.copyOf(columns);
  }

  String tableName() {
    return tableName;
  }

  /** The columns that a new table has, with their field ids. */
  List<LakeColumn> columns() {
    return columns;
  }

  /** The columns whose bounds each file's metadata keeps. */
  List<String> boundedColumns() {
    return order;
  }

  Schema schema() {
    List<Types.NestedField> fields = new ArrayList<>();
    for (LakeColumn column : columns) {
      fields.add(
          Types.NestedField.optional(column.fieldId(), column.name(), icebergType(column.type())));
    }
    return new Schema(fields);
  }

  PartitionSpec partitions(Schema schema) {
    return PartitionSpec.builderFor(schema).day(dayOf).build();
  }

  SortOrder sortOrder(Schema schema) {
    SortOrder.Builder builder = SortOrder.builderFor(schema);
    order.forEach(builder::asc);
    return builder.build();
  }

  Map<String, String> properties() {
    Map<String, String> properties = new java.util.HashMap<>(PROPERTIES);
    for (String column : order) {
      properties.put(
          "write.metadata.metrics.column." + column,
          "truncate(" + FileMetrics.BOUND_CHARACTERS + ")");
    }
    return properties;
  }

  static Type icebergType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> Types.BooleanType.get();
      case INTEGER -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case STRING -> Types.StringType.get();
      case TIMESTAMP -> Types.TimestampType.withZone();
    };
  }

  /** A table's current columns; those of a type that is none of ours are left out. */
  static List<LakeColumn> columnsOf(Schema schema) {
    List<LakeColumn> columns = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      for (ColumnType type : ColumnType.values()) {
        if (icebergType(type).equals(field.type())) {
          columns.add(new LakeColumn(field.name(), type, field.fieldId()));
        }
      }
    }
    return columns;
  }
}
