package weir.query.insight;

import java.util.HashMap;
import java.util.Map;
import weir.query.kept.KeptEvents;
import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/** Counts persons, or sessions, that go through a funnel. */
final class FunnelTotals implements Totals<FunnelTotals> {
  /** The mask of events that no other step may follow at once, where steps are to. */
  static final int BETWEEN = 1 << 29;

  /** The mask of those that sessions are made of. */
  static final int IN_SESSION = 1 << 28;

  private static final int MOST_PARTS = 5_000;

  private final Funnel funnel;
  private final boolean selects;
  private final BestAttempts attempts;
  private final FunnelTally all;
  private KeptEvents.Values names = KeptEvents.Values.NONE;
  private final Map<Integer, FunnelTally> parts = new HashMap<>();
  private long[] times = new long[64];
  private int[] masks = new int[64];
  private int[] values = new int[64];
  private int[] keys = new int[64];

  FunnelTotals(Funnel funnel) {
    this.funnel = funnel;
    this.selects =
        funnel.count() == Funnel.Count.SESSIONS || funnel.order() == FunnelMatcher.Order.STRICT;
    this.attempts = new BestAttempts(funnel, this::compareKeys);
    this.all = new FunnelTally(funnel.steps().size());
  }

  @Override
  public void begin(KeptEvents.Values newNames) {
    names = newNames;
  }

  private int compareKeys(int one, int other) {
    return BreakdownRanking.compare(names.key(one), names.key(other));
  }

  private int compareValues(int one, int other) {
    return one == other ? 0 : BreakdownRanking.compare(names.value(one), names.value(other));
  }

  @Override
  public void add(PersonEvents events, int sign) {
    if (events.person() < 0) {
      return;
    }
    if (!selects) {
      count(events.times(), events.masks(), events.values(), events.keys(), events.size(), sign);
      return;
    }
    long timeout =
        funnel.count() == Funnel.Count.SESSIONS ? SessionTotals.USUAL_MICROS : Long.MAX_VALUE;
    for (int from = 0, to; from < events.size(); from = to) {
      to = events.sessionEnd(from, timeout);
      int size = select(events, from, to); // which may need larger arrays
      count(times, masks, values, keys, size, sign);
    }
  }

  /** Takes the events that are not in a session alone. */
  private int select(PersonEvents events, int from, int to) {
    if (times.length < to - from) {
      times = new long[events.times().length];
      masks = new int[times.length];
      values = new int[times.length];
      keys = new int[times.length];
    }
    boolean hasKeys = events.keys().length > 0;
    int size = 0;
    for (int i = from; i < to; i++) {
      int mask = events.masks()[i];
      if (mask != IN_SESSION) {
        times[size] = events.times()[i];
        masks[size] = mask & ~(BETWEEN | IN_SESSION);
        values[size] = events.values()[i];
        keys[size] = hasKeys ? events.keys()[i] : MatchedAttempts.NO_VALUE;
        size++;
      }
    }
    return size;
  }

  private void count(long[] at, int[] steps, int[] ofEvents, int[] matched, int size, int sign) {
    int reached = size == 0 ? 0 : attempts.reached(at, steps, matched, size);
    if (reached == 0) {
      return;
    }
    all.add(attempts.attempt(), reached, sign);
    if (funnel.breakdown().isPresent()) {
      int first =
          attempts.first(
              at, steps, matched, size, (i, j) -> compareValues(ofEvents[i], ofEvents[j]));
      part(ofEvents[first]).add(attempts.attempt(), reached, sign);
    }
  }

  private FunnelTally part(int value) {
    FunnelTally tally = parts.get(value);
    if (tally == null) {
      if (parts.size() >= MOST_PARTS) {
        throw new TooLargeException();
      }
      tally = new FunnelTally(funnel.steps().size());
      parts.put(value, tally);
    }
    return tally;
  }

  @Override
  public void join(FunnelTotals other) {
    all.join(other.all);
    other.parts.forEach((value, tally) -> part(value).join(tally));
  }

  @Override
  public long bytes() {
    return all.bytes() + parts.values().stream().mapToLong(each -> each.bytes() + 100).sum();
  }

  FunnelTally all() {
    return all;
  }

  Map<Integer, FunnelTally> parts() {
    return parts;
  }
}
