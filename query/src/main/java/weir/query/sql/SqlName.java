package weir.query.sql;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Names as the engine compares them: ASCII letters without regard to case, all others exactly as
 * they are. Java folds more, such as the Kelvin sign to k, and would take two names for one that
 * are two to the engine.
 */
public final class SqlName {
  private SqlName() {}

  /** The one spelling of all names that are the same to the engine. */
  public static String fold(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (isUpper(name.charAt(i))) {
        return folded(name, i);
      }
    }
    return name;
  }

  private static String folded(String name, int from) {
    char[] letters = name.toCharArray();
    for (int i = from; i < letters.length; i++) {
      if (isUpper(letters[i])) {
        letters[i] += 'a' - 'A';
      }
    }
    return new String(letters);
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** Whether two names are the same to the engine. */
  static boolean same(String one, String other) {
    return one.length() == other.length() && fold(one).equals(fold(other));
  }

  /**
   * One spelling of all names that anything might take for the same: by any letter's cases,
   * ligatures and ways to write an accent.
   */
  static String lookalike(String name) {
    if (name.chars().allMatch(c -> c < 0x80)) {
      return fold(name);
    }
    String upper = Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
    StringBuilder folded = new StringBuilder(upper.length());
    upper
        .codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }
}
