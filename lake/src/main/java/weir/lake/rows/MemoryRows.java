package weir.lake.rows;

import java.util.Arrays;
import java.util.List;
import weir.event.CleanRecord;
import weir.event.ColumnType;
import weir.lake.LakeColumn;
import weir.lake.catalog.TableLayout;
import weir.log.Position;

/**
 * Rows of one table in memory, compact and in the order in which they came: what somebody has read
 * of the clean log beside the lake. Their columns and values are those that the lake's files will
 * have. Thread-safe; the memory is that of the rows' bytes and some 50 more each.
 */
public final class MemoryRows {
  private final RowBuffer buffer;
  private long[] positions = new long[64];

  /** A column that some row has a value in. */
  public record Column(String name, ColumnType type) {}

  private MemoryRows(TableLayout layout, List<LakeColumn> tableColumns) {
    this.buffer = new RowBuffer(layout, tableColumns);
  }

  /**
   * Rows of {@code events}.
   *
   * @param tableColumns what the table has by now; a value that does not fit its column there goes
   *     into {@code properties}
   */
  public static MemoryRows events(List<LakeColumn> tableColumns) {
    return new MemoryRows(TableLayout.EVENTS, tableColumns);
  }

  /** Rows of {@code bad_events}. */
  public static MemoryRows badEvents() {
    return new MemoryRows(TableLayout.BAD_EVENTS, TableLayout.BAD_EVENTS.columns());
  }

  /**
   * Adds a row.
   *
   * @param at where it stands in the clean log, after all rows before it
   */
  public synchronized void add(CleanRecord row, Position at) {
    int number = buffer.rows();
    if (number > 0 && at.value() <= positions[number - 1]) {
      throw new IllegalArgumentException(at + " is not after the row before it");
    }
    buffer.add(row);
    if (number == positions.length) {
      positions = Arrays.copyOf(positions, number * 2);
    }
    positions[number] = at.value();
  }

  public synchronized int rows() {
    return buffer.rows();
  }

  /** How many rows stand before a position. */
  public synchronized int rowsBefore(Position position) {
    int found = Arrays.binarySearch(positions, 0, buffer.rows(), position.value());
    return found < 0 ? -found - 1 : found;
  }

  /** Memory in use, approximately. */
  public synchronized long bytes() {
    return buffer.bytes() + (long) Long.BYTES * positions.length;
  }

  /** The columns that have a value in any row, in table order. */
  public synchronized List<Column> columns() {
    List<RowBuffer.Column> all = buffer.columns();
    return numbers().stream()
        .map(all::get)
        .map(column -> new Column(column.name(), column.type()))
        .toList();
  }

  RowBuffer buffer() {
    return buffer;
  }

  /** The numbers of the columns that are used. */
  List<Integer> numbers() {
    return java.util.stream.IntStream.range(0, buffer.columns().size())
        .filter(buffer::isUsed)
        .boxed()
        .toList();
  }
}
