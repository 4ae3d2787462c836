package weir.query.kept;

import java.util.Arrays;

/** The persons that rows came or went for. */
final class ChangedPersons {
  private final long most;
  private long[] keys = new long[256];
  private int size;

  /**
   * Takes some.
   *
   * @param most how many rows may have changed
   */
  ChangedPersons(long most) {
    this.most = most;
  }

  void add(long key) {
    if (size == keys.length) {
      keys = KeptTotals.distinct(keys, size);
      size = keys.length;
      keys = Arrays.copyOf(keys, Math.max(2 * size, 256));
    }
    keys[size++] = key;
  }

  /**
   * Takes those of the rows that one version and span of a stream has, and the other has not.
   *
   * @return whether those are few
   */
  boolean add(StreamView view, long earlier, TimeSpan before, TimeSpan now) {
    boolean moved = !before.equals(now);
    boolean[] changed = view.lives().between(earlier, view.version());
    for (Level level : view.levels()) {
      if (!moved && !level.hasAny(changed)) {
        continue;
      }
      for (Rows rows : level.partitions()) {
        add(rows, changed, before, now);
        if (size > most) {
          return false;
        }
      }
    }
    return true;
  }

  private void add(Rows rows, boolean[] changed, TimeSpan before, TimeSpan now) {
    long[] times = rows.times();
    char[] parts = rows.parts();
    long[] persons = rows.persons();
    for (int row = 0; row < times.length; row++) {
      long time = times[row];
      boolean wasIn = time >= before.from() && time < before.to();
      boolean isIn = time >= now.from() && time < now.to();
      if (wasIn != isIn || (isIn && changed[parts[row]])) {
        add(persons[row]);
      }
    }
  }

  /** The persons whom the keys belonged to when there were so many joins. */
  long[] persons(Groups groups, int joins) {
    long[] persons = new long[size];
    for (int i = 0; i < size; i++) {
      persons[i] = groups.person(keys[i], joins);
    }
    return KeptTotals.distinct(persons, size);
  }
}
