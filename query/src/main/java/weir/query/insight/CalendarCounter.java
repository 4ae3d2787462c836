package weir.query.insight;

import java.time.LocalDate;
import java.util.Arrays;

/**
 * The numbers of a calendar's units for many points in time, one near the other. Used by one
 * thread.
 */
final class CalendarCounter {
  private final long[] changes;
  private final long[] shifts;
  private final long unitMicros;
  private final boolean months;
  private long from = 1;
  private long to;
  private long shift;
  private long day = Long.MIN_VALUE;
  private long month;

  /**
   * Prepares.
   *
   * @param changes when another shift begins, microseconds, ascending; the first at the beginning
   *     of all
   * @param shifts microseconds that are added
   * @param months whether the unit is a month, and {@code unitMicros} a day
   */
  CalendarCounter(long[] changes, long[] shifts, long unitMicros, boolean months) {
    this.changes = changes;
    this.shifts = shifts;
    this.unitMicros = unitMicros;
    this.months = months;
  }

  long number(long micros) {
    if (micros < from || micros >= to) {
      int at = Arrays.binarySearch(changes, micros);
      int place = at < 0 ? -at - 2 : at;
      from = changes[place];
      to = place + 1 < changes.length ? changes[place + 1] : Long.MAX_VALUE;
      shift = shifts[place];
    }
    long unit = Math.floorDiv(micros + shift, unitMicros);
    return months ? month(unit) : unit;
  }

  private long month(long ofDay) {
    if (ofDay != day) {
      LocalDate date = LocalDate.ofEpochDay(ofDay);
      day = ofDay;
      month = 12L * (date.getYear() - 1970) + date.getMonthValue() - 1;
    }
    return month;
  }
}
