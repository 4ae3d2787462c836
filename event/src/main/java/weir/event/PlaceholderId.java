package weir.event;

import java.util.Locale;
import java.util.Set;

/**
 * Ids that programs send where they mean nobody: what languages make of a missing value, and what
 * people write for visitors who are not signed in. Whoever takes them for somebody makes one person
 * of all visitors.
 */
public final class PlaceholderId {
  private static final int LONGEST = 36;
  private static final Set<String> ALL =
      Set.of(
          "0",
          "null",
          "(null)",
          "<null>",
          "nil",
          "none",
          "undefined",
          "nan",
          "true",
          "false",
          "[object object]",
          "anonymous",
          "guest",
          "not_authenticated",
          "unknown",
          "00000000-0000-0000-0000-000000000000");

  private PlaceholderId() {}

  /** Whether an id is one, in whatever case, and also in quotes. */
  public static boolean is(String id) {
    int length = id.length();
    if (length > LONGEST) {
      return false;
    }
    char first = length > 2 ? id.charAt(0) : ' ';
    boolean quoted = (first == '"' || first == '\'') && id.charAt(length - 1) == first;
    String bare = quoted ? id.substring(1, length - 1) : id;
    return ALL.contains(bare.toLowerCase(Locale.ROOT));
  }
}
