package weir.server.cli;

import org.jline.utils.WCWidth;

/** Text as a terminal shows it in one line. */
final class CellText {
  private CellText() {}

  /**
   * The text with what would steer the terminal written out, cut where it is wider.
   *
   * @param widest in columns of the terminal
   */
  static String of(String text, int widest) {
    StringBuilder shown = new StringBuilder();
    int width = 0;
    int keep = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      String piece = piece(text.codePointAt(i));
      width += width(piece);
      if (width > widest) {
        return shown.substring(0, keep) + "...";
      }
      shown.append(piece);
      if (width <= widest - 3) {
        keep = shown.length();
      }
    }
    return shown.toString();
  }

  private static String piece(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> steers(character) ? "\\u%04x".formatted(character) : Character.toString(character);
    };
  }

  private static boolean steers(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || (type == Character.FORMAT && character != 0x200d)
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** How many columns of the terminal it takes. */
  static int width(String text) {
    return text.codePoints().map(character -> Math.max(0, WCWidth.wcwidth(character))).sum();
  }
}
