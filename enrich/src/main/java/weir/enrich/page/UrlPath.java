package weir.enrich.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.event.WellFormedText;

/** Paths as browsers write them: dot segments gone, what must be is percent-encoded. */
final class UrlPath {
  private static final String ENCODED = " \"#<>?^`{}";

  private UrlPath() {}

  /**
   * @param special whether a backslash is a slash
   */
  static String normalized(String path, boolean special) {
    if (isNormal(path, special)) {
      return path.isEmpty() && special ? "/" : path;
    }
    String slashed = special ? path.replace('\\', '/') : path;
    List<String> kept = new ArrayList<>();
    String[] segments = slashed.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      switch (segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".")) {
        case "." -> addEnd(kept, last);
        case ".." -> {
          if (!kept.isEmpty()) {
            kept.removeLast();
          }
          addEnd(kept, last);
        }
        default -> kept.add(encoded(segments[i]));
      }
    }
    return "/" + String.join("/", kept);
  }

  private static void addEnd(List<String> kept, boolean last) {
    if (last) {
      kept.add("");
    }
  }

  private static boolean isNormal(String path, boolean special) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean dots = c == '.' && i > 0 && path.charAt(i - 1) == '/';
      boolean maybeDots = c == '%' && path.startsWith("2", i + 1);
      if (c < '!'
          || c > '~'
          || ENCODED.indexOf(c) >= 0
          || dots
          || maybeDots
          || (special && c == '\\')) {
        return false;
      }
    }
    return true;
  }

  private static String encoded(String segment) {
    StringBuilder out = new StringBuilder(segment.length() + 16);
    for (byte b : WellFormedText.of(segment).getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < '!' || c > '~' || ENCODED.indexOf(c) >= 0) {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
