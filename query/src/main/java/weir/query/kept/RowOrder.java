package weir.query.kept;

import java.util.Arrays;

/**
 * Puts rows in order of person and time: first into buckets of a few persons by the leading bits of
 * what these are known by, then bucket by bucket. Takes time in proportion to the rows, but for
 * persons with very many.
 */
final class RowOrder {
  private static final int ROWS_PER_BUCKET = 8;
  private static final int MOST_BITS = 16;
  private static final int FEW = 40;

  private final long[] persons;
  private final long[] times;
  private final char[] parts;
  private final int[] numbers;

  private RowOrder(long[] persons, long[] times, char[] parts, int[] numbers) {
    this.persons = persons;
    this.times = times;
    this.parts = parts;
    this.numbers = numbers;
  }

  /** Puts some rows of one person in order, in their own arrays. */
  static void sort(Rows rows, int from, int to) {
    new RowOrder(rows.persons(), rows.times(), rows.parts(), rows.numbers()).bucket(from, to);
  }

  /** The first rows of some arrays, all in one partition, in order. */
  static Rows sorted(long[] persons, long[] times, char[] parts, int[] numbers, int size) {
    RowOrder order = new RowOrder(new long[size], new long[size], new char[size], new int[size]);
    order.take(persons, times, parts, numbers, size);
    return new Rows(order.persons, order.times, order.parts, order.numbers);
  }

  /** Takes rows of other arrays, in order. */
  private void take(
      long[] fromPersons, long[] fromTimes, char[] fromParts, int[] fromNumbers, int size) {
    int bits = bits(size);
    int[] ends = new int[(1 << bits) + 1];
    for (int i = 0; i < size; i++) {
      ends[Rows.within(fromPersons[i], bits) + 1]++;
    }
    for (int i = 1; i < ends.length; i++) {
      ends[i] += ends[i - 1];
    }
    for (int i = 0; i < size; i++) {
      int to = ends[Rows.within(fromPersons[i], bits)]++;
      persons[to] = fromPersons[i];
      times[to] = fromTimes[i];
      parts[to] = fromParts[i];
      numbers[to] = fromNumbers[i];
    }
    for (int bucket = 0, from = 0; bucket < 1 << bits; bucket++) {
      bucket(from, ends[bucket]);
      from = ends[bucket];
    }
  }

  private static int bits(int size) {
    int bits = 0;
    while (bits < MOST_BITS && size >> bits > ROWS_PER_BUCKET) {
      bits++;
    }
    return bits;
  }

  private void bucket(int from, int to) {
    if (to - from > FEW) {
      many(from, to);
      return;
    }
    for (int i = from + 1; i < to; i++) {
      long person = persons[i];
      long time = times[i];
      int at = i;
      while (at > from && isAfter(at - 1, person, time)) {
        at--;
      }
      if (at < i) {
        move(at, i);
      }
    }
  }

  private boolean isAfter(int row, long person, long time) {
    return persons[row] != person ? persons[row] > person : times[row] > time;
  }

  /** Moves a row to an earlier place. */
  private void move(int to, int from) {
    long person = persons[from];
    long time = times[from];
    char part = parts[from];
    System.arraycopy(persons, to, persons, to + 1, from - to);
    System.arraycopy(times, to, times, to + 1, from - to);
    System.arraycopy(parts, to, parts, to + 1, from - to);
    persons[to] = person;
    times[to] = time;
    parts[to] = part;
    int number = numbers[from];
    System.arraycopy(numbers, to, numbers, to + 1, from - to);
    numbers[to] = number;
  }

  private void many(int from, int to) {
    int[] order = new int[to - from];
    Arrays.setAll(order, i -> from + i);
    int[] sorted = mergeSorted(order);
    long[] oldPersons = Arrays.copyOfRange(persons, from, to);
    long[] oldTimes = Arrays.copyOfRange(times, from, to);
    char[] oldParts = Arrays.copyOfRange(parts, from, to);
    int[] oldNumbers = Arrays.copyOfRange(numbers, from, to);
    for (int i = from; i < to; i++) {
      int row = sorted[i - from] - from;
      persons[i] = oldPersons[row];
      times[i] = oldTimes[row];
      parts[i] = oldParts[row];
      numbers[i] = oldNumbers[row];
    }
  }

  /** Merges runs of rows that are in order already, as those of each file are. */
  private int[] mergeSorted(int[] rows) {
    int[] from = rows;
    int[] to = new int[rows.length];
    for (boolean merged = true; merged; ) {
      merged = false;
      for (int start = 0; start < from.length; ) {
        int middle = runEnd(from, start);
        int end = middle == from.length ? middle : runEnd(from, middle);
        merged |= middle < from.length;
        merge(from, start, middle, end, to);
        start = end;
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private int runEnd(int[] rows, int start) {
    int end = start + 1;
    while (end < rows.length && !isAfter(rows[end - 1], persons[rows[end]], times[rows[end]])) {
      end++;
    }
    return end;
  }

  private void merge(int[] from, int start, int middle, int end, int[] to) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          right == end
              || (left < middle && !isAfter(from[left], persons[from[right]], times[from[right]]));
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
