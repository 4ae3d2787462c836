package weir.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import weir.event.WellFormedText;

/**
 * Well-formed UTF-8 as table 3-7 of the Unicode standard has it: no overlong form, no surrogate.
 */
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Where a text begins: behind a byte order mark, if there is one. */
  static int afterMark(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    return marked ? 3 : 0;
  }

  /** The offset of the first byte that is not part of well-formed UTF-8, or -1. */
  static int firstInvalid(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (to - at >= Long.BYTES && ((long) LONG.get(bytes, at) & HIGH_BITS) == 0) {
        at += Long.BYTES;
        continue;
      }
      int length = sequence(bytes, at, to);
      if (length == 0) {
        return at;
      }
      at += length;
    }
    return -1;
  }

  /** The length of the sequence that begins here, 0 if none does. */
  private static int sequence(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (to - at < length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /**
   * The text with U+FFFD in place of half surrogate pairs, which JSON can escape and UTF-8 cannot
   * hold; the same text where there are none.
   */
  static String wellFormed(String text) {
    return WellFormedText.of(text);
  }

  /**
   * JSON with U+FFFD in place of escaped half surrogate pairs, which many readers of JSON refuse;
   * the same text where there are none.
   */
  static String wellFormedJson(String json) {
    int at = json.indexOf("\\u");
    if (at < 0) {
      return json;
    }
    StringBuilder mended = null;
    for (int i = json.indexOf('\\'); i >= 0 && i + 1 < json.length(); ) {
      int next = i + 2;
      if (json.charAt(i + 1) == 'u') {
        char unit = escaped(json, i);
        next = i + 6;
        if (Character.isHighSurrogate(unit) && Character.isLowSurrogate(escaped(json, next))) {
          next += 6;
        } else if (Character.isSurrogate(unit)) {
          mended = mended == null ? new StringBuilder(json) : mended;
          mended.replace(i + 2, i + 6, "fffd");
        }
      }
      i = json.indexOf('\\', next);
    }
    return mended == null ? json : mended.toString();
  }

  /** The UTF-16 unit whose escape begins at a place; 0 if none does. */
  private static char escaped(String json, int at) {
    if (!json.startsWith("\\u", at) || at + 6 > json.length()) {
      return 0;
    }
    try {
      return (char) Integer.parseInt(json, at + 2, at + 6, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What to say of a body that is not UTF-8, or null if it is. */
  static @Nullable String complaint(byte[] bytes, int from, int to) {
    int at = firstInvalid(bytes, from, to);
    return at < 0
        ? null
        : "not UTF-8 at byte " + (at - from) + ": JSON is sent as UTF-8, and nothing else";
  }
}
