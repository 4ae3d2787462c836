package weir.query.insight;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What questions mean, written down without any thought of speed. */
final class Reference {
  private Reference() {}

  static Instant start(Instant at, Interval unit, ZoneId zone) {
    return start(at, unit, zone, DayOfWeek.MONDAY);
  }

  private static Instant start(Instant at, Interval unit, ZoneId zone, DayOfWeek weekStart) {
    ZonedDateTime local = at.atZone(zone);
    LocalDate date = local.toLocalDate();
    return switch (unit) {
      case MINUTE -> at.minusSeconds(local.getSecond()).minusNanos(local.getNano());
      case HOUR ->
          at.minusSeconds(local.getMinute() * 60L + local.getSecond()).minusNanos(local.getNano());
      case DAY -> date.atStartOfDay(zone).toInstant();
      case WEEK ->
          date.with(TemporalAdjusters.previousOrSame(weekStart)).atStartOfDay(zone).toInstant();
      case MONTH -> date.withDayOfMonth(1).atStartOfDay(zone).toInstant();
    };
  }

  /** Values other than 0 by event and part, and start. */
  static Map<String, TreeMap<Instant, Double>> trend(
      List<Happening> events,
      List<String> names,
      String measure,
      Interval unit,
      boolean parts,
      ZoneId zone) {
    Map<Happening, Integer> sessionOf = new HashMap<>();
    int number = 0;
    for (List<Happening> session : sessions(events, Duration.ofMinutes(30))) {
      number++;
      for (Happening each : session) {
        sessionOf.put(each, number);
      }
    }
    Map<String, Map<Instant, List<Happening>>> groups = new TreeMap<>();
    for (Happening each : events) {
      if (names.contains(each.event())) {
        String part = parts && each.country() != null ? each.country() : "null";
        groups
            .computeIfAbsent(each.event() + "/" + part, key -> new TreeMap<>())
            .computeIfAbsent(start(each.at(), unit, zone), key -> new ArrayList<>())
            .add(each);
      }
    }
    Map<String, TreeMap<Instant, Double>> answer = new TreeMap<>();
    groups.forEach((key, points) ->
        points.forEach((at, group) -> {
          double value = measure(group, measure, sessionOf);
          if (value != 0) {
            answer.computeIfAbsent(key, k -> new TreeMap<>()).put(at, value);
          }
        }));
    return answer;
  }

  private static double measure(
      List<Happening> group, String measure, Map<Happening, Integer> sessionOf) {
    double[] prices =
        group.stream()
            .map(Happening::price)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    return switch (measure) {
      case "total" -> group.size();
      case "persons" ->
          group.stream().map(Happening::person).filter(Objects::nonNull).distinct().count();
      case "sessions" ->
          group.stream().map(sessionOf::get).filter(Objects::nonNull).distinct().count();
      case "sum" -> Arrays.stream(prices).sum();
      case "avg" -> Arrays.stream(prices).average().orElse(0);
      case "min" -> Arrays.stream(prices).min().orElse(0);
      case "max" -> Arrays.stream(prices).max().orElse(0);
      case "median" -> quantile(prices, 0.5);
      case "p95" -> quantile(prices, 0.95);
      case "distinct" -> Arrays.stream(prices).distinct().count();
      default -> throw new AssertionError(measure);
    };
  }

