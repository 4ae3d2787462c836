package weir.query.insight;

/** Finds the best attempt of each person, or session, at a funnel. Used by one thread. */
final class BestAttempts {
  private final FunnelMatcher matcher;
  private final MatchedAttempts matched;
  private final boolean matches;
  private final boolean anyFirst;

  BestAttempts(Funnel funnel) {
    int steps = funnel.steps().size();
    this.matcher = new FunnelMatcher(steps, funnel.window().toNanos() / 1_000, funnel.order());
    this.matched = new MatchedAttempts(matcher, steps, funnel.order());
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

  /** The event that is its first step; of several at that moment any. */
  int first(long[] times, int[] masks, int[] keys) {
    long time = attempt().time(0);
    int i = 0;
    while (times[i] != time
        || (!anyFirst && (masks[i] & 1) == 0)
        || (matches && (keys[i] != matched.value() || !matched.isStep(masks[i])))) {
      i++;
    }
    return i;
  }
}
