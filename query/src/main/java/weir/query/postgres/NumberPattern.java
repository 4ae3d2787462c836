package weir.query.postgres;

import java.util.Locale;

/**
 * A pattern of {@code to_char} for numbers, as arguments of the function {@code to_char_number}.
 *
 * @param format what the engine's {@code format} writes the digits with
 * @param width of the digits and what is between them
 * @param zeros how many digits before the point there are at least
 * @param fill whether the text is filled up with spaces
 * @param trimmed whether zeros at the end are left out
 */
record NumberPattern(String format, int width, int zeros, boolean fill, boolean trimmed) {
  /** The longest that PostgreSQL takes is about this. */
  private static final int MOST_DIGITS = 60;

  static NumberPattern of(String pattern) {
    String folded = pattern.toUpperCase(Locale.ROOT);
    boolean fill = !folded.startsWith("FM");
    String digits = folded.replaceAll("[^90,.GD]", "").replace('G', ',').replace('D', '.');
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    String fraction = point < 0 ? "" : digits.substring(point + 1).replace(",", "");
    int firstZero = whole.replace(",", "").indexOf('0');
    int zeros = firstZero < 0 ? 0 : whole.replace(",", "").length() - firstZero;
    String format =
        "{:"
            + (whole.contains(",") ? "," : "")
            + "."
            + Math.min(fraction.length(), MOST_DIGITS)
            + "f}";
    return new NumberPattern(
        format,
        Math.min(digits.length(), MOST_DIGITS),
        Math.min(zeros, MOST_DIGITS),
        fill,
        !fill && fraction.endsWith("9"));
  }

  /** The arguments after the number. */
  String arguments() {
    return "'" + format + "', " + width + ", " + zeros + ", " + fill + ", " + trimmed;
  }
}
