package weir.query.insight;

import java.util.Arrays;

/**
 * The distinct ones of some numbers, and how often each is there. Numbers that lie near each other,
 * such as the days of one person, are tallied; others are sorted. Used by one thread, again and
 * again.
 */
final class NumberCounts {
  private static final int MOST_APART = 1 << 12;
  private static final int APART = 4;

  private final int[] tally = new int[MOST_APART];
  private long[] numbers = new long[64];
  private int[] counts = new int[64];
  private int size;

  /** How many distinct numbers there are. */
  int size() {
    return size;
  }

  /** One of them, in ascending order. */
  long number(int place) {
    return numbers[place];
  }

  /** How often it is there. */
  int count(int place) {
    return counts[place];
  }

  /**
   * Counts anew.
   *
   * @param from are in any order afterwards
   * @param length how many of them count
   */
  void count(long[] from, int length) {
    size = 0;
    if (length == 0) {
      return;
    }
    long least = from[0];
    long greatest = from[0];
    for (int i = 1; i < length; i++) {
      least = Math.min(least, from[i]);
      greatest = Math.max(greatest, from[i]);
    }
    long apart = greatest - least;
    if (apart >= 0 && apart < MOST_APART && apart <= Math.max(64, APART * (long) length)) {
      tally(from, length, least, (int) apart);
    } else {
      sort(from, length);
    }
  }

  private void tally(long[] from, int length, long least, int apart) {
    for (int i = 0; i < length; i++) {
      tally[(int) (from[i] - least)]++;
    }
    for (int i = 0; i <= apart; i++) {
      if (tally[i] > 0) {
        add(least + i, tally[i]);
        tally[i] = 0;
      }
    }
  }

  private void sort(long[] from, int length) {
    Arrays.sort(from, 0, length);
    for (int begin = 0, end; begin < length; begin = end) {
      end = begin + 1;
      while (end < length && from[end] == from[begin]) {
        end++;
      }
      add(from[begin], end - begin);
    }
  }

  private void add(long number, int count) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    numbers[size] = number;
    counts[size++] = count;
  }
}
