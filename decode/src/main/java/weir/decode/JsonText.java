package weir.decode;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import weir.event.WrittenNumber;

/** JSON as it is written. */
final class JsonText {
  private JsonText() {}

  /** A property's value. */
  static String of(Object value) {
    return switch (value) {
      case Decoded.Json json -> json.text();
      case Double number -> WrittenNumber.text(number);
      case Boolean flag -> flag.toString();
      default -> quoted(value.toString());
    };
  }

  /** A text as JSON's string. */
  static String quoted(String text) {
    return '"'
        + new String(JsonStringEncoder.getInstance().quoteAsString(Utf8.wellFormed(text)))
        + '"';
  }
}
