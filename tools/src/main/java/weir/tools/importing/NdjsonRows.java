package weir.tools.importing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; empty lines are passed over. */
final class NdjsonRows implements RowSource {
  /** A line that is longer is read past, not into memory. */
  private static final int LONGEST = 16 << 20;

  static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build()
          .reader();

  private final InputFile file;
  private final InputStream in;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private long line;

  NdjsonRows(InputFile file) {
    this.file = file;
    this.in = new BufferedInputStream(file.content(), 1 << 16);
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (true) {
      text.reset();
      int length = readLine();
      if (length < 0) {
        return null;
      }
      line++;
      if (length > LONGEST) {
        return new Row.Unreadable(line, "it is longer than " + (LONGEST >> 20) + " MiB", null);
      }
      byte[] bytes = withoutMark(text.toByteArray());
      if (!blank(bytes)) {
        return parse(line, bytes);
      }
    }
  }

  /** Files that were put together have a byte order mark in the middle. */
  private static byte[] withoutMark(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
  }

  static Row parse(long line, byte[] bytes) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      return node instanceof ObjectNode object
          ? new Row.Values(line, object)
          : new Row.Unreadable(line, "it is JSON, but not an object", text(bytes));
    } catch (JsonProcessingException e) {
      return new Row.Unreadable(line, "it is not JSON: " + e.getOriginalMessage(), text(bytes));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
  }

  /** The line's length, -1 at the end; what is beyond the longest is counted, not kept. */
  private int readLine() throws IOException {
    int length = 0;
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return length == 0 ? -1 : length;
      }
      if (length <= LONGEST) {
        length++;
        text.write(c);
      }
    }
    return length;
  }

  private static boolean blank(byte[] bytes) {
    for (byte b : bytes) {
      if (!Character.isWhitespace(b)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String describe() {
    return file.describe();
  }

  @Override
  public long done() {
    return file.done();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
