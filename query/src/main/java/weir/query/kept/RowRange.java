package weir.query.kept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Where in a part the rows of a stream lie.
 *
 * @param stream which of those that are read; negative for rows of none
 * @param part its number in the stream
 */
record RowRange(int stream, int part, PartRows rows) {
  /** Holds no row. */
  static final RowRange NONE = new RowRange(-1, -1, PartRows.NONE);

  boolean isWanted() {
    return stream >= 0;
  }

  boolean holds(int number) {
    return number >= rows.first() && number < end();
  }

  private int end() {
    return rows.first() + rows.range();
  }

  private static RowRange gap(int from, int to) {
    return new RowRange(-1, -1, new PartRows(0, from, to - from, PartRows.NONE.times()));
  }

  /** Whether no row can be in two of them. */
  static boolean areApart(List<RowRange> ranges) {
    int end = 0;
    for (RowRange each : sorted(ranges)) {
      if (each.rows.first() < end) {
        return false;
      }
      end = each.end();
    }
    return true;
  }

  private static List<RowRange> sorted(List<RowRange> ranges) {
    return ranges.stream().sorted(Comparator.comparingInt(range -> range.rows.first())).toList();
  }

  /** Ranges that are apart, and what lies between, in order. */
  static RowRange[] withGaps(List<RowRange> ranges) {
    List<RowRange> all = new ArrayList<>();
    int end = 0;
    for (RowRange each : sorted(ranges)) {
      if (each.rows.first() > end) {
        all.add(gap(end, each.rows.first()));
      }
      all.add(each);
      end = each.end();
    }
    all.add(gap(end, Integer.MAX_VALUE));
    return all.toArray(RowRange[]::new);
  }

  /** The range of each stream. */
  static RowRange[] byStream(List<RowRange> ranges, int streams) {
    RowRange[] all = new RowRange[streams];
    Arrays.fill(all, NONE);
    ranges.forEach(each -> all[each.stream] = each);
    return all;
  }

  /** The one of {@link #withGaps} that a row is in. */
  static RowRange of(RowRange[] ranges, int number) {
    int low = 0;
    int high = ranges.length - 1;
    while (low < high) {
      int middle = low + high >>> 1;
      if (ranges[middle].end() <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return ranges[low];
  }
}
