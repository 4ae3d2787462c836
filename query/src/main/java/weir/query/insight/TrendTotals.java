package weir.query.insight;

import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/**
 * Counts events, and the persons or sessions that they are of, for each name, value and interval.
 */
final class TrendTotals implements Totals<TrendTotals> {
  /** The mask of the events that are counted. */
  static final int COUNTED = 1;

  /** The mask of those that sessions are made of. */
  static final int IN_SESSION = 2;

  private static final int BUCKET_BITS = 28;
  private static final int VALUE_BITS = 21;
  private static final int MOST_NAMES = 1 << 14;

  private final CalendarCounter calendar;
  private final boolean byName;
  private final boolean bySession;
  private final CellCounts cells = new CellCounts();
  private final NumberCounts ownCells = new NumberCounts();
  private long[] own = new long[64];

  /**
   * Begins.
   *
   * @param byName whether events of each name are counted apart
   * @param bySession whether sessions are counted, not persons
   */
  TrendTotals(CalendarCounter calendar, boolean byName, boolean bySession) {
    this.calendar = calendar;
    this.byName = byName;
    this.bySession = bySession;
  }

  /** Takes a cell. */
  interface Cells {
    void cell(int name, int value, long bucket, long events, long units);
  }

  @Override
  public boolean isOrdered() {
    return bySession;
  }

  @Override
  public void add(PersonEvents person, int sign) {
    if (!bySession) {
      add(person, 0, person.size(), sign);
    } else if (person.person() >= 0) {
      for (int from = 0, to; from < person.size(); from = to) {
        to = person.sessionEnd(from, SessionTotals.USUAL_MICROS);
        add(person, from, to, sign);
      }
    }
  }

  private void add(PersonEvents person, int first, int end, int sign) {
    if (own.length < end - first) {
      own = new long[person.times().length];
    }
    int count = 0;
    for (int i = first; i < end; i++) {
      if ((person.masks()[i] & COUNTED) != 0) {
        own[count++] = cell(person, i);
      }
    }
    ownCells.count(own, count);
    int units = person.person() < 0 ? 0 : sign;
    for (int i = 0; i < ownCells.size(); i++) {
      cells.add(ownCells.number(i), (long) sign * ownCells.count(i), units);
    }
  }

  private long cell(PersonEvents person, int event) {
    long bucket = calendar.number(person.times()[event]);
    int name = byName ? person.names()[event] : 0;
    if (name >= MOST_NAMES || Math.abs(bucket) >= 1L << BUCKET_BITS - 1) {
      throw new TooLargeException();
    }
    long ofName = (long) name << VALUE_BITS | person.values()[event] + 1;
    return ofName << BUCKET_BITS | bucket & (1L << BUCKET_BITS) - 1;
  }

  @Override
  public void join(TrendTotals other) {
    cells.join(other.cells);
  }

  @Override
  public long bytes() {
    return cells.bytes();
  }

  /** All cells that have events, in any order. */
  void forEach(Cells taker) {
    cells.forEach((cell, events, units) -> {
      if (events > 0) {
        long ofName = cell >>> BUCKET_BITS;
        int unused = Long.SIZE - BUCKET_BITS;
        taker.cell(
            (int) (ofName >>> VALUE_BITS),
            (int) (ofName & (1 << VALUE_BITS) - 1) - 1,
            cell << unused >> unused,
            events,
            units);
      }
    });
  }
}
