package weir.query.insight;

import java.util.Arrays;

/** How long something took, each time that it happened; times can be taken back. */
final class Waits {
  private long[] sorted = new long[0];
  private long[] added = new long[0];
  private long[] removed = new long[0];
  private int adds;
  private int removes;

  void add(long wait) {
    if (adds == added.length) {
      added = Arrays.copyOf(added, Math.max(16, adds + adds / 2));
    }
    added[adds++] = wait;
  }

  /** Takes back one that was added. */
  void remove(long wait) {
    if (removes == removed.length) {
      removed = Arrays.copyOf(removed, Math.max(16, removes + removes / 2));
    }
    removed[removes++] = wait;
  }

  void join(Waits other) {
    other.settle();
    settle();
    added = other.sorted;
    adds = added.length;
    settle();
  }

  /** The longest; 0 where there are none. */
  long longest() {
    settle();
    return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
  }

  /** The middle one, or between the middle two; 0 where there are none. */
  double median() {
    settle();
    int size = sorted.length;
    return size == 0 ? 0 : (sorted[(size - 1) / 2] + sorted[size / 2]) / 2.0;
  }

  private void settle() {
    if (adds == 0 && removes == 0) {
      return;
    }
    Arrays.sort(added, 0, adds);
    Arrays.sort(removed, 0, removes);
    long[] settled = new long[sorted.length + adds - removes];
    int old = 0;
    int fresh = 0;
    int gone = 0;
    int size = 0;
    while (old < sorted.length || fresh < adds) {
      boolean takeOld = fresh == adds || (old < sorted.length && sorted[old] <= added[fresh]);
      long next = takeOld ? sorted[old++] : added[fresh++];
      if (gone < removes && removed[gone] == next) {
        gone++;
      } else {
        settled[size++] = next;
      }
    }
    sorted = settled;
    added = new long[0];
    removed = new long[0];
    adds = 0;
    removes = 0;
  }

  long bytes() {
    return 8L * (sorted.length + added.length + removed.length) + 100;
  }
}
