package weir.query.tables;

import java.util.Locale;
import java.util.Set;

/** What the view of an event's name is called. */
final class EventNames {
  private EventNames() {}

  /**
   * The name in lower snake case: {@code Product Viewed}, {@code productViewed} and {@code
   * product-viewed} are all product_viewed. A name without letters or digits is {@code event}; one
   * that starts with a digit gets an underscore; one that is taken or begins with {@code weir_}
   * gets the suffix {@code _event}.
   *
   * @param taken names in lower case that mean something else
   */
  static String view(String event, Set<String> taken) {
    String folded = fold(event);
    boolean isTaken = taken.contains(folded) || folded.startsWith("weir_");
    return isTaken ? folded + "_event" : folded;
  }

  private static String fold(String event) {
    StringBuilder name = new StringBuilder();
    boolean gap = false;
    int previous = ' ';
    for (int i = 0; i < event.length(); i += Character.charCount(event.codePointAt(i))) {
      int c = event.codePointAt(i);
      if (Character.isLetterOrDigit(c)) {
        boolean hump = Character.isUpperCase(c) && startsWord(event, i, previous);
        if ((gap || hump) && !name.isEmpty()) {
          name.append('_');
        }
        name.appendCodePoint(c);
        gap = false;
      } else {
        gap = true;
      }
      previous = c;
    }
    if (name.isEmpty()) {
      return "event";
    }
    String folded = name.toString().toLowerCase(Locale.ROOT);
    return Character.isDigit(folded.codePointAt(0)) ? "_" + folded : folded;
  }

  /** In camel case, after a small letter or digit, or before one at the end of capitals. */
  private static boolean startsWord(String event, int at, int previous) {
    if (Character.isLowerCase(previous) || Character.isDigit(previous)) {
      return true;
    }
    int next = at + Character.charCount(event.codePointAt(at));
    return Character.isUpperCase(previous)
        && next < event.length()
        && Character.isLowerCase(event.codePointAt(next));
  }
}
