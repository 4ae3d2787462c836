package weir.tools.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The calls that the visitors of a scene make. What happens on a day of the past is the same
 * whenever it is asked for, ids too. Used by one thread.
 */
public final class Traffic {
  private static final Duration DAY_LIVE = Duration.ofMinutes(10);
  private static final int LIVE_VISITS = 30;
  private static final double LEAST_BUSY = 0.1;

  private final Scene scene;
  private final SplittableRandom random;
  private final List<Visit> visits = new ArrayList<>();

  /**
   * @param seed of what happens live
   */
  public Traffic(Scene scene, long seed) {
    this.scene = scene;
    this.random = new SplittableRandom(seed);
  }

  private record Timed(Instant at, ObjectNode call) {}

  /**
   * The calls of one day, in order of time, as far as they lie before a moment.
   *
   * @param visitsADay how many on an ordinary day; at weekends a third more
   */
  public static void day(
      Scene scene, LocalDate day, int visitsADay, Instant before, Consumer<ObjectNode> calls) {
    SplittableRandom random = new SplittableRandom(day.toEpochDay() * 1_000_003L + scene.salt());
    int count = day.getDayOfWeek().getValue() >= 6 ? visitsADay * 4 / 3 : visitsADay;
    List<Timed> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Visit visit = scene.visit(random);
      Instant at = day.atTime(timeOfDay(scene, random)).toInstant(ZoneOffset.UTC);
      while (!visit.isOver()) {
        for (ObjectNode call : visit.step(at)) {
          all.add(new Timed(at, call));
        }
        at = at.plusSeconds(visit.pause());
      }
    }
    all.sort(Comparator.comparing(Timed::at));
    all.stream().filter(each -> each.at().isBefore(before)).map(Timed::call).forEach(calls);
  }

  private static LocalTime timeOfDay(Scene scene, SplittableRandom random) {
    while (true) {
      double ofDay = random.nextDouble();
      if (random.nextDouble() < scene.busy(ofDay)) {
        return LocalTime.ofNanoOfDay((long) (ofDay * 86_400_000_000_000L));
      }
    }
  }

  /**
   * How much of the full speed there is now: a day of the scene passes in ten minutes, and even at
   * night somebody is there.
   */
  public double busyNow(Instant now) {
    double ofDay = (double) (now.toEpochMilli() % DAY_LIVE.toMillis()) / DAY_LIVE.toMillis();
    return Math.max(LEAST_BUSY, scene.busy(ofDay));
  }

  /**
   * What one of the visitors does next, who are there at a time. Now and then a call comes twice,
   * or is one that cannot be an event.
   */
  public List<ObjectNode> next(Instant now) {
    while (visits.size() < LIVE_VISITS) {
      visits.add(scene.visit(random));
    }
    Visit visit = visits.get(random.nextInt(visits.size()));
    List<ObjectNode> calls = visit.step(now);
    visits.removeIf(Visit::isOver);
    if (random.nextInt(300) == 0) {
      calls.add(calls.getFirst().deepCopy());
    }
    if (random.nextInt(400) == 0) {
      calls.add(
          calls
              .getFirst()
              .deepCopy()
              .put("messageId", "odd-" + random.nextLong())
              .put("timestamp", "yesterday, about noon"));
    }
    return calls;
  }
}
