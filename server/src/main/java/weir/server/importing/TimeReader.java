package weir.server.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.decode.ClientTime;

/** Reads a file's times. */
final class TimeReader {
  private static final Pattern NAMES_ZONE =
      Pattern.compile("(?i).*(z|utc|gmt|\\d[+\u2212-]\\d{2}:?(\\d{2})?)$");

  private final @Nullable DateTimeFormatter formatter;
  private final long nanosPerUnit;
  private final ZoneId zone;

  private TimeReader(@Nullable DateTimeFormatter formatter, long nanosPerUnit, ZoneId zone) {
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
      case "iso", "auto" -> new TimeReader(null, 0, zone);
      case "epoch", "epoch_s" -> new TimeReader(null, 1_000_000_000L, zone);
      case "epoch_ms" -> new TimeReader(null, 1_000_000L, zone);
      case "epoch_us" -> new TimeReader(null, 1_000L, zone);
      case "epoch_ns" -> new TimeReader(null, 1L, zone);
      default -> new TimeReader(pattern(format == null ? "" : format), 0, zone);
    };
  }

  private static DateTimeFormatter pattern(String format) throws UnclearFileException {
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(format)
          .toFormatter(Locale.ENGLISH);
    } catch (IllegalArgumentException e) {
      throw new UnclearFileException(
          "--time-format '"
              + format
              + "' is no pattern ("
              + e.getMessage()
              + "); examples: 'dd/MM/yyyy HH:mm:ss', 'd MMM yyyy HH:mm', epoch_ms");
    }
  }

  /** The instant that a value means; empty if none. */
  Optional<Instant> read(JsonNode value) {
    String text =
        (value.isNumber() ? value.decimalValue().toPlainString() : value.asText()).strip();
    try {
      if (nanosPerUnit != 0) {
        java.math.BigDecimal nanos =
            new java.math.BigDecimal(text).multiply(java.math.BigDecimal.valueOf(nanosPerUnit));
        return Optional.of(Instant.EPOCH.plusNanos(nanos.longValue()));
      }
      return formatter == null ? iso(text) : Optional.of(formatted(formatter, text));
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private Optional<Instant> iso(String text) {
    OptionalLong micros = ClientTime.parse(text);
    if (micros.isEmpty()) {
      return Optional.empty();
    }
    Instant utc = Instant.EPOCH.plus(micros.getAsLong(), ChronoUnit.MICROS);
    boolean written = text.length() >= 8 && text.chars().anyMatch(c -> c == '-' || c == 'T');
    if (!written || NAMES_ZONE.matcher(text.substring(Math.min(10, text.length()))).matches()) {
      return Optional.of(utc);
    }
    return Optional.of(
        LocalDateTime.ofInstant(utc, java.time.ZoneOffset.UTC).atZone(zone).toInstant());
  }

  private Instant formatted(DateTimeFormatter pattern, String text) {
    TemporalAccessor parsed =
        pattern.parseBest(
            text, ZonedDateTime::from, Instant::from, LocalDateTime::from, LocalDate::from);
    return switch (parsed) {
      case ZonedDateTime time -> time.toInstant();
      case Instant time -> time;
      case LocalDateTime time -> time.atZone(zone).toInstant();
      case LocalDate day -> day.atStartOfDay(zone).toInstant();
      default -> throw new DateTimeException("not a time: " + text);
    };
  }
}
