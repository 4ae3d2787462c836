package weir.query.postgres;

import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time.
 *
 * @param months which are no fixed number of days
 * @param days which are no fixed number of hours
 * @param micros microseconds
 */
public record PostgresInterval(int months, int days, long micros) {
  private static final Pattern UNIT = Pattern.compile("(-?\\d+) (year|month|day)s?");
  private static final Pattern CLOCK =
      Pattern.compile("(-?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?");
  private static final long SECOND = 1_000_000;

  /** What the engine's text of an interval says. */
  static PostgresInterval parse(String text) {
    int months = 0;
    int days = 0;
    long micros = 0;
    Matcher unit = UNIT.matcher(text);
    while (unit.find()) {
      int number = Integer.parseInt(unit.group(1));
      switch (unit.group(2)) {
        case "year" -> months += 12 * number;
        case "month" -> months += number;
        default -> days += number;
      }
    }
    Matcher clock = CLOCK.matcher(text);
    if (clock.find()) {
      String fraction = clock.group(5) == null ? "" : clock.group(5);
      micros =
          ((Long.parseLong(clock.group(2)) * 60 + Long.parseLong(clock.group(3))) * 60
                      + Long.parseLong(clock.group(4)))
                  * SECOND
              + Long.parseLong(fraction + "000000".substring(fraction.length()));
      micros = clock.group(1).isEmpty() ? micros : -micros;
    }
    return new PostgresInterval(months, days, micros);
  }

  /** As PostgreSQL writes it, such as {@code 1 year 2 mons -3 days +04:05:06.7}. */
  String text() {
    StringBuilder text = new StringBuilder();
    boolean negative = unit(text, months / 12, "year", false);
    negative = unit(text, months % 12, "mon", negative);
    negative = unit(text, days, "day", negative);
    if (micros != 0 || text.isEmpty()) {
      long size = Math.abs(micros);
      long seconds = size / SECOND;
      text.append(text.isEmpty() ? "" : " ").append(micros < 0 ? "-" : negative ? "+" : "");
      text.append("%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60));
      if (size % SECOND != 0) {
        text.append("%07.6f".formatted(size % SECOND / 1e6).substring(1).replaceAll("0+$", ""));
      }
    }
    return text.toString();
  }

  /** A part after a negative one bears its sign. */
  private static boolean unit(StringBuilder text, int number, String name, boolean afterNegative) {
    if (number == 0) {
      return afterNegative;
    }
    text.append(text.isEmpty() ? "" : " ").append(afterNegative && number > 0 ? "+" : "");
    text.append(number).append(' ').append(name).append(number == 1 ? "" : "s");
    return number < 0;
  }

  byte[] binary() {
    return ByteBuffer.allocate(16).putLong(micros).putInt(days).putInt(months).array();
  }

  /** A binary interval as the engine reads it. */
  public static String engineText(ByteBuffer binary) {
    long micros = binary.getLong();
    int days = binary.getInt();
    int months = binary.getInt();
    return months + " months " + days + " days " + micros + " microseconds";
  }
}
