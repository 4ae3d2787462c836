package weir.query.insight;

import java.util.Arrays;
import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/**
 * Counts events, and the persons that they are of, for each stream, value and interval. A cell is
 * known by one number made of the three.
 */
final class TrendTotals implements Totals<TrendTotals> {
  private static final int BUCKET_BITS = 32;
  private static final int VALUE_BITS = 21;
  private static final int MOST_CELLS = 1 << 20;
  private static final long FREE = -1;

  private final CalendarCounter calendar;
  private long[] cells = new long[64];
  private long[] events = new long[64];
  private long[] persons = new long[64];
  private int size;
  private long[] own = new long[64];

  TrendTotals(CalendarCounter calendar) {
    this.calendar = calendar;
    Arrays.fill(cells, FREE);
  }

  /** Takes a cell. */
  interface Cells {
    void cell(int stream, int value, long bucket, long events, long persons);
  }

  @Override
  public void add(PersonEvents person, int sign) {
    int count = person.size();
    if (own.length < count) {
      own = new long[person.times().length];
    }
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      own[i] = cell(person.streams()[i], person.values()[i], calendar.number(person.times()[i]));
      sorted &= i == 0 || own[i - 1] <= own[i];
    }
    if (!sorted) {
      Arrays.sort(own, 0, count);
    }
    int persons = person.person() < 0 ? 0 : sign;
    for (int from = 0, to; from < count; from = to) {
      to = from + 1;
      while (to < count && own[to] == own[from]) {
        to++;
      }
      add(own[from], (long) sign * (to - from), persons);
    }
  }

  private static long cell(int stream, int value, long bucket) {
    return ((long) stream << VALUE_BITS | value + 1) << BUCKET_BITS | bucket & 0xffffffffL;
  }

  private void add(long cell, long moreEvents, long morePersons) {
    int at = place(cell);
    if (cells[at] == FREE) {
      if (size >= MOST_CELLS) {
        throw new TooLargeException();
      }
      if (2 * size >= cells.length) {
        grow();
        at = place(cell);
      }
      cells[at] = cell;
      size++;
    }
    events[at] += moreEvents;
    persons[at] += morePersons;
  }

  private int place(long cell) {
    int mask = cells.length - 1;
    int at = (int) (cell * 0x9E3779B97F4A7C15L >>> 32) & mask;
    while (cells[at] != cell && cells[at] != FREE) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldCells = cells;
    long[] oldEvents = events;
    long[] oldPersons = persons;
    cells = new long[2 * oldCells.length];
    events = new long[2 * oldCells.length];
    persons = new long[2 * oldCells.length];
    Arrays.fill(cells, FREE);
    for (int i = 0; i < oldCells.length; i++) {
      if (oldCells[i] != FREE) {
        int at = place(oldCells[i]);
        cells[at] = oldCells[i];
        events[at] = oldEvents[i];
        persons[at] = oldPersons[i];
      }
    }
  }

  @Override
  public void join(TrendTotals other) {
    for (int i = 0; i < other.cells.length; i++) {
      if (other.cells[i] != FREE) {
        add(other.cells[i], other.events[i], other.persons[i]);
      }
    }
  }

  @Override
  public long bytes() {
    return 24L * cells.length;
  }

  /** All cells that have events, in any order. */
  void forEach(Cells taker) {
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != FREE && events[i] > 0) {
        int high = (int) (cells[i] >>> BUCKET_BITS);
        taker.cell(
            high >>> VALUE_BITS,
            (high & (1 << VALUE_BITS) - 1) - 1,
            (int) cells[i],
            events[i],
            persons[i]);
      }
    }
  }
}
