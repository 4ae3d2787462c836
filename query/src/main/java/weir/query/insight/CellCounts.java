package weir.query.insight;

import java.util.Arrays;
import weir.query.kept.TooLargeException;

/** Two counts for each of many cells that are known by a number which is not negative. */
final class CellCounts {
  private static final int MOST_CELLS = 1 << 20;
  private static final long FREE = -1;

  private long[] cells = new long[64];
  private long[] first = new long[64];
  private long[] second = new long[64];
  private int size;

  CellCounts() {
    Arrays.fill(cells, FREE);
  }

  /** Takes a cell. */
  interface Cells {
    void cell(long cell, long first, long second);
  }

  void add(long cell, long toFirst, long toSecond) {
    int at = place(cell);
    if (cells[at] == FREE) {
      if (size >= MOST_CELLS) {
        throw new TooLargeException();
      }
      if (2 * size >= cells.length) {
        grow();
        at = place(cell);
      }
      cells[at] = cell;
      size++;
    }
    first[at] += toFirst;
    second[at] += toSecond;
  }

  private int place(long cell) {
    int mask = cells.length - 1;
    int at = (int) (cell * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (cells[at] != cell && cells[at] != FREE) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    CellCounts old = new CellCounts();
    old.cells = cells;
    old.first = first;
    old.second = second;
    cells = new long[2 * old.cells.length];
    first = new long[cells.length];
    second = new long[cells.length];
    Arrays.fill(cells, FREE);
    old.forEach((cell, one, other) -> {
      int at = place(cell);
      cells[at] = cell;
      first[at] = one;
      second[at] = other;
    });
  }

  void join(CellCounts other) {
    other.forEach(this::add);
  }

  long bytes() {
    return 24L * cells.length;
  }

  /** All cells, in any order; what was taken back from some is all that they had. */
  void forEach(Cells taker) {
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != FREE) {
        taker.cell(cells[i], first[i], second[i]);
      }
    }
  }
}
