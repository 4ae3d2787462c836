package weir.tap;

/**
 * SQL's patterns. Matched without going back further than to the last {@code %}, so in at most the
 * product of the lengths.
 */
final class LikePattern {
  private LikePattern() {}

  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int any = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '%') {
        any = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '_' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (any >= 0) {
        p = any + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '%') {
      p++;
    }
    return p == pattern.length();
  }
}
