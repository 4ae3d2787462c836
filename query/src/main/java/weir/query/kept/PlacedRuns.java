package weir.query.kept;

import java.util.Arrays;

/**
 * Runs of rows of one person each, in their partitions, each part of the table from a place of its
 * own on: several threads place parts, and later take partitions. Runs are put in order, not rows,
 * as there are fewer of them.
 */
final class PlacedRuns {
  /** What a row takes, if each is a run; less than {@link Rows#BYTES} if runs have some. */
  static final int MOST_BYTES = 26;

  private final long[][] persons = new long[Rows.PARTITIONS][];
  private final char[][] parts = new char[Rows.PARTITIONS][];
  private final int[][] numbers = new int[Rows.PARTITIONS][];

  /** Where the rows of each run begin in the times of its partition. */
  private final int[][] starts = new int[Rows.PARTITIONS][];

  private final long[][] times = new long[Rows.PARTITIONS][];
  private final Counts at;

  /** How many runs and rows of each part are in each partition. */
  static final class Counts {
    private final int[][] runs;
    private final int[][] rows;

    Counts(int parts) {
      runs = new int[parts][Rows.PARTITIONS];
      rows = new int[parts][Rows.PARTITIONS];
    }

    /**
     * Counts those of a part; other threads may count others.
     *
     * @param persons of actors
     * @param actors of runs
     */
    void count(int part, long[] persons, int[] actors, int[] lengths, int count) {
      int[] runsOf = runs[part];
      int[] rowsOf = rows[part];
      for (int run = 0; run < count; run++) {
        int partition = Rows.partition(persons[actors[run]]);
        runsOf[partition]++;
        rowsOf[partition] += lengths[run];
      }
    }

    /** Turns counts into places, and returns how many there are. */
    private static int places(int[][] counts, int partition) {
      int size = 0;
      for (int[] ofPart : counts) {
        int count = ofPart[partition];
        ofPart[partition] = size;
        size += count;
      }
      return size;
    }
  }

  /**
   * The runs of a part.
   *
   * @param number of the part
   * @param first the number of its first row
   * @param persons of actors
   * @param actors of runs
   * @param times of rows
   */
  record Part(
      int number, int first, long[] persons, int runs, int[] actors, int[] lengths, long[] times) {}

  /**
   * Makes room.
   *
   * @param counts of no use to others from now on
   */
  PlacedRuns(Counts counts) {
    at = counts;
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      int runs = Counts.places(counts.runs, partition);
      int rows = Counts.places(counts.rows, partition);
      persons[partition] = new long[runs];
      parts[partition] = new char[runs];
      numbers[partition] = new int[runs];
      starts[partition] = new int[runs + 1];
      starts[partition][runs] = rows;
      times[partition] = new long[rows];
    }
  }

  /** Places the runs of a part; other threads may place others. */
  void place(int index, Part part) {
    int[] nextRun = at.runs[index];
    int[] nextRow = at.rows[index];
    int number = part.first();
    int row = 0;
    for (int run = 0; run < part.runs(); run++) {
      long person = part.persons()[part.actors()[run]];
      int length = part.lengths()[run];
      int to = Rows.partition(person);
      int place = nextRun[to]++;
      int start = nextRow[to];
      nextRow[to] = start + length;
      persons[to][place] = person;
      parts[to][place] = (char) part.number();
      numbers[to][place] = number;
      starts[to][place] = start;
      long[] toTimes = times[to];
      for (int i = 0; i < length; i++) {
        toTimes[start + i] = part.times()[row + i];
      }
      number += length;
      row += length;
    }
  }

  /** The rows of a partition in order; it can be asked for once. */
  Rows sorted(int partition) {
    if (times[partition].length == 0) {
      return Rows.NONE;
    }
    int size = persons[partition].length;
    long[] firstTimes = new long[size];
    int[] runs = new int[size];
    for (int run = 0; run < size; run++) {
      firstTimes[run] = times[partition][starts[partition][run]];
      runs[run] = run;
    }
    Rows order = RowOrder.sorted(persons[partition], firstTimes, parts[partition], runs, size);
    persons[partition] = new long[0];
    Rows rows = written(partition, order);
    times[partition] = new long[0];
    numbers[partition] = new int[0];
    starts[partition] = new int[0];
    parts[partition] = new char[0];
    return rows;
  }

  /**
   * Writes rows run by run.
   *
   * @param order the runs in order, their numbers in place of those of rows
   */
  private Rows written(int partition, Rows order) {
    int size = times[partition].length;
    Rows rows = new Rows(new long[size], new long[size], new char[size], new int[size]);
    int[] starts = this.starts[partition];
    long before = 0;
    long newest = Long.MAX_VALUE;
    int first = 0;
    boolean inOrder = true;
    int to = 0;
    for (int i = 0; i < order.size(); i++) {
      long person = order.persons()[i];
      if (i == 0 || person != before) {
        restore(rows, first, to, inOrder);
        first = to;
        before = person;
        newest = Long.MIN_VALUE;
        inOrder = true;
      }
      int run = order.numbers()[i];
      int length = starts[run + 1] - starts[run];
      inOrder &= copyTimes(partition, starts[run], rows.times(), to, length, newest);
      newest = rows.times()[to + length - 1];
      Arrays.fill(rows.persons(), to, to + length, person);
      Arrays.fill(rows.parts(), to, to + length, order.parts()[i]);
      int number = numbers[partition][run];
      for (int row = 0; row < length; row++) {
        rows.numbers()[to + row] = number + row;
      }
      to += length;
    }
    restore(rows, first, to, inOrder);
    return rows;
  }

  /** Returns whether they ascend, from the newest so far on. */
  private boolean copyTimes(int partition, int from, long[] into, int to, int length, long newest) {
    boolean ascending = true;
    long before = newest;
    for (int i = 0; i < length; i++) {
      long time = times[partition][from + i];
      ascending &= time >= before;
      before = time;
      into[to + i] = time;
    }
    return ascending;
  }

  /** Runs of one person that overlap in time. */
  private static void restore(Rows rows, int from, int to, boolean inOrder) {
    if (!inOrder) {
      RowOrder.sort(rows, from, to);
    }
  }
}
