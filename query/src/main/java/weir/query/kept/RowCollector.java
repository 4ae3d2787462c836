package weir.query.kept;

import java.util.Arrays;

/** Takes rows in any order and gives them in order, partition by partition. */
final class RowCollector {
  private static final int FIRST = 32;

  private final boolean valued;
  private final long[][] persons = new long[Rows.PARTITIONS][];
  private final long[][] times = new long[Rows.PARTITIONS][];
  private final char[][] parts = new char[Rows.PARTITIONS][];
  private final int[][] values = new int[Rows.PARTITIONS][];
  private final int[] sizes = new int[Rows.PARTITIONS];
  private int rows;

  RowCollector(boolean valued) {
    this.valued = valued;
    Arrays.fill(persons, new long[0]);
    Arrays.fill(times, new long[0]);
    Arrays.fill(parts, new char[0]);
    Arrays.fill(values, new int[0]);
  }

  void add(long person, long time, int part, int value) {
    int to = Rows.partition(person);
    int at = sizes[to];
    if (at == persons[to].length) {
      grow(to, Math.max(FIRST, at + at / 2));
    }
    persons[to][at] = person;
    times[to][at] = time;
    parts[to][at] = (char) part;
    if (valued) {
      values[to][at] = value;
    }
    sizes[to] = at + 1;
    rows++;
  }

  private void grow(int partition, int size) {
    persons[partition] = Arrays.copyOf(persons[partition], size);
    times[partition] = Arrays.copyOf(times[partition], size);
    parts[partition] = Arrays.copyOf(parts[partition], size);
    if (valued) {
      values[partition] = Arrays.copyOf(values[partition], size);
    }
  }

  int rows() {
    return rows;
  }

  /** How many rows each of some parts has. */
  int[] sizes(int firstPart, int count) {
    int[] counts = new int[count];
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      for (int i = 0; i < sizes[partition]; i++) {
        counts[parts[partition][i] - firstPart]++;
      }
    }
    return counts;
  }

  /** The rows in order. Nothing is left here. */
  Rows[] sorted() {
    Rows[] sorted = new Rows[Rows.PARTITIONS];
    Partitions.each(
        rows,
        () ->
            partition -> {
              sorted[partition] =
                  sizes[partition] == 0
                      ? Rows.NONE
                      : RowOrder.sorted(
                          persons[partition],
                          times[partition],
                          parts[partition],
                          values[partition],
                          sizes[partition]);
              persons[partition] = new long[0];
              times[partition] = new long[0];
              parts[partition] = new char[0];
              values[partition] = new int[0];
            });
    return sorted;
  }
}
