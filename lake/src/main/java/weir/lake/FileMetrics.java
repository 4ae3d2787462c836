package weir.lake;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of one file by which planners leave it out: sizes of all columns; counts and bounds
 * of the few columns that files are sorted by.
 */
final class FileMetrics {
  /** Bounds of strings keep so many characters; enough to tell event names apart. */
  static final int BOUND_CHARACTERS = 64;

  private final Schema schema;
  private final long rows;
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final Map<Integer, Long> values = new HashMap<>();
  private final Map<Integer, Long> nulls = new HashMap<>();
  private final Map<Integer, ByteBuffer> lower = new HashMap<>();
  private final Map<Integer, ByteBuffer> upper = new HashMap<>();

  private FileMetrics(Schema schema, long rows) {
    this.schema = schema;
    this.rows = rows;
  }

  static Metrics of(
      TableLayout layout, Schema schema, OrderedRows.Day day, ParquetEngine.Written written) {
    FileMetrics metrics = new FileMetrics(schema, written.rows());
    written
        .columnBytes()
        .forEach((name, bytes) -> metrics.sizes.put(schema.findField(name).fieldId(), bytes));
    for (String column : layout.order()) {
      switch (column) {
        case "event" -> metrics.strings(column, day.rows().events(day));
        case "actor" -> metrics.strings(column, day.rows().actors(day));
        default -> metrics.times(column, day.rows().times(day));
      }
    }
    return new Metrics(
        written.rows(),
        metrics.sizes,
        metrics.values,
        metrics.nulls,
        null,
        metrics.lower,
        metrics.upper);
  }

  private void strings(String column, OrderedRows.Bounds<String> bounds) {
    int id = count(column, bounds.nulls());
    String least = bounds.lower();
    String greatest = bounds.upper();
    if (least != null) {
      put(lower, id, UnicodeUtil.truncateStringMin(Literal.of(least), BOUND_CHARACTERS));
    }
    if (greatest != null) {
      put(upper, id, UnicodeUtil.truncateStringMax(Literal.of(greatest), BOUND_CHARACTERS));
    }
  }

  private static void put(
      Map<Integer, ByteBuffer> bounds, int id, @Nullable Literal<CharSequence> bound) {
    if (bound != null) {
      bounds.put(id, Conversions.toByteBuffer(Types.StringType.get(), bound.value()));
    }
  }

  private void times(String column, OrderedRows.Bounds<Long> bounds) {
    int id = count(column, bounds.nulls());
    Types.TimestampType type = Types.TimestampType.withZone();
    lower.put(id, Conversions.toByteBuffer(type, bounds.lower()));
    upper.put(id, Conversions.toByteBuffer(type, bounds.upper()));
  }

  private int count(String column, long nullValues) {
    int id = schema.findField(column).fieldId();
    values.put(id, rows);
    nulls.put(id, nullValues);
    return id;
  }
}
