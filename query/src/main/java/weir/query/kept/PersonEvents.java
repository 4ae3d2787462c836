package weir.query.kept;

import java.util.Arrays;

/**
 * One person's events, in the order of time unless that does not matter. Used again for the next
 * person.
 */
public final class PersonEvents {
  private static final int MOST_BY_PLACE = 1 << 12;

  private final boolean hasKeys;
  private long person;
  private int size;
  private long[] times = new long[64];
  private int[] names = new int[64];
  private int[] masks = new int[64];
  private int[] values = new int[64];
  private int[] runs = new int[16];
  private int runCount;
  private long[] order = new long[0];
  private int[] keys;
  private long[] timesBefore = new long[0];
  private int[] namesBefore = new int[0];
  private int[] masksBefore = new int[0];
  private int[] valuesBefore = new int[0];
  private int[] keysBefore = new int[0];

  /**
   * Has no events at first.
   *
   * @param hasKeys whether some will come with a key
   */
  PersonEvents(boolean hasKeys) {
    this.hasKeys = hasKeys;
    this.keys = new int[hasKeys ? times.length : 0];
  }

  /** What the person is known by; negative for events of nobody. */
  public long person() {
    return person;
  }

  public int size() {
    return size;
  }

  /** Microseconds since 1970, ascending; the first {@link #size} count. */
  public long[] times() {
    return times;
  }

  /** The number of each event's name. */
  public int[] names() {
    return names;
  }

  /** What each event is to the question: the masks of its roles. */
  public int[] masks() {
    return masks;
  }

  /** The number of the value that each event of its name comes with. */
  public int[] values() {
    return values;
  }

  /** The number of the key that each event of its name comes with; empty where none does. */
  public int[] keys() {
    return keys;
  }

  /**
   * Where the session ends that an event begins.
   *
   * @param timeout microseconds without an event that a session can have
   * @return the first event of the next one, or {@link #size}
   */
  public int sessionEnd(int from, long timeout) {
    int to = from + 1;
    while (to < size && times[to] - times[to - 1] <= timeout) {
      to++;
    }
    return to;
  }

  void begin(long newPerson) {
    person = newPerson;
    size = 0;
    runCount = 0;
  }

  /** Says that events follow that are in order among themselves. */
  void beginRun() {
    if (runCount > 0 && runs[runCount - 1] == size) {
      return;
    }
    if (runCount == runs.length) {
      runs = Arrays.copyOf(runs, 2 * runCount);
    }
    runs[runCount++] = size;
  }

  void add(long time, int name, int mask, int value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      names = Arrays.copyOf(names, 2 * size);
      masks = Arrays.copyOf(masks, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
      if (hasKeys) {
        keys = Arrays.copyOf(keys, 2 * size);
      }
    }
    times[size] = time;
    names[size] = name;
    masks[size] = mask;
    values[size] = value;
    if (hasKeys) {
      keys[size] = ValueNames.NULL;
    }
    size++;
  }

  /** Says what key the event has that was added last. */
  void key(int key) {
    keys[size - 1] = key;
  }

  void sort() {
    if (runCount > 1 && !sortByPlace()) {
      mergeRuns();
    }
  }

  /** Sorts numbers made of time and place; false where both together are too large for one. */
  private boolean sortByPlace() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      first = Math.min(first, times[i]);
      last = Math.max(last, times[i]);
    }
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    long span = last - first;
    if (size > MOST_BY_PLACE || span < 0 || span >> (Long.SIZE - 1 - bits) != 0) {
      return false;
    }
    swap();
    if (order.length < size) {
      order = new long[times.length];
    }
    for (int i = 0; i < size; i++) {
      order[i] = timesBefore[i] - first << bits | i;
    }
    Arrays.sort(order, 0, size);
    for (int i = 0; i < size; i++) {
      int from = (int) order[i] & (1 << bits) - 1;
      times[i] = timesBefore[from];
      names[i] = namesBefore[from];
      masks[i] = masksBefore[from];
      values[i] = valuesBefore[from];
      if (hasKeys) {
        keys[i] = keysBefore[from];
      }
    }
    return true;
  }

  private void mergeRuns() {
    if (runs.length == runCount) {
      runs = Arrays.copyOf(runs, runCount + 1);
    }
    runs[runCount] = size;
    while (runCount > 1) {
      swap();
      int merged = 0;
      for (int run = 0; run < runCount; run += 2) {
        int end = runs[Math.min(run + 2, runCount)];
        merge(runs[run], runs[Math.min(run + 1, runCount)], end);
        runs[merged++] = runs[run];
      }
      runs[merged] = size;
      runCount = merged;
    }
  }

  private void swap() {
    if (timesBefore.length != times.length) {
      timesBefore = new long[times.length];
      namesBefore = new int[times.length];
      masksBefore = new int[times.length];
      valuesBefore = new int[times.length];
      keysBefore = new int[keys.length];
    }
    long[] swappedTimes = times;
    times = timesBefore;
    timesBefore = swappedTimes;
    int[] swappedNames = names;
    names = namesBefore;
    namesBefore = swappedNames;
    int[] swappedMasks = masks;
    masks = masksBefore;
    masksBefore = swappedMasks;
    int[] swappedValues = values;
    values = valuesBefore;
    valuesBefore = swappedValues;
    int[] swappedKeys = keys;
    keys = keysBefore;
    keysBefore = swappedKeys;
  }

  private void merge(int from, int middle, int end) {
    int left = from;
    int right = middle;
    for (int to = from; to < end; to++) {
      boolean takeLeft = right == end || (left < middle && timesBefore[left] <= timesBefore[right]);
      int row = takeLeft ? left++ : right++;
      times[to] = timesBefore[row];
      names[to] = namesBefore[row];
      masks[to] = masksBefore[row];
      values[to] = valuesBefore[row];
      if (hasKeys) {
        keys[to] = keysBefore[row];
      }
    }
  }
}
