package weir.query.insight;

import java.util.HashMap;
import java.util.Map;
import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/** Counts persons that come back. */
final class RetentionTotals implements Totals<RetentionTotals> {
  /** The mask of events that a person begins with. */
  static final int STARTS = 1;

  /** The mask of those that say that it has come back. */
  static final int RETURNS = 2;

  private final Retention retention;
  private final long countedFrom;
  private final CalendarCounter calendar;
  private final Map<Long, Cohort> cohorts = new HashMap<>();
  private final NumberCounts starts = new NumberCounts();
  private final NumberCounts returns = new NumberCounts();
  private long[] startPeriods = new long[64];
  private long[] returnPeriods = new long[64];

  /** Those who began in one period. */
  static final class Cohort {
    private final long[] returned;
    private long size;

    Cohort(int periods) {
      returned = new long[periods];
    }

    /**
     * Takes what a statement has counted.
     *
     * @param later after how many periods they came back; negative for the size
     */
    void add(int later, long persons) {
      if (later < 0) {
        size += persons;
      } else {
        returned[later] += persons;
      }
    }

    long size() {
      return size;
    }

    long[] returned() {
      return returned;
    }
  }

  /**
   * Begins.
   *
   * @param countedFrom since when events count; earlier ones say who had begun already
   */
  RetentionTotals(Retention retention, long countedFrom) {
    this.retention = retention;
    this.countedFrom = countedFrom;
    this.calendar = retention.calendar().counter();
  }

  /** Periods alone count, in whatever order their events come. */
  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public void add(PersonEvents events, int sign) {
    if (events.person() < 0) {
      return;
    }
    periods(events);
    for (int i = 0; i < starts.size(); i++) {
      Cohort cohort = cohort(starts.number(i));
      cohort.size += sign;
      add(cohort, starts.number(i), sign);
    }
  }

  private void periods(PersonEvents events) {
    if (startPeriods.length < events.size()) {
      startPeriods = new long[events.times().length];
      returnPeriods = new long[events.times().length];
    }
    int started = 0;
    int returned = 0;
    long begun = Long.MAX_VALUE;
    for (int i = 0; i < events.size(); i++) {
      long time = events.times()[i];
      int mask = events.masks()[i];
      if ((mask & STARTS) != 0) {
        begun = Math.min(begun, time);
      }
      if (time >= countedFrom) {
        long period = calendar.number(time);
        if ((mask & STARTS) != 0) {
          startPeriods[started++] = period;
        }
        if ((mask & RETURNS) != 0) {
          returnPeriods[returned++] = period;
        }
      }
    }
    if (retention.mode() == Retention.Mode.FIRST_TIME && started > 0) {
      startPeriods[0] = calendar.number(begun);
      started = begun < countedFrom ? 0 : 1;
    }
    starts.count(startPeriods, started);
    returns.count(returnPeriods, returned);
  }

  private void add(Cohort cohort, long start, int sign) {
    int most = cohort.returned.length;
    int last = returns.size() - 1;
    if (retention.mode() == Retention.Mode.ROLLING) {
      if (last >= 0 && returns.number(last) >= start) {
        cohort.returned[(int) Math.min(returns.number(last) - start, most - 1)] += sign;
      }
      return;
    }
    for (int i = last; i >= 0 && returns.number(i) >= start; i--) {
      long later = returns.number(i) - start;
      if (later < most) {
        cohort.returned[(int) later] += sign;
      }
    }
  }

  private Cohort cohort(long start) {
    Cohort cohort = cohorts.get(start);
    if (cohort == null) {
      if (retention.isTooLarge(cohorts.size() + 1L)) {
        throw new TooLargeException();
      }
      cohort = new Cohort(retention.periods());
      cohorts.put(start, cohort);
    }
    return cohort;
  }

  @Override
  public void join(RetentionTotals other) {
    other.cohorts.forEach((start, more) -> {
      Cohort cohort = cohort(start);
      cohort.size += more.size;
      for (int i = 0; i < more.returned.length; i++) {
        cohort.returned[i] += more.returned[i];
      }
    });
  }

  @Override
  public long bytes() {
    return cohorts.size() * (100L + 8L * retention.periods());
  }

  Map<Long, Cohort> cohorts() {
    return cohorts;
  }
}
