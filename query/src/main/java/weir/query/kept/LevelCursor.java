package weir.query.kept;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one level of a stream, person by person. Used by one thread. */
final class LevelCursor {
  private final Level level;
  private final int event;
  private final boolean[] seen;
  private final boolean seenAll;
  private final int[] firsts;
  private final TimeSpan span;
  private final int always;
  private final int[] masks;
  private final long[][][] marks;
  private final int @Nullable [][] values;
  private final int @Nullable [][] keys;
  private Rows rows = Rows.NONE;
  private int[] rowMasks = new int[0];
  private int[] rowValues = new int[0];
  private int[] rowKeys = new int[0];
  private boolean isGathered;
  private int at;

  /**
   * Prepares.
   *
   * @param parts those that are seen
   */
  LevelCursor(StreamView view, Level level, boolean[] parts, TimeSpan span) {
    this.level = level;
    this.event = view.event();
    this.seen = parts;
    this.seenAll = level.hasAll(parts);
    this.firsts = view.lives().firsts();
    this.span = span;
    this.always =
        view.roles().stream()
            .filter(role -> role.condition().isEmpty())
            .mapToInt(Role::mask)
            .reduce(0, (a, b) -> a | b);
    Role[] sometimes =
        view.roles().stream().filter(role -> role.condition().isPresent()).toArray(Role[]::new);
    masks = new int[sometimes.length];
    marks = new long[sometimes.length][][];
    for (int i = 0; i < sometimes.length; i++) {
      masks[i] = sometimes[i].mask();
      marks[i] = view.column(sometimes[i].condition().orElseThrow()).marks();
    }
    KeptColumn.View value = view.value();
    values = value == null ? null : value.values();
    KeptColumn.View key = view.key();
    keys = key == null ? null : key.values();
  }

  /**
   * Goes to the beginning of a partition, all of which is to be read. What is known of its rows
   * lies elsewhere, in the order of files: gathering it at once takes less time than row by row,
   * since memory is waited for many times together.
   */
  void begin(int partition) {
    goTo(level.rows(partition));
    isGathered = true;
    if (masks.length > 0) {
      gatherMasks();
    }
    if (values != null) {
      rowValues = gathered(values, rowValues);
    }
    if (keys != null) {
      rowKeys = gathered(keys, rowKeys);
    }
  }

  private void goTo(Rows next) {
    rows = next;
    at = 0;
    isGathered = false;
  }

  private void gatherMasks() {
    int size = rows.size();
    if (rowMasks.length < size) {
      rowMasks = new int[size + size / 4];
    }
    Arrays.fill(rowMasks, 0, size, always);
    for (int i = 0; i < masks.length; i++) {
      for (int row = 0; row < size; row++) {
        rowMasks[row] |= mask(i, row);
      }
    }
  }

  private int mask(int role, int row) {
    int part = rows.parts()[row];
    long[] ofPart = part < marks[role].length ? marks[role][part] : null;
    if (ofPart == KeptColumn.ALL) {
      return masks[role];
    }
    if (ofPart == null) {
      return 0; // the part is gone, and was not asked for
    }
    int number = rows.numbers()[row] - firsts[part];
    return -(int) (ofPart[number >> 6] >>> number & 1) & masks[role];
  }

  private int[] gathered(int[][] columns, int[] before) {
    int size = rows.size();
    int[] gathered = before.length < size ? new int[size + size / 4] : before;
    for (int row = 0; row < size; row++) {
      gathered[row] = value(columns, row);
    }
    return gathered;
  }

  private int value(int[][] columns, int row) {
    int part = rows.parts()[row];
    int[] ofPart = part < columns.length ? columns[part] : null;
    return ofPart == null ? ValueNames.NULL : ofPart[rows.numbers()[row] - firsts[part]];
  }

  /** The person of the next row; the largest number behind the last. */
  long person() {
    return at < rows.size() ? rows.persons()[at] : Long.MAX_VALUE;
  }

  /** Goes to a person's first row, in whatever partition; false if it has none. */
  boolean find(long person) {
    goTo(level.store().rowsOf(person));
    at = rows.first(person);
    return person() == person;
  }

  /** Goes behind a person's rows. */
  void skip(long person) {
    while (person() == person) {
      at++;
    }
  }

  /** Adds a person's rows that are seen and have a role, and goes behind them. */
  void take(long person, PersonEvents events) {
    events.beginRun();
    long[] persons = rows.persons();
    long[] times = rows.times();
    char[] partOf = rows.parts();
    int row = at;
    for (; row < persons.length && persons[row] == person; row++) {
      long time = times[row];
      if (span.holds(time) && (seenAll || seen[partOf[row]])) {
        add(row, time, events);
      }
    }
    at = row;
  }

  private void add(int row, long time, PersonEvents events) {
    int mask = isGathered && masks.length > 0 ? rowMasks[row] : maskOf(row);
    if (mask != 0) {
      int value = 0;
      if (values != null) {
        value = isGathered ? rowValues[row] : value(values, row);
      }
      events.add(time, event, mask, value);
      if (keys != null) {
        events.key(isGathered ? rowKeys[row] : value(keys, row));
      }
    }
  }

  private int maskOf(int row) {
    int mask = always;
    for (int i = 0; i < masks.length; i++) {
      mask |= mask(i, row);
    }
    return mask;
  }
}
