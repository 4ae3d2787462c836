package weir.query.insight;

import java.util.HashMap;
import java.util.Map;
import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/** Counts persons that go through a funnel. */
final class FunnelTotals implements Totals<FunnelTotals> {
  private static final int MOST_PARTS = 5_000;

  private final Funnel funnel;
  private final int[] masks;
  private final FunnelMatcher matcher;
  private final FunnelTally all;
  private final Map<Part, FunnelTally> parts = new HashMap<>();
  private int[] personsMasks = new int[64];

  /** A value of a stream. */
  record Part(int stream, int value) {}

  /**
   * Begins.
   *
   * @param masks which steps the events of each stream can be; empty where their values say so
   */
  FunnelTotals(Funnel funnel, int[] masks) {
    this.funnel = funnel;
    this.masks = masks;
    this.matcher = funnel.matcher();
    this.all = new FunnelTally(funnel.steps().size());
  }

  @Override
  public void add(PersonEvents events, int sign) {
    if (events.person() < 0) {
      return;
    }
    int reached = matcher.match(events.times(), masks(events), events.size());
    if (reached == 0) {
      return;
    }
    all.add(matcher, reached, sign);
    if (funnel.breakdown().isPresent()) {
      int first = funnel.first(events.times(), personsMasks, matcher.time(0));
      part(new Part(events.streams()[first], events.values()[first])).add(matcher, reached, sign);
    }
  }

  private int[] masks(PersonEvents events) {
    int size = events.size();
    if (masks.length == 0) {
      return events.values();
    }
    if (personsMasks.length < size) {
      personsMasks = new int[events.streams().length];
    }
    for (int i = 0; i < size; i++) {
      personsMasks[i] = masks[events.streams()[i]];
    }
    return personsMasks;
  }

  private FunnelTally part(Part part) {
    FunnelTally tally = parts.get(part);
    if (tally == null) {
      if (parts.size() >= MOST_PARTS) {
        throw new TooLargeException();
      }
      tally = new FunnelTally(funnel.steps().size());
      parts.put(part, tally);
    }
    return tally;
  }

  @Override
  public void join(FunnelTotals other) {
    all.join(other.all);
    other.parts.forEach((part, tally) -> part(part).join(tally));
  }

  @Override
  public long bytes() {
    return all.bytes() + parts.values().stream().mapToLong(each -> each.bytes() + 100).sum();
  }

  FunnelTally all() {
    return all;
  }

  Map<Part, FunnelTally> parts() {
    return parts;
  }
}
