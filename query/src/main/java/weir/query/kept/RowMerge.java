package weir.query.kept;

import java.util.Arrays;

/** Merges the rows of one partition. */
final class RowMerge {
  private final long[] persons;
  private final long[] times;
  private final char[] parts;
  private final int[] values;
  private final boolean[] without;
  private int size;

  private RowMerge(int most, boolean valued, boolean[] without) {
    this.persons = new long[most];
    this.times = new long[most];
    this.parts = new char[most];
    this.values = new int[valued ? most : 0];
    this.without = without;
  }

  static Rows merged(Rows one, Rows other, boolean[] without) {
    int most = one.size() + other.size();
    if (most == 0) {
      return Rows.NONE;
    }
    boolean valued = one.values().length + other.values().length > 0;
    RowMerge merge = new RowMerge(most, valued, without);
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
    if (values.length > 0) {
      values[size] = from.value(row);
    }
    size++;
  }

  private Rows rows() {
    return size == persons.length
        ? new Rows(persons, times, parts, values)
        : new Rows(
            Arrays.copyOf(persons, size),
            Arrays.copyOf(times, size),
            Arrays.copyOf(parts, size),
            values.length > 0 ? Arrays.copyOf(values, size) : values);
  }
}
