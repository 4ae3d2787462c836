package weir.lake.stored;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the type of a CSV column of all its values: the narrowest one that holds each as it is
 * written. Dates and times are such only in ISO 8601: what 01/02/2026 means, nobody can tell.
 * Digits after a zero stay text, and so do numbers that a double would round.
 */
final class CsvColumnType {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,18})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,3})?");
  private static final int EXACT_DIGITS = 15;
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)"
              + "([T ](\\d\\d:\\d\\d(:\\d\\d)?)(\\.\\d{1,9})?(Z|[+-]\\d\\d(:?\\d\\d)?)?)?");
  private static final Pattern TIME = Pattern.compile("(\\d\\d:\\d\\d:\\d\\d)(\\.\\d{1,6})?");

  private enum Kind {
    NOTHING("VARCHAR"),
    BOOLEAN("BOOLEAN"),
    INTEGER("BIGINT"),
    NUMBER("DOUBLE"),
    DATE("DATE"),
    TIME("TIME"),
    LOCAL("TIMESTAMP"),
    ZONED("TIMESTAMP WITH TIME ZONE"),
    TEXT("VARCHAR");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private Kind kind = Kind.NOTHING;
  private boolean exactAsDouble = true;

  /** Takes another value into account; an empty one is none. */
  void add(String value) {
    if (kind == Kind.TEXT) {
      return;
    }
    String text = value.strip();
    if (text.isEmpty()) {
      return;
    }
    Kind one = of(text);
    if (one == Kind.INTEGER || one == Kind.NUMBER) {
      exactAsDouble = exactAsDouble && isExact(text);
    }
    kind = kind == Kind.NOTHING ? one : together(kind, one);
  }

  private static Kind together(Kind a, Kind b) {
    if (a == b) {
      return a;
    }
    return isPair(a, b, Kind.INTEGER, Kind.NUMBER)
        ? Kind.NUMBER
        : isPair(a, b, Kind.DATE, Kind.LOCAL) ? Kind.LOCAL : Kind.TEXT;
  }

  private static boolean isPair(Kind a, Kind b, Kind one, Kind other) {
    return a == one && b == other || a == other && b == one;
  }

  private static Kind of(String text) {
    char first = text.charAt(0);
    if (first == '-' || first >= '0' && first <= '9') {
      if (INTEGER.matcher(text).matches() && isLong(text)) {
        return Kind.INTEGER;
      }
      return NUMBER.matcher(text).matches() ? Kind.NUMBER : time(text);
    }
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
        ? Kind.BOOLEAN
        : Kind.TEXT;
  }

  private static Kind time(String text) {
    try {
      Matcher stamp = TIMESTAMP.matcher(text);
      if (stamp.matches()) {
        LocalDate.parse(stamp.group(1));
        if (stamp.group(3) == null) {
          return Kind.DATE;
        }
        LocalTime.parse(stamp.group(3));
        return stamp.group(6) == null ? Kind.LOCAL : Kind.ZONED;
      }
      Matcher time = TIME.matcher(text);
      if (time.matches()) {
        LocalTime.parse(time.group(1));
        return Kind.TIME;
      }
      return Kind.TEXT;
    } catch (DateTimeException e) {
      return Kind.TEXT; // such as the 31st of February
    }
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isExact(String text) {
    if (text.length() <= EXACT_DIGITS && text.indexOf('e') < 0 && text.indexOf('E') < 0) {
      return true;
    }
    BigDecimal value = new BigDecimal(text);
    double nearest = value.doubleValue();
    return Double.isFinite(nearest)
        && new BigDecimal(Double.toString(nearest)).compareTo(value) == 0;
  }

  /** DuckDB's name of the type. */
  String duckDb() {
    return kind == Kind.NUMBER && !exactAsDouble ? Kind.TEXT.type : kind.type;
  }
}
