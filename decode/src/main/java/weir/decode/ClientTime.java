package weir.decode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Reads event times as clients write them: ISO 8601 in its usual variants, or a number of seconds,
 * milliseconds, microseconds or nanoseconds since the epoch, told apart by its size.
 */
public final class ClientTime {
  private static final long MICROS = 1_000_000;
  private static final double SECONDS_BELOW = 1e11;
  private static final double MILLIS_BELOW = 1e14;
  private static final double MICROS_BELOW = 1e17;
  private static final double NANOS_BELOW = 9e18;

  /** So many, a sign among them, are a whole number that a double holds; a long is read faster. */
  private static final int EXACT_DIGITS = 15;

  private final String text;
  private int at;

  private ClientTime(String text) {
    this.text = text;
  }

  /** Microseconds since the epoch; without a zone the time is UTC. Empty if it is not a time. */
  public static OptionalLong parse(String text) {
    String stripped = text.strip();
    try {
      if (isNumber(stripped)) {
        return ofNumber(
            stripped.length() <= EXACT_DIGITS && stripped.indexOf('.') < 0
                ? Long.parseLong(stripped)
                : Double.parseDouble(stripped));
      }
      return OptionalLong.of(new ClientTime(stripped).iso());
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Microseconds since the epoch of a number that says not what it counts. */
  static OptionalLong ofNumber(double number) {
    double size = Math.abs(number);
    if (size < SECONDS_BELOW) {
      return OptionalLong.of(Math.round(number * 1e6));
    }
    if (size < MILLIS_BELOW) {
      return OptionalLong.of(Math.round(number * 1e3));
    }
    if (size < MICROS_BELOW) {
      return OptionalLong.of(Math.round(number));
    }
    return size < NANOS_BELOW ? OptionalLong.of(Math.round(number / 1e3)) : OptionalLong.empty();
  }

  /** Digits, but not the eight of a date such as 20260131, and at most one point. */
  private static boolean isNumber(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int points = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        points++;
      } else if (c < '0' || c > '9') {
        return false;
      }
    }
    int length = text.length() - start;
    return points <= 1 && length > points && length <= 30 && (length != 8 || points == 1);
  }

  private long iso() {
    int year = digits(4);
    boolean extended = skip('-');
    int month = digits(2);
    if (extended && !skip('-')) {
      throw broken();
    }
    long days = LocalDate.of(year, month, digits(2)).toEpochDay();
    if (at == text.length()) {
      return Math.multiplyExact(days, 86_400 * MICROS);
    }
    if (!skip('T') && !skip('t') && !skip(' ')) {
      throw broken();
    }
    long micros = days * 86_400 * MICROS + timeOfDay();
    skip(' ');
    long offsetSeconds = zone();
    if (at != text.length()) {
      throw broken();
    }
    return micros - offsetSeconds * MICROS;
  }

  private long timeOfDay() {
    int hour = digits(2);
    boolean extended = skip(':');
    int minute = 0;
    int second = 0;
    long fraction = 0;
    if (extended || isDigit()) {
      minute = digits(2);
      if (extended ? skip(':') : isDigit()) {
        second = digits(2);
        if (skip('.') || skip(',')) {
          fraction = fraction();
        }
      }
    }
    boolean endOfDay = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if ((hour > 23 && !endOfDay) || minute > 59 || second > 60) {
      throw broken();
    }
    return (hour * 3600L + minute * 60L + second) * MICROS + fraction;
  }

  private long fraction() {
    if (!isDigit()) {
      throw broken();
    }
    long micros = 0;
    for (int place = 100_000; isDigit(); place /= 10) {
      micros += (long) place * (text.charAt(at++) - '0');
    }
    return micros;
  }

  private long zone() {
    if (at == text.length() || skip('Z') || skip('z')) {
      return 0;
    }
    if (text.startsWith("UTC", at) || text.startsWith("GMT", at)) {
      at += 3;
      return 0;
    }
    boolean west = skip('-') || skip('\u2212');
    if (!west && !skip('+')) {
      throw broken();
    }
    int hours = digits(2);
    int minutes = skip(':') || isDigit() ? digits(2) : 0;
    if (hours > 18 || minutes > 59) {
      throw broken();
    }
    long seconds = hours * 3600L + minutes * 60L;
    return west ? -seconds : seconds;
  }

  private int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      if (!isDigit()) {
        throw broken();
      }
      value = value * 10 + (text.charAt(at++) - '0');
    }
    return value;
  }

  private boolean isDigit() {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private DateTimeException broken() {
    return new DateTimeException("not a time at character " + at);
  }
}
