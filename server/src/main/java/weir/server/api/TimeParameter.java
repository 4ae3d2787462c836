package weir.server.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a point in time as the API takes it: RFC 3339, or relative to now ({@code -7d}). */
final class TimeParameter {
  private static final Pattern RELATIVE = Pattern.compile("-(\\d{1,9})(ms|s|m|h|d|w)");

  private TimeParameter() {}

  /**
   * Reads a parameter.
   *
   * @param absent the answer if there is no text
   * @throws ApiError.Thrown if it is neither
   */
  static Instant parse(String name, @Nullable String text, Instant now, Instant absent) {
    if (text == null || text.isEmpty()) {
      return absent;
    }
    Matcher relative = RELATIVE.matcher(text);
    try {
      if (relative.matches()) {
        return now.minus(unit(relative.group(2)).multipliedBy(Long.parseLong(relative.group(1))));
      }
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException | ArithmeticException e) {
      String message = name + " must be RFC 3339 or relative such as -7d, not '" + text + "'";
      throw new ApiError.Thrown(new ApiError(400, "invalid_time", message));
    }
  }

  /** How long one of a unit is: ms, s, m, h, d, else a week. */
  static Duration unit(String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> Duration.ofDays(7);
    };
  }
}
