package weir.query.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of {@code to_char} and {@code to_timestamp} told as one of {@code strftime}. What that
 * does not have is a mark, a letter after {@link #MARK}, which the function {@code to_char_marked}
 * fills in.
 *
 * @param text the pattern for the engine
 * @param marked whether it has marks
 */
record DatePattern(String text, boolean marked) {
  static final char MARK = '\u0001';

  private record Part(String name, String text) {
    boolean isMarked() {
      return text.charAt(0) == MARK;
    }
  }

  /** Longer ones first; those of one length differ in case alone or not at all. */
  private static final List<Part> PARTS =
      List.of(
          new Part("SSSSS", MARK + "Z"),
          new Part("HH24", "%H"),
          new Part("HH12", "%I"),
          new Part("IYYY", "%G"),
          new Part("YYYY", "%Y"),
          new Part("SSSS", MARK + "Z"),
          new Part("DDD", "%j"),
          new Part("FF3", "%g"),
          new Part("FF6", "%f"),
          new Part("TZH", "%z"),
          new Part("HH", "%I"),
          new Part("MI", "%M"),
          new Part("SS", "%S"),
          new Part("MS", "%g"),
          new Part("US", "%f"),
          new Part("MM", "%m"),
          new Part("DD", "%d"),
          new Part("YY", "%y"),
          new Part("IW", "%V"),
          new Part("ID", "%u"),
          new Part("WW", MARK + "R"),
          new Part("CC", MARK + "V"),
          new Part("OF", "%z"),
          new Part("TZ", "%Z"),
          new Part("AM", "%p"),
          new Part("PM", "%p"),
          new Part("J", MARK + "Y"),
          new Part("Q", MARK + "Q"),
          new Part("W", MARK + "S"),
          new Part("D", MARK + "T"));

  private static final Pattern UNKNOWN =
      Pattern.compile("TZM|Y,YYY|(?i:(?<=DD|MI|SS|MM|YY|HH|12|24|\\bD|W|Q|J)TH|(?<![a-z])RM)");

  /** Names of months and days: as they are written, padded or not, and how strptime reads them. */
  private static final Map<String, List<String>> NAMES =
      Map.ofEntries(
          Map.entry("Month", List.of(MARK + "C", "%B", "%B")),
          Map.entry("MONTH", List.of(MARK + "D", MARK + "A", "%B")),
          Map.entry("month", List.of(MARK + "E", MARK + "B", "%B")),
          Map.entry("Day", List.of(MARK + "J", "%A", "%A")),
          Map.entry("DAY", List.of(MARK + "K", MARK + "H", "%A")),
          Map.entry("day", List.of(MARK + "L", MARK + "I", "%A")),
          Map.entry("Mon", List.of("%b", "%b", "%b")),
          Map.entry("MON", List.of(MARK + "F", MARK + "F", "%b")),
          Map.entry("mon", List.of(MARK + "G", MARK + "G", "%b")),
          Map.entry("Dy", List.of("%a", "%a", "%a")),
          Map.entry("DY", List.of(MARK + "O", MARK + "O", "%a")),
          Map.entry("dy", List.of(MARK + "P", MARK + "P", "%a")),
          Map.entry("am", List.of(MARK + "U", MARK + "U", "%p")),
          Map.entry("pm", List.of(MARK + "U", MARK + "U", "%p")));

  private static final List<String> NAMES_IN_ORDER =
      List.of(
          "Month", "MONTH", "month", "Day", "DAY", "day", "Mon", "MON", "mon", "Dy", "DY", "dy",
          "am", "pm");

  /**
   * Translates a pattern.
   *
   * @param reads whether times are read by it, not written
   */
  static DatePattern of(String pattern, boolean reads) {
    StringBuilder text = new StringBuilder();
    boolean marked = false;
    int at = 0;
    while (at < pattern.length()) {
      if (pattern.charAt(at) == '"') {
        int end = pattern.indexOf('"', at + 1);
        end = end < 0 ? pattern.length() : end;
        text.append(literal(pattern.substring(at + 1, end)));
        at = end + 1;
        continue;
      }
      boolean filled =
          !pattern.regionMatches(true, at, "FM", 0, 2) && !pattern.startsWith("TM", at);
      at += filled ? 0 : 2;
      Optional<Part> part = name(pattern, at, reads, filled).or(() -> Optional.empty());
      if (part.isEmpty()) {
        part = number(pattern, at, filled);
      }
      if (part.isPresent()) {
        text.append(part.get().text());
        marked |= part.get().isMarked();
        at += part.get().name().length();
      } else if (at < pattern.length()) {
        text.append(literal(pattern.substring(at, at + 1)));
        at++;
      }
    }
    return new DatePattern(text.toString(), marked);
  }

  private static Optional<Part> name(String pattern, int at, boolean reads, boolean filled) {
    return NAMES_IN_ORDER.stream()
        .filter(name -> pattern.startsWith(name, at))
        .map(name -> {
          List<String> ways = NAMES.getOrDefault(name, List.of());
          return new Part(name, ways.get(reads ? 2 : filled ? 0 : 1));
        })
        .findFirst();
  }

  private static Optional<Part> number(String pattern, int at, boolean filled) {
    return PARTS.stream()
        .filter(part -> pattern.regionMatches(true, at, part.name(), 0, part.name().length()))
        .map(part ->
            filled || part.isMarked() || !"dmHIMSj".contains(part.text().substring(1))
                ? part
                : new Part(part.name(), "%-" + part.text().substring(1)))
        .findFirst();
  }

  private static String literal(String text) {
    return text.replace("%", "%%");
  }

  /** A part of a pattern that has a meaning in PostgreSQL, and none here. */
  static Optional<String> unknown(String pattern) {
    Matcher matcher = UNKNOWN.matcher(pattern.replaceAll("\"[^\"]*\"?", ""));
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  /** Whether a pattern is one of numbers. */
  static boolean isNumeric(String pattern) {
    return pattern
        .toUpperCase(Locale.ROOT)
        .matches("(FM)?[SL$]?[90,.GD ]*[90][90,.GD ]*(S|MI|PR|%)?");
  }
}
