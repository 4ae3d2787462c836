package weir.query.insight;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * From when to when; the end is not included.
 *
 * @param from empty for the first event
 * @param to empty for the last event
 */
record TimeRange(Optional<Instant> from, Optional<Instant> to) {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /**
   * Reads {@code from} and {@code to}: RFC 3339, a date (midnight in the zone), or relative to now
   * such as -7d. A range that begins relative to now ends now unless it says otherwise.
   */
  static TimeRange read(RequestFields fields, ZoneId zone, InstantSource clock)
      throws QueryException {
    Optional<String> from = fields.text("from");
    Optional<String> to = fields.text("to");
    Instant now = clock.instant();
    TimeRange range =
        new TimeRange(
            read(fields.path("from"), from, zone, now), read(fields.path("to"), to, zone, now));
    if (range.to.isEmpty() && from.isPresent() && from.get().startsWith("-")) {
      return new TimeRange(range.from, Optional.of(now));
    }
    if (range.from.isPresent()
        && range.to.isPresent()
        && !range.from.get().isBefore(range.to.get())) {
      throw RequestFields.invalid(fields.path("from") + " must be before " + fields.path("to"));
    }
    return range;
  }

  private static Optional<Instant> read(
      String path, Optional<String> text, ZoneId zone, Instant now) throws QueryException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Instant read = moment(path, text.get(), zone, now);
    if (read.isBefore(EARLIEST) || read.isAfter(LATEST)) {
      throw RequestFields.invalid(path + " must be in the years from 1 to 9999");
    }
    return Optional.of(read);
  }

  private static Instant moment(String path, String value, ZoneId zone, Instant now)
      throws QueryException {
    if (value.equals("now")) {
      return now;
    }
    if (value.startsWith("-")) {
      Optional<Duration> back = RequestFields.duration(value.substring(1));
      if (back.isPresent()) {
        return now.minus(back.get());
      }
    }
    try {
      return moment(value, zone);
    } catch (DateTimeParseException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST,
          path + " must be like 2026-01-01T00:00:00Z, 2026-01-01, now or -7d",
          e);
    }
  }

  /** A point in time in RFC 3339, or the beginning of a date in the zone. */
  static Instant moment(String text, ZoneId zone) {
    return text.length() == "2026-01-01".length()
        ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
        : OffsetDateTime.parse(text).toInstant();
  }

  /** SQL conditions on {@code timestamp}; none where there are no bounds. */
  List<String> conditions(Dialect dialect) {
    List<String> conditions = new ArrayList<>();
    from.ifPresent(at -> conditions.add("timestamp >= " + dialect.timestamp(at)));
    to.ifPresent(at -> conditions.add("timestamp < " + dialect.timestamp(at)));
    return conditions;
  }
}
