package weir.query.insight;

import java.util.Arrays;
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
  private long[] startPeriods = new long[16];
  private long[] returnPeriods = new long[16];
  private int startCount;
  private int returnCount;

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

  @Override
  public void add(PersonEvents events, int sign) {
    if (events.person() < 0) {
      return;
    }
    periods(events);
    for (int i = 0; i < startCount; i++) {
      Cohort cohort = cohort(startPeriods[i]);
      cohort.size += sign;
      add(cohort, startPeriods[i], sign);
    }
  }

  private void periods(PersonEvents events) {
    startCount = 0;
    returnCount = 0;
    boolean first = retention.mode() == Retention.Mode.FIRST_TIME;
    boolean begun = false;
    for (int i = 0; i < events.size(); i++) {
      long time = events.times()[i];
      int mask = events.masks()[i];
      boolean counts = time >= countedFrom;
      if ((mask & STARTS) != 0 && !(first && begun)) {
        begun = true;
        if (counts) {
          long period = calendar.number(time);
          if (startCount == 0 || startPeriods[startCount - 1] != period) {
            startPeriods = withRoom(startPeriods, startCount);
            startPeriods[startCount++] = period;
          }
        }
      }
      if ((mask & RETURNS) != 0 && counts) {
        long period = calendar.number(time);
        if (returnCount == 0 || returnPeriods[returnCount - 1] != period) {
          returnPeriods = withRoom(returnPeriods, returnCount);
          returnPeriods[returnCount++] = period;
        }
      }
    }
  }

  private static long[] withRoom(long[] periods, int count) {
    return count < periods.length ? periods : Arrays.copyOf(periods, 2 * count);
  }

  private void add(Cohort cohort, long start, int sign) {
    int most = cohort.returned.length;
    if (retention.mode() == Retention.Mode.ROLLING) {
      if (returnCount > 0 && returnPeriods[returnCount - 1] >= start) {
        long later = returnPeriods[returnCount - 1] - start;
        cohort.returned[(int) Math.min(later, most - 1)] += sign;
      }
      return;
    }
    for (int i = returnCount - 1; i >= 0 && returnPeriods[i] >= start; i--) {
      long later = returnPeriods[i] - start;
      if (later < most) {
        cohort.returned[(int) later] += sign;
      }
    }
  }

  private Cohort cohort(long start) {
    Cohort cohort = cohorts.get(start);
    if (cohort == null) {
      if (cohorts.size() > Retention.MOST_COHORTS) {
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
