package weir.query.insight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All attempts at a funnel that there are: every order of the events that their times allow, and in
 * each every choice of steps. Keeps the best.
 */
final class AllAttempts {
  /**
   * An event.
   *
   * @param mask as {@link FunnelMatcher} has it
   * @param value negative for none
   */
  record Event(long time, int mask, int value) {
    Event(long time, int mask) {
      this(time, mask, -1);
    }
  }

  private final int steps;
  private final long window;
  private final FunnelMatcher.Order order;
  private List<Long> best = List.of();

  private AllAttempts(int steps, long window, FunnelMatcher.Order order) {
    this.steps = steps;
    this.window = window;
    this.order = order;
  }

  /** The times of the best attempt. */
  static List<Long> best(int steps, long window, FunnelMatcher.Order order, List<Event> events) {
    AllAttempts all = new AllAttempts(steps, window, order);
    all.permute(List.of(), events);
    return all.best;
  }

  /** The times of the best attempt whose steps all have the same value. */
  static List<Long> bestOfOneValue(
      int steps, long window, FunnelMatcher.Order order, List<Event> events) {
    AllAttempts all = new AllAttempts(steps, window, order);
    events.stream()
        .map(Event::value)
        .filter(value -> value >= 0)
        .distinct()
        .forEach(value -> all.permute(List.of(), withSteps(events, value)));
    return all.best;
  }

  /** Events where those of other values are no steps. */
  private static List<Event> withSteps(List<Event> events, int value) {
    return events.stream()
        .map(event ->
            event.value() == value
                ? event
                : new Event(event.time(), event.mask() & FunnelMatcher.EXCLUDED))
        .toList();
  }

  private void permute(List<Event> done, List<Event> left) {
    if (left.isEmpty()) {
      for (int first = 0; first < done.size(); first++) {
        extend(done, first, new ArrayList<>(), 0);
      }
      return;
    }
    long earliest = left.stream().mapToLong(Event::time).min().orElseThrow();
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).time() == earliest) {
        List<Event> rest = new ArrayList<>(left);
        List<Event> more = new ArrayList<>(done);
        more.add(rest.remove(i));
        permute(more, rest);
      }
    }
  }

  /** Tries to take an event, and then each later one, as the next step. */
  private void extend(List<Event> events, int at, List<Long> times, int taken) {
    Event event = events.get(at);
    for (int step = 0; step < steps; step++) {
      boolean next =
          order == FunnelMatcher.Order.ANY ? (taken >> step & 1) == 0 : step == times.size();
      boolean late = !times.isEmpty() && event.time() - times.getFirst() > window;
      if ((event.mask() >> step & 1) == 0 || !next || late) {
        continue;
      }
      List<Long> longer = new ArrayList<>(times);
      longer.add(event.time());
      keep(longer);
      for (int after = at + 1; after < events.size(); after++) {
        extend(events, after, longer, taken | 1 << step);
        boolean ends = events.get(after).mask() == FunnelMatcher.EXCLUDED;
        if (ends || order == FunnelMatcher.Order.STRICT) {
          break;
        }
      }
    }
  }

  private void keep(List<Long> times) {
    if (times.size() > best.size()
        || (times.size() == best.size() && Arrays.compare(array(times), array(best)) < 0)) {
      best = times;
    }
  }

  private static long[] array(List<Long> times) {
    return times.stream().mapToLong(Long::longValue).toArray();
  }
}
