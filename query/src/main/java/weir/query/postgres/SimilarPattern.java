package weir.query.postgres;

/**
 * A pattern of {@code SIMILAR TO} as a regular expression, which the engine takes there: {@code %}
 * and {@code _} stand for any letters and any letter, a backslash takes the meaning from what
 * follows, and what is special in regular expressions alone is not.
 */
final class SimilarPattern {
  private static final String SPECIAL_ELSEWHERE = ".^$\\";

  private SimilarPattern() {}

  static String regular(String pattern) {
    StringBuilder regular = new StringBuilder("(?s)");
    boolean bracket = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        i++;
        escaped(pattern.charAt(i), regular);
      } else if (bracket) {
        bracket = c != ']';
        regular.append(c);
      } else if (c == '%') {
        regular.append(".*");
      } else if (c == '_') {
        regular.append('.');
      } else if (SPECIAL_ELSEWHERE.indexOf(c) >= 0) {
        escaped(c, regular);
      } else {
        bracket = c == '[';
        regular.append(c);
      }
    }
    return regular.toString();
  }

  private static void escaped(char c, StringBuilder regular) {
    if (!Character.isLetterOrDigit(c)) {
      regular.append('\\');
    }
    regular.append(c);
  }
}
