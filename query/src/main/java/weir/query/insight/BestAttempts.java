package weir.query.insight;

import java.util.function.IntBinaryOperator;

/** Finds the best attempt of each person, or session, at a funnel. Used by one thread. */
final class BestAttempts {
  private final FunnelMatcher matcher;
  private final MatchedAttempts matched;
  private final boolean matches;
  private final boolean anyFirst;

  /**
   * Prepares for many persons.
   *
   * @param ranking compares two of the values that must be the same, by their numbers
   */
  BestAttempts(Funnel funnel, IntBinaryOperator ranking) {
    int steps = funnel.steps().size();
    this.matcher = new FunnelMatcher(steps, funnel.window().toNanos() / 1_000, funnel.order());
    this.matched = new MatchedAttempts(matcher, steps, funnel.order(), ranking);
    this.matches = !funnel.match().isEmpty();
    this.anyFirst = funnel.order() == FunnelMatcher.Order.ANY;
  }

  /**
   * Finds the best attempt among some events.
   *
   * @param times in ascending order, microseconds
   * @param masks what steps each could be
   * @param keys the numbers of the values that must be the same; not looked at where none must
   * @return how many steps it has
   */
  int reached(long[] times, int[] masks, int[] keys, int events) {
    return matches
        ? matched.match(times, masks, keys, events)
        : matcher.match(times, masks, events);
  }

  /** The attempt found. */
  Attempt attempt() {
    return matches ? matched : matcher;
  }

  /**
   * The event that is its first step.
   *
   * @param ranking compares two events, of which the lower one is taken if both are at that moment
   */
  int first(long[] times, int[] masks, int[] keys, int events, IntBinaryOperator ranking) {
    long time = attempt().time(0);
    int first = -1;
    for (int i = 0; i < events && times[i] <= time; i++) {
      if (times[i] == time
          && isFirst(masks[i], keys, i)
          && (first < 0 || ranking.applyAsInt(i, first) < 0)) {
        first = i;
      }
    }
    return first;
  }

  private boolean isFirst(int mask, int[] keys, int event) {
    return (anyFirst ? matched.isStep(mask) : (mask & 1) != 0)
        && (!matches || keys[event] == matched.value());
  }
}
