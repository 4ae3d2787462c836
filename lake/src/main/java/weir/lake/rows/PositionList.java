package weir.lake.rows;

import java.util.Arrays;
import weir.event.Position;

/** Ascending positions, 8 bytes each as long as none of them needs more. Not thread-safe. */
final class PositionList {
  private static final int WIDE = Position.BYTES / Long.BYTES;

  /** How many longs a position takes. */
  private int width = 1;

  private long[] words = new long[64];
  private int size;

  /**
   * @throws IllegalArgumentException if a position is not after the last one
   */
  void requireAfterLast(Position position) {
    if (size > 0 && !get(size - 1).isBefore(position)) {
      throw new IllegalArgumentException(position + " is not after the row before it");
    }
  }

  void add(Position position) {
    if (position.isWide() && width == 1) {
      widen();
    }
    int at = size * width;
    if (at == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    if (width == WIDE) {
      words[at] = position.high();
      words[at + 1] = position.middle();
    }
    words[at + width - 1] = position.low();
    size++;
  }

  private void widen() {
    long[] wide = new long[WIDE * words.length];
    for (int i = 0; i < size; i++) {
      wide[WIDE * i + WIDE - 1] = words[i];
    }
    words = wide;
    width = WIDE;
  }

  private Position get(int i) {
    int at = i * width;
    return width == 1
        ? new Position(words[at])
        : new Position(words[at], words[at + 1], words[at + 2]);
  }

  /** How many of them come before a position. */
  int countBefore(Position position) {
    int from = 0;
    int to = size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (get(middle).isBefore(position)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  long bytes() {
    return (long) Long.BYTES * words.length;
  }
}
