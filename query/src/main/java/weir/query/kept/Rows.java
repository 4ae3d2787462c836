package weir.query.kept;

/**
 * Rows in order of person and time, of one partition of persons. Never changed.
 *
 * @param parts which part of the table each row is in
 * @param numbers of each row in the source of its part
 */
record Rows(long[] persons, long[] times, char[] parts, int[] numbers) {
  /** How many partitions persons are divided into, by the first bits of what they are known by. */
  static final int PARTITIONS = 256;

  /** What one takes. */
  static final int BYTES = 22;

  static final Rows NONE = new Rows(new long[0], new long[0], new char[0], new int[0]);

  private static final int SHIFT = 63 - 8;

  static int partition(long person) {
    return person < 0 ? 0 : (int) (person >>> SHIFT);
  }

  /** A number below 2^bits that orders persons within a partition. */
  static int within(long person, int bits) {
    return person < 0 ? 0 : (int) (person >>> SHIFT - bits & (1 << bits) - 1);
  }

  int size() {
    return persons.length;
  }

  /** The first row of a person, or where it would be. */
  int first(long person) {
    int low = 0;
    int high = persons.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (persons[middle] < person) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
