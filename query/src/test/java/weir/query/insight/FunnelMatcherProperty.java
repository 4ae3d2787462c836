package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The matcher against all attempts there are: every order of the events that their times allow, and
 * in each every choice of steps.
 */
final class FunnelMatcherProperty {
  private record Event(long time, int mask) {}

  /** All attempts over one order of the events; keeps the best. */
  private static final class Reference {
    private final int steps;
    private final long window;
    private final FunnelMatcher.Order order;
    private List<Long> best = List.of();

    Reference(int steps, long window, FunnelMatcher.Order order) {
      this.steps = steps;
      this.window = window;
      this.order = order;
    }

    void permute(List<Event> done, List<Event> left) {
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

  @Property(tries = 5_000)
  void inOrderIsAsGoodAsTheBestOfAllAttempts(@ForAll long seed) {
    check(seed, FunnelMatcher.Order.IN_ORDER);
  }

  @Property(tries = 5_000)
  void strictIsAsGoodAsTheBestOfAllAttempts(@ForAll long seed) {
    check(seed, FunnelMatcher.Order.STRICT);
  }

  @Property(tries = 5_000)
  void anyOrderIsAsGoodAsTheBestOfAllAttempts(@ForAll long seed) {
    check(seed, FunnelMatcher.Order.ANY);
  }

  private static void check(long seed, FunnelMatcher.Order order) {
    Random random = new Random(seed);
    int steps = 1 + random.nextInt(4);
    int span = 1 + random.nextInt(8);
    long window = 1 + random.nextInt(span + 2);
    boolean overlapping = random.nextBoolean();
    List<Event> events = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int mask =
          overlapping
              ? random.nextInt(1 << steps)
              : random.nextInt(8) == 0 ? 0 : 1 << random.nextInt(steps);
      boolean excluded = mask == 0 && order != FunnelMatcher.Order.STRICT;
      events.add(new Event(random.nextInt(span), excluded ? FunnelMatcher.EXCLUDED : mask));
    }
    events.sort((a, b) -> Long.compare(a.time(), b.time()));
    Reference reference = new Reference(steps, window, order);
    reference.permute(List.of(), events);
    FunnelMatcher matcher = new FunnelMatcher(steps, window, order);
    // twice, since one matcher serves many persons
    for (int i = 0; i < 2; i++) {
      int reached =
          matcher.match(
              events.stream().mapToLong(Event::time).toArray(),
              events.stream().mapToInt(Event::mask).toArray(),
              events.size());
      List<Long> times = new ArrayList<>();
      for (int step = 0; step < reached; step++) {
        times.add(matcher.time(step));
      }
      assertThat(times)
          .as("%s of %d steps in %d: %s", order, steps, window, events)
          .isEqualTo(reference.best);
    }
  }
}
