package weir.server.postgres;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of time zones as PostgreSQL reads them. */
final class TimeZones {
  private static final Pattern HOURS = Pattern.compile("[+-]?\\d{1,2}(\\.\\d+)?");
  private static final Pattern CLOCK = Pattern.compile("([+-])(\\d{1,2}):(\\d{2})(?::\\d{2})?");

  /** Hours west of Greenwich after an abbreviation, as POSIX counts them. */
  private static final Pattern POSIX =
      Pattern.compile("(?:[A-Za-z]{3,}|<[^>]+>)([+-]?)(\\d{1,2})(?::(\\d{2}))?");

  private static final int MOST_SECONDS = 18 * 3600;

  private TimeZones() {}

  /** The zone as Java and the engine name it; empty if there is none of this name. */
  static Optional<String> find(String name) {
    String plain = name.strip();
    Matcher clock = CLOCK.matcher(plain);
    Matcher posix = POSIX.matcher(plain);
    if (HOURS.matcher(plain).matches()) {
      return offset(new BigDecimal(plain).multiply(BigDecimal.valueOf(3600)).intValue());
    } else if (clock.matches()) {
      return offset(sign(clock.group(1)) * seconds(clock.group(2), clock.group(3)));
    }
    Optional<String> known =
        ZoneId.getAvailableZoneIds().stream()
            .filter(id -> id.equalsIgnoreCase(plain) && !id.startsWith("SystemV/"))
            .findFirst();
    if (known.isPresent() || !posix.matches()) {
      return known;
    }
    return offset(-sign(posix.group(1)) * seconds(posix.group(2), posix.group(3)));
  }

  private static int sign(String sign) {
    return sign.equals("-") ? -1 : 1;
  }

  private static int seconds(String hours, @Nullable String minutes) {
    return Integer.parseInt(hours) * 3600 + (minutes == null ? 0 : Integer.parseInt(minutes) * 60);
  }

  private static Optional<String> offset(int seconds) {
    int minutes = Math.abs(seconds) / 60;
    if (Math.abs(seconds) > MOST_SECONDS) {
      return Optional.empty();
    } else if (minutes == 0) {
      return Optional.of("UTC");
    }
    return Optional.of(
        String.format(
            Locale.ROOT, "GMT%s%02d:%02d", seconds < 0 ? "-" : "+", minutes / 60, minutes % 60));
  }
}
