package weir.event;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;

/**
 * Folds a property's name to a column's.
 *
 * <p>Lower snake case: a boundary lies before a capital that follows a lower-case letter or a digit
 * ({@code orderId}), and before the last of several capitals when a lower-case letter follows it
 * ({@code HTTPServer}); whatever is neither letter, digit nor a letter's mark is a boundary too.
 * Letters and digits of every script stay, in normalization form C.
 */
public final class PropertyName {
  /** Longest name of a property that gets a column, and longest name of a column, in UTF-8. */
  public static final int MAX_BYTES = 255;

  /** What the column of a property begins with. */
  public static final String PREFIX = "p_";

  private PropertyName() {}

  /** Whether a property of this name may have a column at all. */
  public static boolean fits(String name) {
    if (name.length() > MAX_BYTES) {
      return false;
    }
    int bytes = 0;
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return false; // no database keeps these apart
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      i += Character.charCount(c);
    }
    return bytes <= MAX_BYTES;
  }

  /** The name in lower snake case; empty if nothing of it can stand in a column's name. */
  public static String fold(String name) {
    int[] in = Normalizer.normalize(name, Normalizer.Form.NFC).codePoints().toArray();
    StringBuilder out = new StringBuilder(in.length + 4);
    boolean boundary = false;
    for (int i = 0; i < in.length; i++) {
      if (!stays(in[i])) {
        boundary = true;
        continue;
      }
      boundary |= i > 0 && startsWord(in, i);
      if (boundary && !out.isEmpty()) {
        out.append('_');
      }
      boundary = false;
      out.appendCodePoint(Character.toLowerCase(in[i]));
    }
    return out.toString();
  }

  private static boolean stays(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
      default -> Character.isLetterOrDigit(c);
    };
  }

  private static boolean startsWord(int[] in, int i) {
    if (!isCapital(in[i])) {
      return false;
    }
    int before = in[i - 1];
    return Character.isLowerCase(before)
        || Character.isDigit(before)
        || (isCapital(before) && i + 1 < in.length && Character.isLowerCase(in[i + 1]));
  }

  /** Some letters in upper case, such as the script capital L, have no other case. */
  private static boolean isCapital(int c) {
    return Character.isUpperCase(c) && Character.toLowerCase(c) != c;
  }

  /**
   * A column's name for a folded name: with a suffix where others have taken it; empty if it would
   * be too long.
   */
  public static String column(String folded, Set<String> taken) {
    String column = PREFIX + folded;
    for (int suffix = 2; taken.contains(column); suffix++) {
      column = PREFIX + folded + "_" + suffix;
    }
    return column.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES ? column : "";
  }
}
