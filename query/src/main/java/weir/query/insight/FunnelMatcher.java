package weir.query.insight;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a person's best attempt at a funnel: the one with most steps, of those the earliest.
 *
 * <p>Events at the same moment are taken in whatever order serves best, and no event is two steps.
 * Used by one thread.
 */
final class FunnelMatcher implements Attempt {
  /** The bit of an event that ends attempts which it falls into. */
  static final int EXCLUDED = 1 << 30;

  private static final long NONE = Long.MIN_VALUE;

  private final int steps;
  private final long window;
  private final Order order;
  private final StepMatching matching;
  private final int[] advances;
  private final long[] latest;
  private final long[] raised;
  private final long[] times;
  private long[] at = new long[0];
  private int[] masks = new int[0];
  private int count;
  private int reached;

  /** How steps may follow each other. */
  enum Order {
    /** One after the other, with anything between. */
    IN_ORDER,
    /** One after the other, with no other event between. */
    STRICT,
    /** In whatever order. */
    ANY
  }

  /**
   * Prepares for many persons.
   *
   * @param steps at most 30
   * @param window microseconds from the first step to the last at most
   */
  FunnelMatcher(int steps, long window, Order order) {
    this.steps = steps;
    this.window = window;
    this.order = order;
    this.matching = new StepMatching(steps);
    this.advances = new int[steps + 1];
    this.latest = new long[steps + 1];
    this.raised = new long[steps + 1];
    this.times = new long[steps];
  }

  /**
   * Matches one person's events.
   *
   * @param eventTimes in ascending order, microseconds
   * @param eventMasks bit i where the event could be step i, or {@link #EXCLUDED}
   * @return how many steps the best attempt has
   */
  int match(long[] eventTimes, int[] eventMasks, int events) {
    at = eventTimes;
    masks = eventMasks;
    count = events;
    reached = 0;
    switch (order) {
      case IN_ORDER -> inOrder();
      case STRICT -> strict();
      case ANY -> any();
    }
    return reached;
  }

  /** When a step of the best attempt was; valid until the next match. */
  @Override
  public long time(int step) {
    return times[step];
  }

  private int groupEnd(int from) {
    int to = from + 1;
    while (to < count && at[to] == at[from]) {
      to++;
    }
    return to;
  }

  private boolean isExcluding(int from, int to) {
    for (int i = from; i < to; i++) {
      if (masks[i] == EXCLUDED) {
        return true;
      }
    }
    return false;
  }

  /** For each step, how many from it on events of one moment can be. */
  private void advances(int from, int to) {
    if (to - from == 1) {
      for (int step = 0; step < steps; step++) {
        advances[step] = masks[from] >> step & 1;
      }
      return;
    }
    matching.clear();
    for (int i = from; i < to; i++) {
      matching.put(masks[i] & ~EXCLUDED);
    }
    for (int step = 0; step < steps; step++) {
      advances[step] = matching.advance(step);
    }
  }

  /**
   * Keeps for each number of steps the latest start of an attempt that has so many. Who reaches the
   * most first, at some moment, can begin with any first step that is within the window before.
   */
  private void inOrder() {
    Arrays.fill(latest, NONE);
    long completed = NONE;
    long excludedBefore = NONE;
    long excluded = NONE;
    for (int from = 0, to; from < count; from = to) {
      to = groupEnd(from);
      long now = at[from];
      int before = reached;
      if (to - from == 1 && masks[from] != EXCLUDED) {
        advance(masks[from], now);
      } else {
        advanceTogether(from, to, now);
      }
      if (reached > before) {
        completed = now;
        excludedBefore = excluded;
      }
      if (isExcluding(from, to)) {
        excluded = now;
      }
      if (reached == steps) {
        break;
      }
    }
    if (reached > 0) {
      replay(Math.max(completed - window, excludedBefore));
    }
  }

  /** An event that is the only one at its moment: later steps first, so that it is one only. */
  private void advance(int mask, long now) {
    for (int step = steps - 1; step >= 0; step--) {
      if ((mask >> step & 1) != 0) {
        long start = step == 0 ? now : latest[step];
        if (start != NONE && now - start <= window) {
          latest[step + 1] = Math.max(latest[step + 1], start);
          reached = Math.max(reached, step + 1);
        }
      }
    }
  }

  private void advanceTogether(int from, int to, long now) {
    advances(from, to);
    raise(now);
    for (int step = 1; step <= steps; step++) {
      reached = raised[step] == NONE ? reached : Math.max(reached, step);
    }
    boolean excluding = isExcluding(from, to);
    for (int step = 1; step <= steps; step++) {
      if (excluding) {
        latest[step] = step <= advances[0] ? now : NONE;
      } else {
        latest[step] = Math.max(latest[step], raised[step]);
      }
    }
  }

