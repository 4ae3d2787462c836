package weir.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.WrittenNumber;

/** Numbers that a protocol sends as text. */
final class WrittenValue {
  private static final int LONGEST_SIDE = 9;

  private WrittenValue() {}

  /** The number that a text is; null if it is none, or none that a double holds. */
  static @Nullable Double number(String text) {
    String digits = text.strip();
    int length = digits.length();
    boolean simple = length > 0 && length < 16;
    for (int i = 0; i < length && simple; i++) {
      simple = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (simple) {
      return (double) Long.parseLong(digits);
    }
    var kept = WrittenNumber.read(digits).map(WrittenNumber::asDouble);
    return kept.isPresent() && kept.get().isPresent() ? kept.get().getAsDouble() : null;
  }

  /** Width and height of a text such as 1920x1080, in the high and low half; -1 if it is none. */
  static long size(String text) {
    int by = text.indexOf('x');
    int width = by < 0 ? -1 : side(text, 0, by);
    int height = width < 0 ? -1 : side(text, by + 1, text.length());
    return height < 0 ? -1 : (long) width << 32 | height;
  }

  /** The whole number that a text is, as one side of a screen; null if it is none. */
  static @Nullable Integer side(String text) {
    int side = side(text, 0, text.length());
    return side < 0 ? null : (Integer) side;
  }

  private static int side(String text, int from, int to) {
    if (from == to || to - from > LONGEST_SIDE) {
      return -1;
    }
    int side = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      side = side * 10 + digit;
    }
    return side;
  }

  /** Sets two columns of sizes; false if the text is none. */
  static boolean putSize(
      String text, EventColumn width, EventColumn height, Map<EventColumn, Object> columns) {
    long size = size(text);
    if (size >= 0) {
      columns.put(width, (int) (size >> 32));
      columns.put(height, (int) size);
    }
    return size >= 0;
  }
}
