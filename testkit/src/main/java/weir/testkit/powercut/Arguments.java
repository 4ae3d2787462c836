package weir.testkit.powercut;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of a call as strace prints them with {@code -X raw -xx}: numbers, and strings of
 * {@code \xNN} alone, so that commas and quotes never stand inside a string.
 */
final class Arguments {
  private final List<String> values;

  private Arguments(List<String> values) {
    this.values = values;
  }

  static Arguments parse(String text) {
    List<String> values = new ArrayList<>();
    int depth = 0;
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at = text.indexOf('"', at + 1);
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        values.add(text.substring(start, at).strip());
        start = at + 1;
      }
      at++;
    }
    values.add(text.substring(start).strip());
    return new Arguments(values);
  }

  /** The first argument of a call, cheaply: most calls are about descriptors of no interest. */
  static int leadingNumber(String text) {
    int comma = text.indexOf(',');
    return (int) number(comma < 0 ? text : text.substring(0, comma));
  }

  static long number(String text) {
    if (text.equals("NULL")) {
      return 0;
    }
    if (text.startsWith("0x")) {
      return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }
    if (text.length() > 1 && text.startsWith("0")) {
      return Long.parseLong(text, 8);
    }
    return Long.parseLong(text);
  }

  int size() {
    return values.size();
  }

  long number(int index) {
    return number(values.get(index));
  }

  int integer(int index) {
    return (int) number(index);
  }

  String raw(int index) {
    return values.get(index);
  }

  String path(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  /** The strings in an argument, one after the other: one of a write, several of a writev. */
  byte[] bytes(int index) {
    String text = values.get(index);
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() / 4 + 1);
    int at = text.indexOf('"');
    while (at >= 0) {
      int end = text.indexOf('"', at + 1);
      if (text.startsWith("...", end + 1)) {
        throw new IllegalArgumentException("strace cut a string short: raise its -s");
      }
      for (int i = at + 1; i < end; i += 4) {
        out.write(
            Character.digit(text.charAt(i + 2), 16) << 4 | Character.digit(text.charAt(i + 3), 16));
      }
      at = text.indexOf('"', end + 1);
    }
    return out.toByteArray();
  }
}
