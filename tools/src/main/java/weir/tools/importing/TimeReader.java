package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.decode.ClientTime;

/** Reads a file's times. Two of the same format and zone are equal. */
final class TimeReader {
  private static final Pattern NAMES_ZONE =
      Pattern.compile("(?i).*(z|utc|gmt|\\d[+\u2212-]\\d{2}:?(\\d{2})?)$");

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

  /** The instant that a value means; empty if none. */
  Optional<Instant> read(JsonNode value) {
    String text =
        (value.isNumber() ? value.decimalValue().toPlainString() : value.asText()).strip();
    try {
      if (nanosPerUnit != 0) {
        java.math.BigDecimal nanos =
            new java.math.BigDecimal(text).multiply(java.math.BigDecimal.valueOf(nanosPerUnit));
        long exact = nanos.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
        return Optional.of(Instant.EPOCH.plusNanos(exact));
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
