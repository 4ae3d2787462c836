package weir.query.kept;

import java.util.Arrays;

/** Takes rows in any order and gives them in order, partition by partition. */
final class RowCollector {
  private static final int FIRST = 4;

  private final long[][] persons = new long[Rows.PARTITIONS][];
  private final long[][] times = new long[Rows.PARTITIONS][];
  private final char[][] parts = new char[Rows.PARTITIONS][];
  private final int[][] numbers = new int[Rows.PARTITIONS][];
  private final int[] sizes = new int[Rows.PARTITIONS];
  private int rows;

  RowCollector() {
    Arrays.fill(persons, new long[0]);
    Arrays.fill(times, new long[0]);
    Arrays.fill(parts, new char[0]);
    Arrays.fill(numbers, new int[0]);
  }

  void add(long person, long time, int part, int number) {
    int to = Rows.partition(person);
    int at = sizes[to];
    if (at == persons[to].length) {
      grow(to, Math.max(FIRST, 2 * at));
    }
    persons[to][at] = person;
    times[to][at] = time;
    parts[to][at] = (char) part;
    numbers[to][at] = number;
    sizes[to] = at + 1;
    rows++;
  }

  /** Takes rows, with other persons where they have some. */
  void add(Rows more, LongMap others) {
    for (int row = 0; row < more.size(); row++) {
      long person = more.persons()[row];
      add(
          person < 0 ? person : others.get(person, person),
          more.times()[row],
          more.parts()[row],
          more.numbers()[row]);
    }
  }

  private void grow(int partition, int size) {
    persons[partition] = Arrays.copyOf(persons[partition], size);
    times[partition] = Arrays.copyOf(times[partition], size);
    parts[partition] = Arrays.copyOf(parts[partition], size);
    numbers[partition] = Arrays.copyOf(numbers[partition], size);
  }

  int rows() {
    return rows;
  }

  /**
   * Says which rows there are of some parts.
   *
   * @param into for each part; those that have none here are left alone
   */
  void describe(int firstPart, PartRows[] into) {
    int[] counts = new int[into.length];
    int[] first = new int[into.length];
    int[] last = new int[into.length];
    long[] earliest = new long[into.length];
    long[] latest = new long[into.length];
    Arrays.fill(first, Integer.MAX_VALUE);
    Arrays.fill(earliest, Long.MAX_VALUE);
    Arrays.fill(latest, Long.MIN_VALUE);
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      for (int i = 0; i < sizes[partition]; i++) {
        int part = parts[partition][i] - firstPart;
        int number = numbers[partition][i];
        counts[part]++;
        first[part] = Math.min(first[part], number);
        last[part] = Math.max(last[part], number);
        long time = times[partition][i];
        earliest[part] = Math.min(earliest[part], time);
        latest[part] = Math.max(latest[part], time);
      }
    }
    for (int part = 0; part < into.length; part++) {
      if (counts[part] > 0) {
        into[part] =
            new PartRows(
                counts[part],
                first[part],
                last[part] - first[part] + 1,
                new TimeSpan(earliest[part], latest[part] + 1));
      }
    }
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
                          numbers[partition],
                          sizes[partition]);
              persons[partition] = new long[0];
              times[partition] = new long[0];
              parts[partition] = new char[0];
              numbers[partition] = new int[0];
            });
    return sorted;
  }
}
