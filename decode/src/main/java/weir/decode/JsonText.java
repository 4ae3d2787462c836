package weir.decode;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** JSON as it is written. */
final class JsonText {
  private JsonText() {}

  /** A text as JSON's string. */
  static String quoted(String text) {
    return '"'
        + new String(JsonStringEncoder.getInstance().quoteAsString(Utf8.wellFormed(text)))
        + '"';
  }
}
