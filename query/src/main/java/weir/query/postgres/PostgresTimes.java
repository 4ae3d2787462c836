package weir.query.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.event.EpochMicros;

/** Dates and times in PostgreSQL's formats, with infinities and years before Christ. */
public final class PostgresTimes {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final LocalDate EPOCH_DAY = LocalDate.of(2000, 1, 1);

  /** The engine's infinities: the greatest and least numbers of microseconds and days. */
  private static final Instant FOREVER = EpochMicros.instant(Long.MAX_VALUE);

  private static final Instant NEVER = Instant.EPOCH.minus(Long.MAX_VALUE, ChronoUnit.MICROS);
  private static final LocalDate LAST_DAY = LocalDate.ofEpochDay(Integer.MAX_VALUE);
  private static final LocalDate FIRST_DAY = LocalDate.ofEpochDay(-Integer.MAX_VALUE);

  private static final Pattern BEFORE_CHRIST = Pattern.compile("(\\S+)(.*?) BC");

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, java.time.format.SignStyle.NEVER)
          .appendPattern("-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 10, java.time.format.SignStyle.NEVER)
          .appendPattern("-MM-dd")
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter OFFSET =
      new DateTimeFormatterBuilder().appendOffset("+HH:mm:ss", "+00").toFormatter(Locale.ROOT);

  private PostgresTimes() {}

  private static String era(int year) {
    return year <= 0 ? " BC" : "";
  }

  /** Whether a value is one of the infinities that dates and times have. */
  public static boolean isInfinite(Object value) {
    return switch (value) {
      case Instant time -> time.equals(FOREVER) || time.equals(NEVER);
      case OffsetDateTime time -> isInfinite(time.toInstant());
      case LocalDateTime time -> isInfinite(time.toInstant(ZoneOffset.UTC));
      case LocalDate date -> date.equals(LAST_DAY) || date.equals(FIRST_DAY);
      default -> false;
    };
  }

  private static String infinite(boolean forever) {
    return forever ? "infinity" : "-infinity";
  }

  /** A time with the offset that a zone has then. */
  static String text(Instant time, ZoneId zone) {
    if (isInfinite(time)) {
      return infinite(time.equals(FOREVER));
    }
    ZonedDateTime local = time.atZone(zone);
    String offset = OFFSET.format(local);
    String shortened =
        offset.length() == 6 && offset.endsWith(":00") ? offset.substring(0, 3) : offset;
    return DATE_TIME.format(local) + shortened + era(local.getYear());
  }

  /** A time without zone, told as one in UTC. */
  static String text(Instant time) {
    if (isInfinite(time)) {
      return infinite(time.equals(FOREVER));
    }
    LocalDateTime local = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    return DATE_TIME.format(local) + era(local.getYear());
  }

  static String text(LocalDate date) {
    if (isInfinite(date)) {
      return infinite(date.equals(LAST_DAY));
    }
    return DATE.format(date) + era(date.getYear());
  }

  /** Microseconds since 2000. */
  static long binary(Instant time) {
    if (isInfinite(time)) {
      return time.equals(FOREVER) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    return ChronoUnit.MICROS.between(EPOCH, time);
  }

  /** Days since 2000. */
  static int binary(LocalDate date) {
    if (isInfinite(date)) {
      return date.equals(LAST_DAY) ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    }
    return (int) ChronoUnit.DAYS.between(EPOCH_DAY, date);
  }

  /** A date or time of PostgreSQL as the engine reads it. */
  public static String engineText(String text) {
    Matcher before = BEFORE_CHRIST.matcher(text.strip());
    return before.matches() ? before.group(1) + " (BC)" + before.group(2) : text;
  }

  /** Microseconds since 2000 as the engine reads them. */
  public static String engineText(long micros, boolean withZone) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return infinite(micros > 0);
    }
    Instant time = EPOCH.plus(micros, ChronoUnit.MICROS);
    return engineText(withZone ? text(time, ZoneOffset.UTC) : text(time));
  }

  /** Days since 2000 as the engine reads them. */
  public static String engineText(int days) {
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      return infinite(days > 0);
    }
    return engineText(text(EPOCH_DAY.plusDays(days)));
  }
}
