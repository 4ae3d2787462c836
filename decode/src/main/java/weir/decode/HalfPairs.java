package weir.decode;

import java.util.Arrays;

/**
 * Half surrogate pairs that JSON text escapes: {@code \ud800} with nothing after it. No text can
 * hold one, and the parser refuses them in names, so that one property would cost a batch.
 */
final class HalfPairs {
  private static final int ESCAPE = 6;

  private HalfPairs() {}

  /**
   * The text with {@code \ufffd} in place of each half, every byte else at its place; the same
   * array where there are none.
   */
  static byte[] mended(byte[] text, int from, int to) {
    byte[] mended = text;
    int at = from;
    while (at < to) {
      if (text[at] != '\\') {
        at++;
        continue;
      }
      int unit = unit(text, at, to);
      if (unit < 0) {
        at += 2;
      } else if (Character.isHighSurrogate((char) unit) && isLow(unit(text, at + ESCAPE, to))) {
        at += 2 * ESCAPE;
      } else {
        if (Character.isSurrogate((char) unit)) {
          mended = mended == text ? Arrays.copyOf(text, text.length) : mended;
          Arrays.fill(mended, at + 2, at + ESCAPE, (byte) 'f');
          mended[at + ESCAPE - 1] = 'd';
        }
        at += ESCAPE;
      }
    }
    return mended;
  }

  private static boolean isLow(int unit) {
    return unit >= 0 && Character.isLowSurrogate((char) unit);
  }

  /** What is escaped here; negative if this is no escape of that kind. */
  private static int unit(byte[] text, int at, int to) {
    if (at + ESCAPE > to || text[at] != '\\' || text[at + 1] != 'u') {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + ESCAPE; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
