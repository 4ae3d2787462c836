package weir.query.insight;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/**
 * Finds a person's best attempt all of whose steps come with the same value. To the attempts with
 * one value, events with another one, or with none, are no steps.
 *
 * <p>Values are tried one after another, each with its own events and one for all that lies between
 * two of their moments. So the events of all values together are gone over twice at most, however
 * many values there are. Used by one thread.
 */
final class MatchedAttempts implements Attempt {
  /** The value of events that come with none. */
  static final int NO_VALUE = -1;

  private final FunnelMatcher matcher;
  private final int steps;
  private final int stepBits;
  private final FunnelMatcher.Order order;
  private final IntBinaryOperator ranking;
  private final long[] best;
  private int reached;
  private int value;
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] barriers = new int[65];
  private long[] byValue = new long[64];
  private long[] times = new long[128];
  private int[] masks = new int[128];
  private int size;

  /**
   * Prepares for many persons.
   *
   * @param steps at most 25
   * @param ranking compares two values: of attempts at the same moments that with the lower one is
   *     the best
   */
  MatchedAttempts(
      FunnelMatcher matcher, int steps, FunnelMatcher.Order order, IntBinaryOperator ranking) {
    this.matcher = matcher;
    this.steps = steps;
    this.stepBits = (1 << steps) - 1;
    this.order = order;
    this.ranking = ranking;
    this.best = new long[steps];
  }

  /**
   * Matches one person's events.
   *
   * @param at in ascending order, microseconds
   * @param masksOf what steps each event could be, as the matcher has them
   * @param values of each event
   * @return how many steps the best attempt has
   */
  int match(long[] at, int[] masksOf, int[] values, int events) {
    reached = 0;
    value = NO_VALUE;
    int own = sortByValue(masksOf, values, events);
    if (own == 0) {
      return 0;
    }
    prepare(at, masksOf, events);
    for (int from = 0, to; from < own; from = to) {
      to = from + 1;
      int mask = masksOf[(int) byValue[from]];
      while (to < own && valueAt(to) == valueAt(from)) {
        mask |= masksOf[(int) byValue[to]];
        to++;
      }
      if (canReach(mask, to - from)) {
        select(at, masksOf, from, to);
        keep(matcher.match(times, masks, size), valueAt(from));
      }
    }
    return reached;
  }

  @Override
  public long time(int step) {
    return best[step];
  }

  /** The value of the best attempt. */
  int value() {
    return value;
  }

  /** Whether an event of such a mask could be a step. */
  boolean isStep(int mask) {
    return (mask & stepBits) != 0;
  }

  private int valueAt(int place) {
    return (int) (byValue[place] >>> Integer.SIZE);
  }

  /** Sorts those events by value, and by time among these, that can be a step. */
  private int sortByValue(int[] masksOf, int[] values, int events) {
    if (byValue.length < events) {
      byValue = new long[2 * events];
    }
    int own = 0;
    for (int i = 0; i < events; i++) {
      if (values[i] != NO_VALUE && isStep(masksOf[i])) {
        byValue[own++] = (long) values[i] << Integer.SIZE | i;
      }
    }
    Arrays.sort(byValue, 0, own);
    return own;
  }

  /** Finds where the moment of each event begins and ends, and what ends attempts before it. */
  private void prepare(long[] at, int[] masksOf, int events) {
    if (starts.length < events) {
      starts = new int[2 * events];
      ends = new int[2 * events];
      barriers = new int[2 * events + 1];
      times = new long[4 * events + steps + 1];
      masks = new int[times.length];
    }
    for (int from = 0, to; from < events; from = to) {
      to = from + 1;
      while (to < events && at[to] == at[from]) {
        to++;
      }
      Arrays.fill(starts, from, to, from);
      Arrays.fill(ends, from, to, to);
    }
    for (int i = 0; i < events; i++) {
      barriers[i + 1] = barriers[i] + (isBarrier(masksOf[i]) ? 1 : 0);
    }
  }

  /** Whether an event ends attempts that it falls into, if it is no step of theirs. */
  private boolean isBarrier(int mask) {
    return order == FunnelMatcher.Order.STRICT || (mask & FunnelMatcher.EXCLUDED) != 0;
  }

  /** Whether events with such steps among them might be better than the best. */
  private boolean canReach(int mask, int events) {
    int most =
        order == FunnelMatcher.Order.ANY
            ? Integer.bitCount(mask & stepBits)
            : Integer.numberOfTrailingZeros(~mask);
    return Math.min(most, events) >= Math.max(1, reached);
  }

  /**
   * Takes the events of a value, and one for those between two of its moments that end attempts.
   */
  private void select(long[] at, int[] masksOf, int from, int to) {
    int barrier = order == FunnelMatcher.Order.STRICT ? 0 : FunnelMatcher.EXCLUDED;
    int most = order == FunnelMatcher.Order.STRICT ? steps + 1 : 1;
    size = 0;
    int before = -1;
    for (int place = from; place < to; ) {
      int start = starts[(int) byValue[place]];
      int end = ends[(int) byValue[place]];
      if (before >= 0 && barriers[start] > barriers[before]) {
        add(at[start - 1], barrier);
      }
      int others = barriers[end] - barriers[start];
      for (; place < to && (int) byValue[place] < end; place++) {
        int mask = masksOf[(int) byValue[place]];
        add(at[start], mask);
        others -= isBarrier(mask) ? 1 : 0;
      }
      for (int i = Math.min(others, most); i > 0; i--) {
        add(at[start], barrier);
      }
      before = end;
    }
  }

  private void add(long time, int mask) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      masks = Arrays.copyOf(masks, 2 * size);
    }
    times[size] = time;
    masks[size] = mask;
    size++;
  }

  private void keep(int found, int ofValue) {
    if (found < Math.max(1, reached) || (found == reached && !isBetter(found, ofValue))) {
      return;
    }
    reached = found;
    value = ofValue;
    for (int step = 0; step < found; step++) {
      best[step] = matcher.time(step);
    }
  }

  private boolean isBetter(int found, int ofValue) {
    for (int step = 0; step < found; step++) {
      if (matcher.time(step) != best[step]) {
        return matcher.time(step) < best[step];
      }
    }
    return ranking.applyAsInt(ofValue, value) < 0;
  }
}
