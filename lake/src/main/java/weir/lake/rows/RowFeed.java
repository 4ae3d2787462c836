package weir.lake.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;
import weir.event.ColumnType;

/**
 * Hands rows to DuckDB, chunk by chunk, in the order of their sequence. Each chunk is turned from
 * rows into columns here, in arrays that are used again.
 *
 * <p>Only texts can be handed over many at a time; each other value, and each null among them,
 * costs a call that takes a lock. So columns that are mostly null travel as text, whatever their
 * type, and DuckDB casts them.
 */
final class RowFeed {
  /** A chunk ends early where it grows longer than this, so that huge rows cost no huge chunk. */
  private static final int CHUNK_BYTES = 4 << 20;

  private static final byte[] NOTHING = {};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  private final RowSequence sequence;
  private final RowArena.Rows stored;
  private final List<RowBuffer.Column> all;
  private final List<RowBuffer.Column> columns;

  /** The place in {@link #columns} of each column of the buffer; -1 where it is not asked for. */
  private final int[] slotOf;

  /** Whether a column travels as text. */
  private final boolean[] texts;

  private final byte[][][] strings;
  private final byte[][] last;
  private final boolean[][] present;
  private final DuckDBWritableVector[] vectors;
  private int next;

  /**
   * Takes the rows that are there now; others may be added to the buffer after.
   *
   * @param numbers the buffer's numbers of the columns to hand over
   */
  RowFeed(RowSequence sequence, List<Integer> numbers) {
    this.sequence = sequence;
    RowBuffer buffer = sequence.buffer();
    this.stored = buffer.arena().rowsNow();
    this.all = List.copyOf(buffer.columns());
    this.columns = numbers.stream().map(all::get).toList();
    this.slotOf = new int[all.size()];
    Arrays.fill(slotOf, -1);
    for (int slot = 0; slot < numbers.size(); slot++) {
      slotOf[numbers.get(slot)] = slot;
    }
    this.texts = new boolean[columns.size()];
    for (int slot = 0; slot < columns.size(); slot++) {
      texts[slot] =
          columns.get(slot).type() == ColumnType.STRING || !buffer.isDense(numbers.get(slot));
    }
    this.strings = new byte[columns.size()][][];
    this.last = new byte[columns.size()][];
    Arrays.fill(last, NOTHING);
    this.present = new boolean[columns.size()][];
    this.vectors = new DuckDBWritableVector[columns.size()];
  }

  List<RowBuffer.Column> columns() {
    return columns;
  }

  int rows() {
    return sequence.count();
  }

  /** The type in which a column is handed over. */
  DuckDBColumnType wireType(int slot) {
    if (texts[slot]) {
      return DuckDBColumnType.VARCHAR;
    }
    return switch (columns.get(slot).type()) {
      case BOOLEAN -> DuckDBColumnType.BOOLEAN;
      case INTEGER -> DuckDBColumnType.INTEGER;
      case LONG, TIMESTAMP -> DuckDBColumnType.BIGINT;
      case DOUBLE -> DuckDBColumnType.DOUBLE;
      case STRING -> DuckDBColumnType.VARCHAR;
    };
  }

  /** SQL that makes a column's value of what is handed over under a name. */
  String expression(int slot, String name) {
    return switch (columns.get(slot).type()) {
      case STRING -> name;
      case TIMESTAMP -> "make_timestamptz(" + (texts[slot] ? name + "::BIGINT" : name) + ")";
      case BOOLEAN -> texts[slot] ? name + "::BOOLEAN" : name;
      case INTEGER -> texts[slot] ? name + "::INTEGER" : name;
      case LONG -> texts[slot] ? name + "::BIGINT" : name;
      case DOUBLE -> texts[slot] ? name + "::DOUBLE" : name;
    };
  }

  /** Fills a chunk; answers how many rows it has, none at the end. */
  int fill(DuckDBDataChunkWriter chunk) {
    int limit = (int) Math.min(chunk.capacity(), sequence.count() - next);
    if (limit == 0) {
      return 0;
    }
    prepare(chunk, limit);
    int bytes = 0;
    int count = 0;
    while (count < limit && bytes < CHUNK_BYTES) {
      bytes += spread(sequence.row(next++), count++);
    }
    finish(count);
    return count;
  }

  private void prepare(DuckDBDataChunkWriter chunk, int capacity) {
    for (int slot = 0; slot < columns.size(); slot++) {
      vectors[slot] = chunk.vector(slot);
      if (texts[slot]) {
        if (strings[slot] == null || strings[slot].length != capacity) {
          strings[slot] = new byte[capacity][];
        }
      } else if (present[slot] == null || present[slot].length < capacity) {
        present[slot] = new boolean[capacity];
      }
    }
  }

  private int spread(int row, int at) {
    byte[] slab = stored.slabOf(row);
    int begin = stored.offsetOf(row);
    int p = begin;
    int values = (short) RowArena.SHORT.get(slab, p) & 0xFFFF;
    p += Short.BYTES;
    for (int i = 0; i < values; i++) {
      int column = (short) RowArena.SHORT.get(slab, p) & 0xFFFF;
      p += Short.BYTES;
      int slot = slotOf[column];
      ColumnType type = all.get(column).type();
      if (type == ColumnType.STRING) {
        int length = (int) RowArena.INT.get(slab, p);
        p += Integer.BYTES;
        strings[slot][at] = text(slot, slab, p, p + length);
        p += length;
      } else {
        if (texts[slot]) {
          strings[slot][at] = asText(type, slab, p);
        } else {
          present[slot][at] = true;
          set(vectors[slot], at, type, slab, p);
        }
        p += RowArena.width(type);
      }
    }
    return p - begin;
  }

  /** A copy of some bytes; the last one again where the value is the same, as it often is. */
  private byte[] text(int slot, byte[] slab, int from, int to) {
    byte[] before = last[slot];
    if (!Arrays.equals(slab, from, to, before, 0, before.length)) {
      before = Arrays.copyOfRange(slab, from, to);
      last[slot] = before;
    }
    return before;
  }

  private static byte[] asText(ColumnType type, byte[] slab, int p) {
    return switch (type) {
      case LONG, TIMESTAMP -> ascii(Long.toString((long) RowArena.LONG.get(slab, p)));
      case DOUBLE -> DoubleText.of(Double.longBitsToDouble((long) RowArena.LONG.get(slab, p)));
      case INTEGER -> ascii(Integer.toString((int) RowArena.INT.get(slab, p)));
      case BOOLEAN -> slab[p] != 0 ? TRUE : FALSE;
      case STRING -> throw new IllegalArgumentException("a text is one already");
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void set(
      DuckDBWritableVector vector, int at, ColumnType type, byte[] slab, int p) {
    switch (type) {
      case LONG, TIMESTAMP -> vector.setLong(at, (long) RowArena.LONG.get(slab, p));
      case DOUBLE ->
          vector.setDouble(at, Double.longBitsToDouble((long) RowArena.LONG.get(slab, p)));
      case INTEGER -> vector.setInt(at, (int) RowArena.INT.get(slab, p));
      case BOOLEAN -> vector.setBoolean(at, slab[p] != 0);
      case STRING -> throw new IllegalArgumentException("a text is no number");
    }
  }

  private void finish(int count) {
    for (int slot = 0; slot < columns.size(); slot++) {
      if (texts[slot]) {
        byte[][] values = strings[slot];
        vectors[slot].setStringUtf8Batch(
            0, count == values.length ? values : Arrays.copyOf(values, count));
        Arrays.fill(values, null);
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
