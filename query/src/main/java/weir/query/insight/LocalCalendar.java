package weir.query.insight;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The minutes, hours, days, weeks or months of a time zone, numbered from some origin.
 *
 * <p>Days and longer are found from local dates, so that a day may have 23 or 25 hours. Hours are
 * hours of the clock in which no hour is longer than another: the one that is repeated in autumn
 * counts twice.
 */
final class LocalCalendar {
  /** No event is earlier than the second of these. */
  private static final Instant FIRST = Instant.parse("1999-12-31T00:00:00Z");

  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  /** No event is further ahead of its arrival. */
  private static final Duration AHEAD = Duration.ofDays(2);

  private static final int DAYS_TO_MONDAY = 3;
  private static final int DAYS_TO_SUNDAY = 4;

  private final Interval unit;
  private final ZoneId zone;
  private final DayOfWeek weekStart;

  LocalCalendar(Interval unit, ZoneId zone, DayOfWeek weekStart) {
    this.unit = unit;
    this.zone = zone;
    this.weekStart = weekStart;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LocalCalendar calendar
        && unit == calendar.unit
        && zone.equals(calendar.zone)
        && weekStart == calendar.weekStart;
  }

  @Override
  public int hashCode() {
    return Objects.hash(unit, zone, weekStart);
  }

  /**
   * The number of the unit that a point in time lies in, in SQL: a whole number.
   *
   * @param range that all points in time lie in
   */
  String number(Dialect dialect, String timestamp, TimeRange range, Instant now) {
    String local = dialect.epochMicros(timestamp);
    String shift = shift(dialect, timestamp, range, now);
    if (!shift.equals("0")) {
      local += " + " + shift;
    }
    return switch (unit) {
      case MINUTE -> units(local, Duration.ofMinutes(1));
      case HOUR -> units(local, Duration.ofHours(1));
      case DAY -> units(local, Duration.ofDays(1));
      case WEEK -> units(local + " + " + micros(Duration.ofDays(daysToWeek())), Duration.ofDays(7));
      case MONTH -> dialect.monthOfDay(units(local, Duration.ofDays(1)));
    };
  }

  private static String units(String micros, Duration unit) {
    return "CAST(floor((" + micros + ") / " + micros(unit) + ".0) AS BIGINT)";
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1_000;
  }

  /** Microseconds by which the zone's units begin before those of UTC, the latest first. */
  private String shift(Dialect dialect, String timestamp, TimeRange range, Instant now) {
    Instant from = range.from().orElse(FIRST);
    Instant until = range.to().orElse(now.plus(AHEAD));
    StringBuilder cases = new StringBuilder();
    long last = shiftSeconds(from);
    long first = last;
    for (Instant change : changes(from, until)) {
      long after = shiftSeconds(change);
      if (after != last) {
        String when =
            " WHEN "
                + timestamp
                + " >= "
                + dialect.timestamp(change)
                + " THEN "
                + after * 1_000_000;
        cases.insert(0, when);
        last = after;
      }
    }
    return cases.isEmpty()
        ? Long.toString(first * 1_000_000)
        : "CASE" + cases + " ELSE " + first * 1_000_000 + " END";
  }

  private List<Instant> changes(Instant from, Instant until) {
    List<Instant> changes = new ArrayList<>();
    ZoneOffsetTransition next = zone.getRules().nextTransition(from);
    while (next != null && next.getInstant().isBefore(until)) {
      changes.add(next.getInstant());
      next = zone.getRules().nextTransition(next.getInstant());
    }
    return changes;
  }

  private long shiftSeconds(Instant at) {
    int offset = zone.getRules().getOffset(at).getTotalSeconds();
    return switch (unit) {
      case MINUTE -> 0;
      case HOUR -> Math.floorMod(offset, 3_600);
      default -> offset;
    };
  }

  private int daysToWeek() {
    return weekStart == DayOfWeek.SUNDAY ? DAYS_TO_SUNDAY : DAYS_TO_MONDAY;
  }

  /** What numbers many points in time. */
  CalendarCounter counter() {
    List<Instant> changes = new ArrayList<>(changes(FIRST, LAST));
    changes.addFirst(FIRST);
    long[] at = changes.stream().mapToLong(Counting::micros).toArray();
    long ofWeek = unit == Interval.WEEK ? micros(Duration.ofDays(daysToWeek())) : 0;
    long[] shifts =
        changes.stream().mapToLong(change -> shiftSeconds(change) * 1_000_000 + ofWeek).toArray();
    at[0] = Long.MIN_VALUE;
    Duration length =
        switch (unit) {
          case MINUTE -> Duration.ofMinutes(1);
          case HOUR -> Duration.ofHours(1);
          case DAY, MONTH -> Duration.ofDays(1);
          case WEEK -> Duration.ofDays(7);
        };
    return new CalendarCounter(at, shifts, micros(length), unit == Interval.MONTH);
  }

  /** The number of the unit that a point in time lies in. */
  long number(Instant at) {
    return switch (unit) {
      case MINUTE -> Math.floorDiv(at.getEpochSecond(), 60);
      case HOUR -> Math.floorDiv(at.getEpochSecond() + shiftSeconds(at), 3_600);
      case DAY -> at.atZone(zone).toLocalDate().toEpochDay();
      case WEEK -> Math.floorDiv(at.atZone(zone).toLocalDate().toEpochDay() + daysToWeek(), 7L);
      case MONTH -> {
        LocalDate date = at.atZone(zone).toLocalDate();
        yield 12L * (date.getYear() - 1970) + date.getMonthValue() - 1;
      }
    };
  }

  /** When a unit begins. */
  Instant start(long number) {
    return switch (unit) {
      case MINUTE -> Instant.ofEpochSecond(number * 60);
      case HOUR -> {
        Instant utc = Instant.ofEpochSecond(number * 3_600);
        yield utc.minusSeconds(shiftSeconds(utc));
      }
      default -> date(number).orElseThrow().atStartOfDay(zone).toInstant();
    };
  }

  /** The first date of a day, week or month. */
  Optional<LocalDate> date(long number) {
    return switch (unit) {
      case MINUTE, HOUR -> Optional.empty();
      case DAY -> Optional.of(LocalDate.ofEpochDay(number));
      case WEEK -> Optional.of(LocalDate.ofEpochDay(number * 7 - daysToWeek()));
      case MONTH ->
          Optional.of(
              LocalDate.of(
                  (int) (1970 + Math.floorDiv(number, 12L)),
                  (int) Math.floorMod(number, 12L) + 1,
                  1));
    };
  }
}
