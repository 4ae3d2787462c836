package weir.lake.stored;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Kinds of files that people take for tables, and that neither a table nor an import is made of.
 * What a file is, its first bytes tell.
 */
public enum ForeignFormat {
  ZIP("a ZIP archive, perhaps of Excel (.xlsx): save it as CSV, or unpack it", 'P', 'K', 3, 4),
  EMPTY_ZIP("an empty ZIP archive", 'P', 'K', 5, 6),
  OLD_EXCEL("an old Office file, perhaps of Excel (.xls): save it as CSV", 0xd0, 0xcf, 0x11, 0xe0),
  PDF("a PDF: save the table as CSV where it comes from", '%', 'P', 'D', 'F', '-'),
  BZIP2("compressed by bzip2: unpack it", 'B', 'Z', 'h', '9', '1', 'A', 'Y', '&'),
  XZ("compressed by xz: unpack it", 0xfd, '7', 'z', 'X', 'Z', 0),
  SEVEN_ZIP("a 7z archive: unpack it", '7', 'z', 0xbc, 0xaf),
  AVRO("an Avro file: convert it to Parquet or CSV", 'O', 'b', 'j', 1),
  SQLITE("a SQLite database: export the table as CSV", "SQLite format 3\0".chars().toArray());

  /** How much of a file tells what it is. */
  public static final int HEAD = 1 << 12;

  private static final JsonFactory JSON = new JsonFactory();

  private final String described;
  private final int[] start;

  ForeignFormat(String described, int... start) {
    this.described = described;
    this.start = start;
  }

  /** What it is, and what to do with it: to follow "the file seems to be". */
  public String described() {
    return described;
  }

  /** The kind of a file; empty if it may be one that is read. */
  public static Optional<ForeignFormat> of(byte[] head) {
    for (ForeignFormat format : values()) {
      if (startsWith(head, format.start)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  static boolean startsWith(byte[] head, int... start) {
    if (head.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((head[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a file begins as an object or an array in JSON does, and no line of names would. */
  static boolean isJson(byte[] head) {
    try (JsonParser parser = JSON.createParser(head)) {
      JsonToken first = parser.nextToken();
      JsonToken second = first == null ? null : parser.nextToken();
      return switch (first) {
        case START_OBJECT -> second == JsonToken.FIELD_NAME || second == JsonToken.END_OBJECT;
        case START_ARRAY -> second != null;
        case null, default -> false;
      };
    } catch (IOException e) {
      return false;
    }
  }
}
