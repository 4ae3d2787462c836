package weir.lake.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.lake.LakeColumn;

/** The tables of a project: their fixed columns, partitions, order and properties. */
public enum TableLayout {
  EVENTS("events", "timestamp"),
  BAD_EVENTS("bad_events", "received_at");

  private static final List<LakeColumn> EVENT_COLUMNS =
      Arrays.stream(EventColumn.values())
          .map(column -> new LakeColumn(column.columnName(), column.type(), column.fieldId()))
          .toList();

  private static final List<LakeColumn> BAD_EVENT_COLUMNS =
      Arrays.stream(BadEventColumn.values())
          .map(column -> new LakeColumn(column.columnName(), column.type(), column.fieldId()))
          .toList();

  private static final List<String> EVENT_ORDER = List.of("event", "actor", "timestamp");
  private static final List<String> BAD_EVENT_ORDER = List.of("received_at");

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("format-version", "2"),
          Map.entry("write.metadata.delete-after-commit.enabled", "true"),
          Map.entry("write.metadata.previous-versions-max", "20"),
          Map.entry("write.parquet.compression-codec", "zstd"),
          Map.entry("write.metadata.metrics.default", "none"));

  private final String tableName;
  private final String dayOf;

  TableLayout(String tableName, String dayOf) {
    this.tableName = tableName;
    this.dayOf = dayOf;
  }

  public String tableName() {
    return tableName;
  }

  /** The columns that a new table has, with their field ids. */
  public List<LakeColumn> columns() {
    return switch (this) {
      case EVENTS -> EVENT_COLUMNS;
      case BAD_EVENTS -> BAD_EVENT_COLUMNS;
    };
  }

  /** The columns that files are sorted by; each file's metadata keeps their bounds. */
  public List<String> order() {
    return switch (this) {
      case EVENTS -> EVENT_ORDER;
      case BAD_EVENTS -> BAD_EVENT_ORDER;
    };
  }

  /** Whether a column of the order is a text; the others are times. */
  public boolean isText(String column) {
    return !column.equals(dayOf);
  }

  /** Whether two rows of one day with the same event_id are the same event. */
  public boolean hasDistinctIds() {
    return this == EVENTS;
  }

  Schema schema() {
    List<Types.NestedField> fields = new ArrayList<>();
    for (LakeColumn column : columns()) {
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
    order().forEach(builder::asc);
    return builder.build();
  }

  Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(PROPERTIES);
    for (String column : order()) {
      properties.put(
          "write.metadata.metrics.column." + column,
          "truncate(" + FileMetrics.BOUND_CHARACTERS + ")");
    }
    return properties;
  }

  public static Type icebergType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> Types.BooleanType.get();
      case INTEGER -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case STRING -> Types.StringType.get();
      case TIMESTAMP -> Types.TimestampType.withZone();
    };
  }

  /** Whether a schema has columns of our types only. */
  public static boolean isOurs(Schema schema) {
    return columnsOf(schema).size() == schema.columns().size();
  }

  /** A table's current columns; those of a type that is none of ours are left out. */
  public static List<LakeColumn> columnsOf(Schema schema) {
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
