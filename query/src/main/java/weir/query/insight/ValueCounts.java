package weir.query.insight;

import java.util.Arrays;

/** How often each of some numbers is there, and how often none; numbers can be taken back. */
final class ValueCounts {
  private static final int LEAST_CELLS = 16;

  private long[] bits = new long[LEAST_CELLS];
  private long[] counts = new long[LEAST_CELLS];
  private boolean[] used = new boolean[LEAST_CELLS];
  private int size;
  private long missing;

  /** Takes numbers with how often each is there. */
  interface Numbers {
    void number(double number, long count);
  }

  /** Counts so many more of a number; one that is not finite is none. */
  void add(double number, long more) {
    if (!Double.isFinite(number)) {
      missing += more;
      return;
    }
    long key = Double.doubleToLongBits(number + 0.0); // so that -0 is 0
    int at = place(key);
    if (!used[at]) {
      if (2 * size >= bits.length) {
        grow();
        at = place(key);
      }
      used[at] = true;
      bits[at] = key;
      size++;
    }
    counts[at] += more;
  }

  private int place(long key) {
    int mask = bits.length - 1;
    int at = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (used[at] && bits[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldBits = bits;
    long[] oldCounts = counts;
    boolean[] oldUsed = used;
    bits = new long[2 * oldBits.length];
    counts = new long[bits.length];
    used = new boolean[bits.length];
    for (int i = 0; i < oldBits.length; i++) {
      if (oldUsed[i]) {
        int at = place(oldBits[i]);
        used[at] = true;
        bits[at] = oldBits[i];
        counts[at] = oldCounts[i];
      }
    }
  }

  void join(ValueCounts other) {
    missing += other.missing;
    for (int i = 0; i < other.bits.length; i++) {
      if (other.used[i]) {
        add(Double.longBitsToDouble(other.bits[i]), other.counts[i]);
      }
    }
  }

  /** How many different numbers there are or were. */
  int size() {
    return size;
  }

  long bytes() {
    return 17L * bits.length + 100;
  }

  long missing() {
    return missing;
  }

  /** Gives all numbers, ascending, that are there. */
  void forEach(Numbers taker) {
    double[] numbers = new double[size];
    int found = 0;
    for (int i = 0; i < bits.length; i++) {
      if (used[i] && counts[i] > 0) {
        numbers[found++] = Double.longBitsToDouble(bits[i]);
      }
    }
    Arrays.sort(numbers, 0, found);
    for (int i = 0; i < found; i++) {
      taker.number(numbers[i], counts[place(Double.doubleToLongBits(numbers[i]))]);
    }
  }
}
