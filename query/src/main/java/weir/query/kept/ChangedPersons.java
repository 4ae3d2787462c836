package weir.query.kept;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The persons that rows came or went for. */
final class ChangedPersons {
  /** Where the edge of a span lies in more parts, all rows are looked at. */
  private static final int MOST_PARTS_IN_ORDER = 16;

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
    boolean[] changed = view.lives().between(earlier, view.version());
    for (Level level : view.levels()) {
      if (level.hasAny(changed)) {
        for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
          add(level.rows(partition), changed, before, now);
          if (size > most) {
            return false;
          }
        }
      }
    }
    return addBetween(view, TimeSpan.between(before.from(), now.from()))
        && addBetween(view, TimeSpan.between(before.to(), now.to()));
  }

  private void add(Rows rows, boolean[] changed, TimeSpan before, TimeSpan now) {
    long[] times = rows.times();
    char[] parts = rows.parts();
    for (int row = 0; row < times.length; row++) {
      if (changed[parts[row]]) {
        long time = times[row];
        if (before.holds(time) || now.holds(time)) {
          add(rows.persons()[row]);
        }
      }
    }
  }

  /** Takes those with rows in a piece of time that a span has lost or won. */
  private boolean addBetween(StreamView view, TimeSpan piece) {
    PartRows[] parts = view.lives().parts();
    int[] there =
        IntStream.range(0, parts.length)
            .filter(part -> parts[part].rows() > 0 && parts[part].times().overlaps(piece))
            .toArray();
    if (there.length > MOST_PARTS_IN_ORDER) {
      return scan(view, piece);
    }
    for (int part : there) {
      if (!view.times().persons(view, part, piece, this::add)) {
        return scan(view, piece);
      }
      if (size > most) {
        return false;
      }
    }
    return true;
  }

  private boolean scan(StreamView view, TimeSpan piece) {
    for (Level level : view.levels()) {
      for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
        Rows rows = level.rows(partition);
        for (int row = 0; row < rows.size(); row++) {
          if (piece.holds(rows.times()[row])) {
            add(rows.persons()[row]);
          }
        }
        if (size > most) {
          return false;
        }
      }
    }
    return true;
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
