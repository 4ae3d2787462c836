package weir.query.sql;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A statement found in a text, {@code offset} characters from its start. */
record ScannedSql(String original, String text, int offset) {

  /** The place in the original of an offset into the UTF-8 bytes of the statement. */
  Optional<SqlPlace> place(long textByte) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (textByte < 0 || textByte > bytes.length) {
      return Optional.empty();
    }
    int index = new String(bytes, 0, (int) textByte, StandardCharsets.UTF_8).length();
    return Optional.of(SqlPlace.ofIndex(original, offset + index));
  }
}
