package weir.decode;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a URL's query: percent escapes of UTF-8, a plus for a space. What is no escape
 * stands for itself, and bytes that are no UTF-8 become U+FFFD, so that every text can be read.
 */
public final class PercentQuery {
  private PercentQuery() {}

  /** Hands out names and values in their order. */
  static void read(String query, BiConsumer<String, String> taker) {
    int from = 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', from);
      int name = equals < 0 || equals > end ? end : equals;
      if (name > from) {
        taker.accept(
            decoded(query, from, name, true), decoded(query, Math.min(name + 1, end), end, true));
      }
      from = end + 1;
    }
  }

  /** The first value of a name; null if it is not there. */
  static @Nullable String value(String query, String name) {
    String[] found = new String[1];
    read(
        query,
        (each, value) -> {
          if (found[0] == null && each.equals(name)) {
            found[0] = value;
          }
        });
    return found[0];
  }

  /**
   * A text without its escapes.
   *
   * @param plusIsSpace as in a query
   */
  public static String decoded(String text, boolean plusIsSpace) {
    return decoded(text, 0, text.length(), plusIsSpace);
  }

  private static String decoded(String text, int from, int to, boolean plusIsSpace) {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      char c = text.charAt(i);
      plain = c != '%' && c < 0x80 && (c != '+' || !plusIsSpace);
    }
    return plain ? text.substring(from, to) : unescaped(text.substring(from, to), plusIsSpace);
  }

  private static String unescaped(String text, boolean plusIsSpace) {
    byte[] bytes = Utf8.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low >= 0) {
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = bytes[i] == '+' && plusIsSpace ? (byte) ' ' : bytes[i];
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