  private void raise(long now) {
    Arrays.fill(raised, NONE);
    for (int done = 0; done < steps; done++) {
      long start = done == 0 ? now : latest[done];
      if (start != NONE && now - start <= window) {
        for (int more = 1; more <= advances[done]; more++) {
          raised[done + more] = Math.max(raised[done + more], start);
        }
      }
    }
  }

  /** The times of the attempt that begins with the first possible first step. */
  private void replay(long notBefore) {
    int done = 0;
    for (int from = 0, to; done < reached; from = to) {
      to = groupEnd(from);
      if (at[from] >= notBefore) {
        int most = masks[from] >> done & 1;
        if (to - from > 1) {
          advances(from, to);
          most = advances[done];
        }
        for (int more = most; more > 0 && done < reached; more--) {
          times[done] = at[from];
          done++;
        }
      }
    }
  }

  /** Keeps for each number of steps the attempt whose last step is the last event so far. */
  private void strict() {
    long[] @Nullable [] open = new long[steps + 1][];
    for (int from = 0, to; from < count && reached < steps; from = to) {
      to = groupEnd(from);
      long now = at[from];
      int size = to - from;
      advances(from, to);
      long[] @Nullable [] next = new long[steps + 1][];
      for (int done = 1; done < steps; done++) {
        long[] attempt = open[done];
        if (attempt != null && now - attempt[0] <= window) {
          int more = advances[done];
          keep(attempt, done, Math.min(more, size), now);
          if (more >= size && done + size <= steps) {
            next[done + size] = extended(attempt, done, size, now);
          }
        }
      }
      for (int more = 1; more <= advances[0]; more++) {
        next[more] = extended(new long[0], 0, more, now);
      }
      keep(new long[0], 0, advances[0], now);
      open = next;
    }
  }

  private void keep(long[] attempt, int done, int more, long now) {
    if (more == 0 || done + more < reached) {
      return;
    }
    long[] whole = extended(attempt, done, more, now);
    boolean earlier = Arrays.compare(whole, 0, whole.length, times, 0, reached) < 0;
    if (whole.length > reached || earlier) {
      reached = whole.length;
      System.arraycopy(whole, 0, times, 0, reached);
    }
  }

  private static long[] extended(long[] attempt, int done, int more, long now) {
    long[] longer = Arrays.copyOf(attempt, done + more);
    Arrays.fill(longer, done, done + more, now);
    return longer;
  }

  /**
   * Moves a window over the events. Only how many events of each kind are in it matters, and no
   * more of a kind than there are steps.
   */
  private void any() {
    Map<Integer, Integer> inside = new HashMap<>();
    int end = 0;
    int bestFrom = 0;
    int barrier = 0;
    boolean changed = true;
    for (int from = 0; from < count && reached < steps; from++) {
      while (barrier < count && (masks[barrier] != EXCLUDED || at[barrier] <= at[from])) {
        barrier++;
      }
      long last = barrier < count ? Math.min(at[from] + window, at[barrier]) : at[from] + window;
      for (; end < count && at[end] <= last; end++) {
        changed |= inside.merge(masks[end], 1, Integer::sum) <= steps;
      }
      if (changed && isStep(masks[from])) {
        int size = size(inside);
        if (size > reached) {
          reached = size;
          bestFrom = from;
        }
        changed = false;
      }
      inside.merge(masks[from], -1, Integer::sum);
    }
    if (reached > 0) {
      pick(bestFrom);
    }
  }

  private static boolean isStep(int mask) {
    return (mask & ~EXCLUDED) != 0;
  }

  private int size(Map<Integer, Integer> inside) {
    matching.clear();
    int size = 0;
    for (Map.Entry<Integer, Integer> kind : inside.entrySet()) {
      int mask = kind.getKey() & ~EXCLUDED;
      for (int i = Math.min(steps, kind.getValue()); mask != 0 && i > 0; i--) {
        size += matching.add(mask) ? 1 : 0;
      }
    }
    return size;
  }

  /** Takes each event that adds a step: that gives the earliest times. */
  private void pick(int from) {
    matching.clear();
    int done = 0;
    for (int i = from; done < reached; i++) {
      int mask = masks[i] & ~EXCLUDED;
      if (mask != 0 && matching.add(mask)) {
        times[done] = at[i];
        done++;
      }
    }
  }
}
