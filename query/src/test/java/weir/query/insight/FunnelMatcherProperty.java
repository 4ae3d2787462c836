package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The matcher against all attempts there are: every order of the events that their times allow, and
 * in each every choice of steps.
 */
final class FunnelMatcherProperty {
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

  @Property(tries = 3_000)
  void theBestAttemptOfOneValueIsTheBestOfAllValues(@ForAll long seed) {
    Random random = new Random(seed);
    FunnelMatcher.Order order =
        FunnelMatcher.Order.values()[random.nextInt(FunnelMatcher.Order.values().length)];
    int steps = 1 + random.nextInt(4);
    int span = 1 + random.nextInt(8);
    long window = 1 + random.nextInt(span + 2);
    int size = 1 + random.nextInt(6);
    List<AllAttempts.Event> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int mask = random.nextInt(3) == 0 ? random.nextInt(1 << steps) : 1 << random.nextInt(steps);
      boolean excludes = order != FunnelMatcher.Order.STRICT && random.nextInt(6) == 0;
      int value = random.nextInt(4) - 1;
      events.add(
          new AllAttempts.Event(
              random.nextInt(span), mask | (excludes ? FunnelMatcher.EXCLUDED : 0), value));
    }
    events.sort((a, b) -> Long.compare(a.time(), b.time()));
    MatchedAttempts attempts =
        new MatchedAttempts(
            new FunnelMatcher(steps, window, order), steps, order, Integer::compare);
    // twice, since one serves many persons
    for (int again = 0; again < 2; again++) {
      int reached =
          attempts.match(
              events.stream().mapToLong(AllAttempts.Event::time).toArray(),
              events.stream().mapToInt(AllAttempts.Event::mask).toArray(),
              events.stream().mapToInt(AllAttempts.Event::value).toArray(),
              size);
      List<Long> times = new ArrayList<>();
      for (int step = 0; step < reached; step++) {
        times.add(attempts.time(step));
      }
      assertThat(times)
          .as("%s of %d steps in %d: %s", order, steps, window, events)
          .isEqualTo(AllAttempts.bestOfOneValue(steps, window, order, events));
    }
  }

  private static void check(long seed, FunnelMatcher.Order order) {
    Random random = new Random(seed);
    int steps = 1 + random.nextInt(4);
    int span = 1 + random.nextInt(8);
    long window = 1 + random.nextInt(span + 2);
    boolean overlapping = random.nextBoolean();
    List<AllAttempts.Event> events = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int mask =
          overlapping
              ? random.nextInt(1 << steps)
              : random.nextInt(8) == 0 ? 0 : 1 << random.nextInt(steps);
      boolean excluded = mask == 0 && order != FunnelMatcher.Order.STRICT;
      events.add(
          new AllAttempts.Event(random.nextInt(span), excluded ? FunnelMatcher.EXCLUDED : mask));
    }
    events.sort((a, b) -> Long.compare(a.time(), b.time()));
    List<Long> best = AllAttempts.best(steps, window, order, events);
    FunnelMatcher matcher = new FunnelMatcher(steps, window, order);
    // twice, since one matcher serves many persons
    for (int i = 0; i < 2; i++) {
      int reached =
          matcher.match(
              events.stream().mapToLong(AllAttempts.Event::time).toArray(),
              events.stream().mapToInt(AllAttempts.Event::mask).toArray(),
              events.size());
      List<Long> times = new ArrayList<>();
      for (int step = 0; step < reached; step++) {
        times.add(matcher.time(step));
      }
      assertThat(times)
          .as("%s of %d steps in %d: %s", order, steps, window, events)
          .isEqualTo(best);
    }
  }
}
