package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.decode.ClientTime;
import weir.event.EpochMicros;

/** Reads a file's times. Two of the same format and zone are equal. */
final class TimeReader {
  private static final Pattern NAMES_ZONE =
      Pattern.compile("(?i).*(z|utc|gmt|\\d[+\u2212-]\\d{2}:?(\\d{2})?)$");

  /** Longer ISO 8601 has a time too. */
  private static final int LONGEST_DAY = "2024-03-31".length();

  private final String format;
  private final @Nullable DateTimeFormatter formatter;
  private final long nanosPerUnit;
  private final ZoneId zone;

  private TimeReader(
      String format, @Nullable DateTimeFormatter formatter, long nanosPerUnit, ZoneId zone) {
    this.format = format;
    this.formatter = formatter;
    this.nanosPerUnit = nanosPerUnit;
    this.zone = zone;
  }

  /**
   * @param format null for ISO 8601 and for numbers since 1970, whose unit their size tells
   * @throws UnclearFileException if there is no such format
   */
  static TimeReader of(@Nullable String format, ZoneId zone) throws UnclearFileException {
    String name = format == null ? "iso" : format.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "iso", "auto" -> new TimeReader("", null, 0, zone);
      case "epoch", "epoch_s" -> new TimeReader(name, null, 1_000_000_000L, zone);
      case "epoch_ms" -> new TimeReader(name, null, 1_000_000L, zone);
      case "epoch_us" -> new TimeReader(name, null, 1_000L, zone);
      case "epoch_ns" -> new TimeReader(name, null, 1L, zone);
      default -> {
        String pattern = format == null ? "" : format;
        yield new TimeReader(pattern, pattern(pattern), 0, zone);
      }
    };
  }

  private static DateTimeFormatter pattern(String format) throws UnclearFileException {
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(format)
          .parseDefaulting(ChronoField.ERA, 1) // a yyyy is one of our era
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT); // else 31.02. would be the 28th
    } catch (IllegalArgumentException e) {
      throw new UnclearFileException(
          "--time-format '"
              + format
              + "' is no pattern ("
              + e.getMessage()
              + "); examples: 'dd/MM/yyyy HH:mm:ss', 'd MMM yyyy HH:mm', epoch_ms");
    }
  }

  /**
   * The instant that a value means; empty if none. Of two that have the same local time, it is the
   * earlier.
   */
  Optional<Instant> read(JsonNode value) {
    try {
      return Optional.of(instant(value));
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Why a value means no instant, to be followed by the value. */
  String problem(JsonNode value) {
    try {
      return "is " + instant(value);
    } catch (SkippedTimeException e) {
      return "does not exist in " + e.getMessage() + ", whose clocks were put forward";
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return "is no time";
    }
  }

  /** A local time, or a day, that a zone's clocks never showed; the message is the zone. */
  private static final class SkippedTimeException extends DateTimeException {
    private static final long serialVersionUID = 1L;

    SkippedTimeException(ZoneId zone) {
      super(zone.getId());
    }
  }

  private Instant instant(JsonNode value) {
    String text =
        (value.isNumber() ? value.decimalValue().toPlainString() : value.asText()).strip();
    if (nanosPerUnit != 0) {
      BigDecimal nanos = new BigDecimal(text).multiply(BigDecimal.valueOf(nanosPerUnit));
      return Instant.EPOCH.plusNanos(nanos.setScale(0, RoundingMode.FLOOR).longValueExact());
    }
    return formatter == null ? iso(text) : formatted(formatter, text);
  }

  private Instant iso(String text) {
    OptionalLong micros = ClientTime.parse(text);
    if (micros.isEmpty()) {
      throw new DateTimeException("not a time");
    }
    Instant utc = EpochMicros.instant(micros.getAsLong());
    boolean written = text.length() >= 8 && text.chars().anyMatch(c -> c == '-' || c == 'T');
    if (!written || NAMES_ZONE.matcher(text.substring(Math.min(10, text.length()))).matches()) {
      return utc;
    }
    LocalDateTime local = LocalDateTime.ofInstant(utc, ZoneOffset.UTC);
    return text.length() <= LONGEST_DAY
        ? start(local.toLocalDate())
        : inZone(local, local.atZone(zone));
  }

  private Instant formatted(DateTimeFormatter pattern, String text) {
    TemporalAccessor parsed =
        pattern.parseBest(
            text, ZonedDateTime::from, Instant::from, LocalDateTime::from, LocalDate::from);
    return switch (parsed) {
      case ZonedDateTime time -> inZone(LocalDateTime.from(pattern.parse(text)), time);
      case Instant time -> time;
      case LocalDateTime time -> inZone(time, time.atZone(zone));
      case LocalDate day -> start(day);
      default -> throw new DateTimeException("not a time: " + text);
    };
  }

  /** The instant of a local time, which Java moves where there is no such one. */
  private static Instant inZone(LocalDateTime local, ZonedDateTime time) {
    if (!time.toLocalDateTime().equals(local)) {
      throw new SkippedTimeException(time.getZone());
    }
    return time.toInstant();
  }

  /** A day begins with its first time, which need not be midnight. */
  private Instant start(LocalDate day) {
    ZonedDateTime start = day.atStartOfDay(zone);
    if (!start.toLocalDate().equals(day)) {
      throw new SkippedTimeException(zone);
    }
    return start.toInstant();
  }

  /** How times are understood, in words. */
  String describe() {
    String how =
        formatter != null
            ? "as " + format
            : nanosPerUnit != 0 ? "as " + format : "as ISO 8601, or a number since 1970";
    return nanosPerUnit != 0 ? how : how + ", in " + zone.getId() + " where they name no zone";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeReader reader
        && reader.format.equals(format)
        && reader.zone.equals(zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(format, zone);
  }
}
