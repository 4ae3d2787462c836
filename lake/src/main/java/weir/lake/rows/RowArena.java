package weir.lake.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import weir.event.ColumnType;

/**
 * Rows as bytes in large slabs, so that half a million of them cost the garbage collector nothing.
 *
 * <p>A row is a sequence of values that are not null, each headed by its column:
 *
 * <pre>
 *   u16 column count, then for each: u16 column, value
 *   STRING: i32 length, UTF-8   LONG, TIMESTAMP, DOUBLE: 8 bytes   INTEGER: 4   BOOLEAN: 1
 * </pre>
 */
final class RowArena {
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int SLAB = 1 << 20;

  private final List<byte[]> slabs = new ArrayList<>();
  private long[] places = new long[64];
  private int rows;
  private long bytes;

  private byte[] slab = new byte[0];
  private int slabEnd;

  /** The row under construction. */
  private byte[] row = new byte[4096];

  private int rowEnd;
  private int rowValues;

  /** The bytes that a value of a type takes that is no string. */
  static int width(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> 1;
      case INTEGER -> Integer.BYTES;
      case LONG, TIMESTAMP, DOUBLE -> Long.BYTES;
      case STRING -> throw new IllegalArgumentException("strings vary");
    };
  }

  void begin() {
    rowEnd = Short.BYTES;
    rowValues = 0;
  }

  void putLong(int column, long value) {
    head(column, Long.BYTES);
    LONG.set(row, rowEnd, value);
    rowEnd += Long.BYTES;
  }

  void putInt(int column, int value) {
    head(column, Integer.BYTES);
    INT.set(row, rowEnd, value);
    rowEnd += Integer.BYTES;
  }

  void putBoolean(int column, boolean value) {
    head(column, 1);
    row[rowEnd++] = (byte) (value ? 1 : 0);
  }

  void putString(int column, byte[] utf8) {
    head(column, Integer.BYTES + utf8.length);
    INT.set(row, rowEnd, utf8.length);
    System.arraycopy(utf8, 0, row, rowEnd + Integer.BYTES, utf8.length);
    rowEnd += Integer.BYTES + utf8.length;
  }

  private void head(int column, int valueLength) {
    int needed = rowEnd + Short.BYTES + valueLength;
    if (needed > row.length) {
      row = Arrays.copyOf(row, Math.max(needed, row.length * 2));
    }
    SHORT.set(row, rowEnd, (short) column);
    rowEnd += Short.BYTES;
    rowValues++;
  }

  /** Keeps the row under construction and answers its number. */
  int end() {
    SHORT.set(row, 0, (short) rowValues);
    if (rowEnd > slab.length - slabEnd) {
      slab = new byte[Math.max(rowEnd, slabs.isEmpty() ? SLAB / 16 : SLAB)];
      slabs.add(slab);
      slabEnd = 0;
      bytes += slab.length;
    }
    System.arraycopy(row, 0, slab, slabEnd, rowEnd);
    if (rows == places.length) {
      places = Arrays.copyOf(places, rows * 2);
    }
    places[rows] = (long) (slabs.size() - 1) << 32 | slabEnd;
    slabEnd += rowEnd;
    return rows++;
  }

  /** Adds the columns in which a row has values. */
  void addColumns(int rowNumber, List<RowBuffer.Column> columns, BitSet used) {
    byte[] from = slabs.get((int) (places[rowNumber] >>> 32));
    int p = (int) places[rowNumber];
    int count = (short) SHORT.get(from, p) & 0xFFFF;
    p += Short.BYTES;
    for (int i = 0; i < count; i++) {
      int column = (short) SHORT.get(from, p) & 0xFFFF;
      used.set(column);
      p += Short.BYTES;
      ColumnType type = columns.get(column).type();
      p += type == ColumnType.STRING ? Integer.BYTES + (int) INT.get(from, p) : width(type);
    }
  }

  int rows() {
    return rows;
  }

  /** Bytes of all slabs. */
  long bytes() {
    return bytes;
  }

  /** The rows that are there now, of which none changes: to be read by any thread. */
  Rows rowsNow() {
    return new Rows(slabs.toArray(new byte[0][]), places);
  }

  /** Where rows lie. */
  record Rows(byte[][] slabs, long[] places) {
    byte[] slabOf(int rowNumber) {
      return slabs[(int) (places[rowNumber] >>> 32)];
    }

    int offsetOf(int rowNumber) {
      return (int) places[rowNumber];
    }
  }
}
