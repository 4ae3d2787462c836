package weir.query.kept;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of some parts of a stream in the order of time: of those that the edge of a range lies
 * in which moves with the clock. Safe for use by several threads.
 */
final class PartTimes {
  private static final int MOST_PARTS = 64;
  private static final long MOST_BYTES = 48L << 20;
  private static final int BYTES = 16;

  private final Map<Integer, Times> known = new ConcurrentHashMap<>();

  /** Rows in the order of time. */
  private record Times(long[] times, long[] persons) {}

  /**
   * Hands over the persons with rows in a piece of time.
   *
   * @return false if the part has too many rows, or times too far apart, to be put in order
   */
  boolean persons(StreamView view, int part, TimeSpan piece, LongConsumer taker) {
    Times times = known.get(part);
    if (times == null) {
      times = read(view, part);
      if (times == null) {
        return false;
      }
      if (known.size() >= MOST_PARTS || bytes() > MOST_BYTES) {
        known.clear();
      }
      known.put(part, times);
    }
    int from = Arrays.binarySearch(times.times, piece.from());
    int row = from < 0 ? -from - 1 : from;
    while (row > 0 && times.times[row - 1] == piece.from()) {
      row--;
    }
    for (; row < times.times.length && times.times[row] < piece.to(); row++) {
      taker.accept(times.persons[row]);
    }
    return true;
  }

  private static @Nullable Times read(StreamView view, int part) {
    PartRows rows = view.lives().parts()[part];
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(rows.rows());
    long first = rows.times().from();
    long length = rows.times().to() - first;
    if (length < 0
        || length >> Long.SIZE - 1 - bits != 0
        || (long) BYTES * rows.rows() > MOST_BYTES) {
      return null;
    }
    long[] persons = new long[rows.rows()];
    long[] keys = new long[rows.rows()];
    int size = 0;
    for (Level level : view.levels()) {
      if (part >= level.firstPart() && part < level.endPart()) {
        for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
          Rows each = level.rows(partition);
          for (int row = 0; row < each.size(); row++) {
            if (each.parts()[row] == part) {
              persons[size] = each.persons()[row];
              keys[size] = each.times()[row] - first << bits | size;
              size++;
            }
          }
        }
      }
    }
    Arrays.sort(keys, 0, size);
    long[] times = new long[size];
    long[] ordered = new long[size];
    for (int i = 0; i < size; i++) {
      times[i] = first + (keys[i] >> bits);
      ordered[i] = persons[(int) keys[i] & (1 << bits) - 1];
    }
    return new Times(times, ordered);
  }

  long bytes() {
    return known.values().stream().mapToLong(each -> (long) BYTES * each.times.length).sum();
  }
}
