package weir.process;

import java.util.Arrays;

/**
 * Fingerprints in memory, each with the newest slice that it was seen in: open addressing with
 * linear probing in primitive arrays, at most half full. The probe starts from the high half alone,
 * which is uniformly distributed as it is.
 */
final class FingerprintTable {
  private static final int SMALLEST = 1 << 10;
  private static final int FREE = Integer.MIN_VALUE;

  /** No slice: what is answered for a fingerprint that is not here. */
  static final int NONE = FREE;

  private long[] high = new long[SMALLEST];
  private long[] low = new long[SMALLEST];
  private int[] slices = filled(SMALLEST);
  private int size;

  private static int[] filled(int length) {
    int[] slices = new int[length];
    Arrays.fill(slices, FREE);
    return slices;
  }

  int size() {
    return size;
  }

  /** The newest slice that the fingerprint was put in, or {@link #NONE}. */
  int slice(long h, long l) {
    return slices[find(h, l)];
  }

  /** Puts a fingerprint; a slice older than the one it has changes nothing. */
  void put(long h, long l, int slice) {
    int at = find(h, l);
    if (slices[at] != FREE) {
      slices[at] = Math.max(slices[at], slice);
      return;
    }
    if (2 * (size + 1) > slices.length) {
      grow();
      at = find(h, l);
    }
    high[at] = h;
    low[at] = l;
    slices[at] = slice;
    size++;
  }

  private int find(long h, long l) {
    int mask = slices.length - 1;
    int at = (int) h & mask;
    while (slices[at] != FREE && (high[at] != h || low[at] != l)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldHigh = high;
    long[] oldLow = low;
    int[] oldSlices = slices;
    int length = Math.multiplyExact(2, oldSlices.length);
    high = new long[length];
    low = new long[length];
    slices = filled(length);
    for (int i = 0; i < oldSlices.length; i++) {
      if (oldSlices[i] != FREE) {
        int at = find(oldHigh[i], oldLow[i]);
        high[at] = oldHigh[i];
        low[at] = oldLow[i];
        slices[at] = oldSlices[i];
      }
    }
  }

  void clear() {
    if (size > 0) {
      Arrays.fill(slices, FREE);
      size = 0;
    }
  }

  /** The slices that fingerprints are in, ascending. */
  int[] slicesInUse() {
    return Arrays.stream(slices).filter(slice -> slice != FREE).distinct().sorted().toArray();
  }

  /**
   * A slice's fingerprints in unsigned order: high and low halves, one after the other.
   *
   * <p>Sorts the high halves alone, as primitives, and then looks each one's low half up: equal
   * high halves, which hardly ever occur, stand in one chain of probes and are put in order there.
   */
  long[] sorted(int slice) {
    long[] keys = new long[size];
    int count = 0;
    for (int i = 0; i < slices.length; i++) {
      if (slices[i] == slice) {
        keys[count++] = high[i] ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(keys, 0, count);
    long[] sorted = new long[2 * count];
    for (int i = 0; i < count; ) {
      int same = 1;
      while (i + same < count && keys[i + same] == keys[i]) {
        same++;
      }
      putLows(sorted, i, keys[i] ^ Long.MIN_VALUE, slice, same);
      i += same;
    }
    return sorted;
  }

  private void putLows(long[] sorted, int first, long h, int slice, int count) {
    long[] lows = new long[count];
    int mask = slices.length - 1;
    int found = 0;
    for (int at = (int) h & mask; found < count; at = (at + 1) & mask) {
      if (slices[at] == slice && high[at] == h) {
        lows[found++] = low[at] ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(lows);
    for (int i = 0; i < count; i++) {
      sorted[2 * (first + i)] = h;
      sorted[2 * (first + i) + 1] = lows[i] ^ Long.MIN_VALUE;
    }
  }
}
