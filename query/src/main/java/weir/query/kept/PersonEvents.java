package weir.query.kept;

import java.util.Arrays;

/** One person's events in the order of time. Used again for the next person. */
public final class PersonEvents {
  private static final int FEW = 40;

  private long person;
  private int size;
  private long[] times = new long[64];
  private int[] streams = new int[64];
  private int[] values = new int[64];
  private int[] runs = new int[16];
  private int runCount;
  private long[] timesBefore = new long[0];
  private int[] streamsBefore = new int[0];
  private int[] valuesBefore = new int[0];

  PersonEvents() {}

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

  /** Which of the streams asked for each event is from. */
  public int[] streams() {
    return streams;
  }

  public int[] values() {
    return values;
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

  void add(long time, int stream, int value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      streams = Arrays.copyOf(streams, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    times[size] = time;
    streams[size] = stream;
    values[size] = value;
    size++;
  }

  void sort() {
    if (runCount > 1) {
      if (size <= FEW) {
        sortFew();
      } else {
        mergeRuns();
      }
    }
  }

  private void sortFew() {
    for (int i = 1; i < size; i++) {
      long time = times[i];
      int stream = streams[i];
      int value = values[i];
      int at = i;
      for (; at > 0 && times[at - 1] > time; at--) {
        times[at] = times[at - 1];
        streams[at] = streams[at - 1];
        values[at] = values[at - 1];
      }
      times[at] = time;
      streams[at] = stream;
      values[at] = value;
    }
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
      streamsBefore = new int[times.length];
      valuesBefore = new int[times.length];
    }
    long[] swappedTimes = times;
    times = timesBefore;
    timesBefore = swappedTimes;
    int[] swappedStreams = streams;
    streams = streamsBefore;
    streamsBefore = swappedStreams;
    int[] swappedValues = values;
    values = valuesBefore;
    valuesBefore = swappedValues;
  }

  private void merge(int from, int middle, int end) {
    int left = from;
    int right = middle;
    for (int to = from; to < end; to++) {
      boolean takeLeft = right == end || (left < middle && timesBefore[left] <= timesBefore[right]);
      int row = takeLeft ? left++ : right++;
      times[to] = timesBefore[row];
      streams[to] = streamsBefore[row];
      values[to] = valuesBefore[row];
    }
  }
}
