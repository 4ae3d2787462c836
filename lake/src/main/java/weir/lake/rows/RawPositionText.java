package weir.lake.rows;

import java.nio.charset.StandardCharsets;
import weir.event.RawPosition;

/** {@link RawPosition#toString()} as bytes, without its formatter: one is written for each row. */
final class RawPositionText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int POSITION_DIGITS = 16;
  private static final int INDEX_DIGITS = 6;
  private static final int INDEX_LIMIT = 1_000_000;

  private RawPositionText() {}

  static byte[] utf8(RawPosition position) {
    if (position.index() >= INDEX_LIMIT
        || position.partition() != 0
        || position.position().isWide()) {
      return position.toString().getBytes(StandardCharsets.US_ASCII);
    }
    byte[] text = new byte[POSITION_DIGITS + 1 + INDEX_DIGITS];
    long rest = position.position().value();
    for (int i = POSITION_DIGITS - 1; i >= 0; i--) {
      text[i] = HEX[(int) rest & 0xF];
      rest >>>= 4;
    }
    text[POSITION_DIGITS] = '-';
    int index = position.index();
    for (int i = text.length - 1; i > POSITION_DIGITS; i--) {
      text[i] = (byte) ('0' + index % 10);
      index /= 10;
    }
    return text;
  }
}
