package weir.enrich.page;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import weir.event.WellFormedText;

/** Percent-encoded text, read as browsers read it: what is no encoding stands for itself. */
final class PercentText {
  private PercentText() {}

  /**
   * The text that is meant; what is not UTF-8 becomes U+FFFD.
   *
   * @param form whether a plus stands for a space, as in a query
   */
  static String decoded(String text, boolean form) {
    boolean plain = text.indexOf('%') < 0 && !(form && text.indexOf('+') >= 0);
    if (plain) {
      return text;
    }
    byte[] bytes = WellFormedText.of(text).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(form && bytes[i] == '+' ? ' ' : bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
