package weir.lake.catalog;

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
public final class FileMetrics {
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

  /** Bounds of the columns that a file is sorted by. */
  public interface KeyBounds {
    Bounds<String> texts(String column);

    /** Microseconds since 1970. */
    Bounds<Long> times(String column);
  }

  /**
   * Bounds of a column; null where all its values are.
   *
   * @param nulls how many values are null
   */
  public record Bounds<T>(@Nullable T lower, @Nullable T upper, long nulls) {}

  public static Metrics of(
      TableLayout layout,
      Schema schema,
      long rows,
      Map<String, Long> columnBytes,
      KeyBounds bounds) {
    FileMetrics metrics = new FileMetrics(schema, rows);
    columnBytes.forEach((name, bytes) -> {
      Types.NestedField field = schema.findField(name);
      if (field != null) { // else it was dropped while the file was written
        metrics.sizes.put(field.fieldId(), bytes);
      }
    });
    for (String column : layout.order()) {
      if (layout.isText(column)) {
        metrics.strings(column, bounds.texts(column));
      } else {
        metrics.times(column, bounds.times(column));
      }
    }
    return new Metrics(
        rows, metrics.sizes, metrics.values, metrics.nulls, null, metrics.lower, metrics.upper);
  }

  private void strings(String column, Bounds<String> bounds) {
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

  private void times(String column, Bounds<Long> bounds) {
    int id = count(column, bounds.nulls());
    Types.TimestampType type = Types.TimestampType.withZone();
    if (bounds.nulls() < rows) {
      lower.put(id, Conversions.toByteBuffer(type, bounds.lower()));
      upper.put(id, Conversions.toByteBuffer(type, bounds.upper()));
    }
  }

  private int count(String column, long nullValues) {
    int id = schema.findField(column).fieldId();
    values.put(id, rows);
    nulls.put(id, nullValues);
    return id;
  }
}
