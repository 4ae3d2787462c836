package weir.lake.rows;

import java.util.List;
import weir.event.CleanRecord;
import weir.event.ColumnType;
import weir.event.Position;
import weir.lake.LakeColumn;
import weir.lake.catalog.TableLayout;

/**
 * Rows of one table in memory, compact and in the order in which they came: what somebody has read
 * of one partition of the clean log beside the lake. Their columns and values are those that the
 * lake's files will have. Thread-safe; the memory is that of the rows' bytes and some 50 more each.
 */
public final class MemoryRows {
  private final RowBuffer buffer;
  private final PositionList positions = new PositionList();

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
   * @param at where it stands in its partition of the clean log, after all rows before it
   */
  public synchronized void add(CleanRecord row, Position at) {
    positions.requireAfterLast(at);
    buffer.add(row);
    positions.add(at);
  }

  public synchronized int rows() {
    return buffer.rows();
  }

  /** How many rows stand before a position. */
  public synchronized int rowsBefore(Position position) {
    return positions.countBefore(position);
  }

  /** Memory in use, approximately. */
  public synchronized long bytes() {
    return buffer.bytes() + positions.bytes();
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
