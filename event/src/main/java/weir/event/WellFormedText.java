package weir.event;

/** Texts as they are kept: no store can hold half a surrogate pair. */
public final class WellFormedText {
  private WellFormedText() {}

  /** The text with U+FFFD in place of each half of a pair; the same where there are none. */
  public static String of(String text) {
    int at = firstHalfPair(text, 0);
    if (at < 0) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text);
    for (; at >= 0; at = firstHalfPair(text, at + 1)) {
      mended.setCharAt(at, '\uFFFD');
    }
    return mended.toString();
  }

  private static int firstHalfPair(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        return i;
      }
    }
    return -1;
  }
}
