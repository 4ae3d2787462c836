package weir.query.kept;

import java.util.Arrays;

/** From a number that is not negative to a number; open addressing with linear probing. */
final class LongMap {
  private static final long FREE = -1;

  private long[] keys = new long[16];
  private long[] values = new long[16];
  private int size;

  LongMap() {
    Arrays.fill(keys, FREE);
  }

  int size() {
    return size;
  }

  /** The value of a key, or something else if it has none. */
  long get(long key, long otherwise) {
    if (size == 0) {
      return otherwise;
    }
    int at = place(key);
    return keys[at] == key ? values[at] : otherwise;
  }

  void put(long key, long value) {
    if (2 * size >= keys.length) {
      grow();
    }
    int at = place(key);
    if (keys[at] != key) {
      keys[at] = key;
      size++;
    }
    values[at] = value;
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int at = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (keys[at] != key && keys[at] != FREE) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new long[2 * oldKeys.length];
    Arrays.fill(keys, FREE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }

  /** Takes each pair. */
  interface Pairs {
    void pair(long key, long value);
  }

  void forEach(Pairs pairs) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != FREE) {
        pairs.pair(keys[i], values[i]);
      }
    }
  }
}