  static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  }

  /** Of each person, in the order of time; events without a person are in none. */
  static List<List<Happening>> sessions(List<Happening> events, Duration timeout) {
    Map<String, List<Happening>> open = new TreeMap<>();
    List<List<Happening>> all = new ArrayList<>();
    for (Happening each : events) {
      if (each.person() == null) {
        continue;
      }
      List<Happening> session = open.get(each.person());
      boolean goesOn =
          session != null
              && Duration.between(session.getLast().at(), each.at()).compareTo(timeout) <= 0;
      if (!goesOn) {
        session = new ArrayList<>();
        open.put(each.person(), session);
        all.add(session);
      }
      Objects.requireNonNull(session).add(each);
    }
    return all;
  }

  /** Cohorts: start to size and returned. */
  static Map<String, String> retention(
      List<Happening> ever,
      List<Happening> events,
      String back,
      Interval unit,
      int periods,
      String mode,
      boolean sunday,
      ZoneId zone) {
    DayOfWeek weekStart = sunday ? DayOfWeek.SUNDAY : DayOfWeek.MONDAY;
    Map<Instant, Set<String>> cohorts = new TreeMap<>();
    for (Happening each : events) {
      if (each.event().equals("a") && each.person() != null && begins(each, ever, mode)) {
        cohorts
            .computeIfAbsent(start(each.at(), unit, zone, weekStart), at -> new TreeSet<>())
            .add(each.person());
      }
    }
    Map<String, String> answer = new TreeMap<>();
    cohorts.forEach((start, persons) -> {
      List<Long> returned = new ArrayList<>();
      Instant from = start;
      for (int i = 0; i < periods; i++) {
        Instant begin = from;
        Instant end = next(begin, unit, zone, weekStart);
        Set<String> came = new HashSet<>();
        for (Happening each : events) {
          boolean later = mode.equals("rolling") || each.at().isBefore(end);
          if ((back.isEmpty() || each.event().equals(back))
              && !each.at().isBefore(begin)
              && later
              && each.person() != null
              && persons.contains(each.person())) {
            came.add(each.person());
          }
        }
        returned.add((long) came.size());
        from = end;
      }
      String name =
          unit == Interval.HOUR ? start.toString() : start.atZone(zone).toLocalDate().toString();
      answer.put(name, persons.size() + " " + returned.toString().replace(" ", ""));
    });
    return answer;
  }

  /** Whether nobody but this event of its person's is the first. */
  private static boolean begins(Happening event, List<Happening> ever, String mode) {
    return !mode.equals("first_time")
        || ever.stream()
            .filter(
                each -> each.event().equals("a") && Objects.equals(event.person(), each.person()))
            .noneMatch(each -> each.at().isBefore(event.at()));
  }

  private static Instant next(Instant start, Interval unit, ZoneId zone, DayOfWeek weekStart) {
    Instant at = start;
    while (start(at, unit, zone, weekStart).equals(start)) {
      at = at.plus(Duration.ofMinutes(30));
    }
    return start(at, unit, zone, weekStart);
  }

  /** Counts by step, from and to. */
  static Map<String, Long> links(
      List<Happening> events,
      String start,
      String end,
      int steps,
      boolean bySession,
      boolean collapse) {
    Duration timeout = bySession ? Duration.ofMinutes(30) : Duration.ofDays(100_000);
    Map<String, Long> links = new TreeMap<>();
    for (List<Happening> session : sessions(events, timeout)) {
      List<String> names = new ArrayList<>();
      for (Happening each : session) {
        if (!collapse || names.isEmpty() || !names.getLast().equals(each.event())) {
          names.add(each.event());
        }
      }
      List<String> path = path(names, start, end, steps);
      for (int i = 1; i < path.size(); i++) {
        links.merge(i + " " + path.get(i - 1) + " " + path.get(i), 1L, Long::sum);
      }
    }
    return links;
  }

  private static List<String> path(List<String> names, String start, String end, int steps) {
    int from = start.isEmpty() ? 0 : names.indexOf(start);
    if (from < 0) {
      return List.of();
    }
    List<String> path = names.subList(from, names.size());
    if (!end.isEmpty()) {
      int skipped = start.isEmpty() ? 0 : 1;
      if (path.size() < skipped) {
        return List.of();
      }
      int to = path.subList(skipped, path.size()).indexOf(end);
      if (to < 0) {
        return List.of();
      }
      path = path.subList(0, to + skipped + 1);
      if (start.isEmpty()) {
        return path.subList(Math.max(0, path.size() - steps), path.size());
      }
    }
    return path.subList(0, Math.min(steps, path.size()));
  }
}
