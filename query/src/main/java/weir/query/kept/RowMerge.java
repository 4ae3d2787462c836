package weir.query.kept;

import java.util.Arrays;

/** Merges the rows of one partition. */
final class RowMerge {
  private final long[] persons;
  private final long[] times;
  private final char[] parts;
  private final int[] numbers;
  private final boolean[] without;
  private int size;

  private RowMerge(int most, boolean[] without) {
    this.persons = new long[most];
    this.times = new long[most];
    this.parts = new char[most];
    this.numbers = new int[most];
    this.without = without;
  }

  static Rows merged(Rows one, Rows other, boolean[] without) {
    int most = one.size() + other.size();
    if (most == 0) {
      return Rows.NONE;
    }
    RowMerge merge = new RowMerge(most, without);
    int right = 0;
    for (int left = 0; left < one.size(); left++) {
      while (right < other.size() && isBefore(other, right, one, left)) {
        merge.add(other, right++);
      }
      merge.add(one, left);
    }
    while (right < other.size()) {
      merge.add(other, right++);
    }
    return merge.rows();
  }

  private static boolean isBefore(Rows a, int i, Rows b, int j) {
    long left = a.persons()[i];
    long right = b.persons()[j];
    return left != right ? left < right : a.times()[i] < b.times()[j];
  }

  private void add(Rows from, int row) {
    char part = from.parts()[row];
    if (without[part]) {
      return;
    }
    persons[size] = from.persons()[row];
    times[size] = from.times()[row];
    parts[size] = part;
    numbers[size] = from.numbers()[row];
    size++;
  }

  private Rows rows() {
    return size == persons.length
        ? new Rows(persons, times, parts, numbers)
        : new Rows(
            Arrays.copyOf(persons, size),
            Arrays.copyOf(times, size),
            Arrays.copyOf(parts, size),
            Arrays.copyOf(numbers, size));
  }
}
