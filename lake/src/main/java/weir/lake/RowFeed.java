package weir.lake;

import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;
import weir.event.ColumnType;

/**
 * Hands rows of one day to DuckDB, chunk by chunk, in their order. Each chunk is turned from rows
 * into columns here, in arrays that are used again.
 */
final class RowFeed {
  /** A chunk ends early where it grows longer than this, so that huge rows cost no huge chunk. */
  private static final int CHUNK_BYTES = 4 << 20;

  private final OrderedRows.Day day;
  private final List<RowBuffer.Column> columns;

  /** The place in {@link #columns} of each column of the buffer; -1 where it is not asked for. */
  private final int[] slotOf;

  private final byte[][][] strings;
  private final boolean[][] present;
  private final DuckDBWritableVector[] vectors;
  private int next;

  /**
   * @param numbers the buffer's numbers of the columns to hand over
   */
  RowFeed(OrderedRows.Day day, List<Integer> numbers) {
    this.day = day;
    List<RowBuffer.Column> all = day.rows().buffer().columns();
    this.columns = numbers.stream().map(all::get).toList();
    this.slotOf = new int[all.size()];
    Arrays.fill(slotOf, -1);
    for (int slot = 0; slot < numbers.size(); slot++) {
      slotOf[numbers.get(slot)] = slot;
    }
    this.strings = new byte[columns.size()][][];
    this.present = new boolean[columns.size()][];
    this.vectors = new DuckDBWritableVector[columns.size()];
    this.next = day.from();
  }

  List<RowBuffer.Column> columns() {
    return columns;
  }

  int rows() {
    return day.count();
  }

  /** The type of a column on its way: times travel as microseconds. */
  static DuckDBColumnType wireType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> DuckDBColumnType.BOOLEAN;
      case INTEGER -> DuckDBColumnType.INTEGER;
      case LONG, TIMESTAMP -> DuckDBColumnType.BIGINT;
      case DOUBLE -> DuckDBColumnType.DOUBLE;
      case STRING -> DuckDBColumnType.VARCHAR;
    };
  }

  /** Fills a chunk; answers how many rows it has, none at the end. */
  int fill(DuckDBDataChunkWriter chunk) {
    int limit = (int) Math.min(chunk.capacity(), day.to() - next);
    if (limit == 0) {
      return 0;
    }
    prepare(chunk, limit);
    int bytes = 0;
    int count = 0;
    while (count < limit && bytes < CHUNK_BYTES) {
      bytes += spread(day.rows().row(next++), count++);
    }
    finish(count);
    return count;
  }

  private void prepare(DuckDBDataChunkWriter chunk, int capacity) {
    for (int slot = 0; slot < columns.size(); slot++) {
      vectors[slot] = chunk.vector(slot);
      if (columns.get(slot).type() == ColumnType.STRING) {
        if (strings[slot] == null || strings[slot].length != capacity) {
          strings[slot] = new byte[capacity][];
        }
      } else if (present[slot] == null || present[slot].length < capacity) {
        present[slot] = new boolean[capacity];
      }
    }
  }

  private int spread(int row, int at) {
    byte[] slab = day.rows().buffer().arena().slabOf(row);
    int begin = day.rows().buffer().arena().offsetOf(row);
    int p = begin;
    int values = (short) RowArena.SHORT.get(slab, p) & 0xFFFF;
    p += Short.BYTES;
    List<RowBuffer.Column> all = day.rows().buffer().columns();
    for (int i = 0; i < values; i++) {
      int column = (short) RowArena.SHORT.get(slab, p) & 0xFFFF;
      p += Short.BYTES;
      int slot = slotOf[column];
      ColumnType type = all.get(column).type();
      if (type == ColumnType.STRING) {
        int length = (int) RowArena.INT.get(slab, p);
        p += Integer.BYTES;
        strings[slot][at] = Arrays.copyOfRange(slab, p, p + length);
        p += length;
        continue;
      }
      present[slot][at] = true;
      DuckDBWritableVector vector = vectors[slot];
      switch (type) {
        case LONG, TIMESTAMP -> vector.setLong(at, (long) RowArena.LONG.get(slab, p));
        case DOUBLE ->
            vector.setDouble(at, Double.longBitsToDouble((long) RowArena.LONG.get(slab, p)));
        case INTEGER -> vector.setInt(at, (int) RowArena.INT.get(slab, p));
        case BOOLEAN -> vector.setBoolean(at, slab[p] != 0);
        case STRING -> throw new IllegalStateException("handled above");
      }
      p +=
          switch (type) {
            case BOOLEAN -> 1;
            case INTEGER -> Integer.BYTES;
            case LONG, TIMESTAMP, DOUBLE -> Long.BYTES;
            case STRING -> throw new IllegalStateException("handled above");
          };
    }
    return p - begin;
  }

  private void finish(int count) {
    for (int slot = 0; slot < columns.size(); slot++) {
      byte[][] texts = strings[slot];
      if (texts != null) {
        vectors[slot].setStringUtf8Batch(
            0, count == texts.length ? texts : Arrays.copyOf(texts, count));
        Arrays.fill(texts, null);
      } else {
        boolean[] set = present[slot];
        DuckDBWritableVector vector = vectors[slot];
        for (int at = 0; at < count; at++) {
          if (!set[at]) {
            vector.setNull(at);
          }
        }
        Arrays.fill(set, false);
      }
    }
  }
}
