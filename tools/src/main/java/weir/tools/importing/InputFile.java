package weir.tools.importing;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import weir.lake.stored.ForeignFormat;

/**
 * An input file, its compression undone and a byte order mark skipped. What it is, its first bytes
 * tell, not its name.
 */
final class InputFile implements AutoCloseable {
  private static final int HEAD = 1 << 16;

  /** What a file can be. */
  enum Kind {
    CSV,
    NDJSON,
    JSON_ARRAY,
    PARQUET;

    private static Kind of(byte[] head, int length) {
      if (startsWith(head, length, 'P', 'A', 'R', '1')) {
        return PARQUET;
      }
      for (int i = 0; i < length; i++) {
        if (!Character.isWhitespace(head[i])) {
          return head[i] == '[' ? JSON_ARRAY : head[i] == '{' ? NDJSON : CSV;
        }
      }
      return CSV;
    }
  }

  private final CountedInput counted;
  private final PushbackInputStream content;
  private final byte[] head;
  private final Kind kind;
  private final String compression;
  private final long size;

  private InputFile(
      CountedInput counted, PushbackInputStream content, byte[] head, String compression, long size)
      throws IOException {
    this.counted = counted;
    this.content = content;
    this.head = head;
    this.kind = Kind.of(head, head.length);
    this.compression = compression;
    this.size = size;
    Optional<ForeignFormat> foreign = ForeignFormat.of(head);
    if (foreign.isPresent()) {
      throw new IOException("the file seems to be " + foreign.get().described());
    }
    if (kind == Kind.PARQUET && !compression.isEmpty()) {
      throw new IOException("a compressed Parquet file cannot be read: uncompress it first");
    }
  }

  static InputFile open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("there is no file " + file);
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder: import its files one by one");
    }
    CountedInput counted = new CountedInput(Files.newInputStream(file));
    try {
      PushbackInputStream plain =
          new PushbackInputStream(new BufferedInputStream(counted, HEAD), HEAD);
      byte[] magic = peek(plain, 4);
      boolean gzip = startsWith(magic, magic.length, 0x1f, 0x8b);
      boolean zstd = startsWith(magic, magic.length, 0x28, 0xb5, 0x2f, 0xfd);
      InputStream opened =
          gzip
              ? new GZIPInputStream(plain, HEAD)
              : zstd ? new ZstdInputStream(plain).setContinuous(false) : plain;
      PushbackInputStream content = opened == plain ? plain : new PushbackInputStream(opened, HEAD);
      skipMark(content, file);
      String compression = gzip ? "gzip" : zstd ? "zstd" : "";
      return new InputFile(counted, content, peek(content, HEAD), compression, Files.size(file));
    } catch (IOException | RuntimeException e) {
      counted.close();
      throw e;
    }
  }

  private static void skipMark(PushbackInputStream content, Path file) throws IOException {
    byte[] start = content.readNBytes(3);
    if (startsWith(start, start.length, 0xff, 0xfe)
        || startsWith(start, start.length, 0xfe, 0xff)) {
      throw new IOException(
          file + " is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 " + file.getFileName());
    }
    if (!startsWith(start, start.length, 0xef, 0xbb, 0xbf)) {
      content.unread(start);
    }
  }

  private static byte[] peek(PushbackInputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    in.unread(bytes);
    return bytes;
  }

  private static boolean startsWith(byte[] bytes, int length, int... prefix) {
    if (length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  Kind kind() {
    return kind;
  }

  /** Its content, uncompressed. */
  InputStream content() {
    return content;
  }

  /** The first line, or the start of it. */
  String firstLine() {
    String text = new String(head, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end).stripTrailing();
  }

  /** Bytes of the file that were read, before the compression was undone. */
  long done() {
    return counted.count();
  }

  long size() {
    return size;
  }

  String describe() {
    String name = kind.name().replace('_', ' ');
    String shown = kind == Kind.JSON_ARRAY ? "JSON array" : name;
    return compression.isEmpty() ? shown : shown + ", " + compression.toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
