package weir.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import weir.event.WrittenNumber;

/**
 * Strict JSON (RFC 8259) in a stretch of a body, read token by token, with the source text of every
 * value at hand. The stretch must have been found to be UTF-8.
 */
final class JsonBody implements AutoCloseable {
  static final int MAX_DEPTH = 500;
  static final int MAX_NAME = 50_000;

  private static final long EXACT_INTEGERS = 1L << 53;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final int base;
  private final JsonParser parser;

  JsonBody(byte[] body, int from, int to) throws IOException {
    this.body = body;
    this.base = from;
    this.parser = FACTORY.createParser(body, from, to - from);
  }

  @Nullable JsonToken next() throws IOException {
    return parser.nextToken();
  }

  /** The next field's name, its value being the current token; null at the object's end. */
  @Nullable String nextField() throws IOException {
    String name = parser.nextFieldName();
    if (name != null) {
      parser.nextToken();
    }
    return name;
  }

  /** Whether the array goes on, its next item being the current token. */
  boolean nextInArray() throws IOException {
    return parser.nextToken() != JsonToken.END_ARRAY;
  }

  boolean isObject() {
    return parser.hasToken(JsonToken.START_OBJECT);
  }

  boolean isArray() {
    return parser.hasToken(JsonToken.START_ARRAY);
  }

  boolean isText() {
    return parser.hasToken(JsonToken.VALUE_STRING);
  }

  boolean isNull() {
    return parser.hasToken(JsonToken.VALUE_NULL);
  }

  /** The body's offset at which the current token begins. */
  int start() {
    return base + (int) parser.currentTokenLocation().getByteOffset();
  }

  /** The body's offset behind the current token, which must not be a number. */
  int end() {
    return base + (int) parser.currentLocation().getByteOffset();
  }

  /** Passes the current value, nested ones to their end. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  /** A string, or a number as it was written; null for all else, which is passed. */
  @Nullable String text() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Utf8.wellFormed(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
      default -> {
        skip();
        yield null;
      }
    };
  }

  /** A property's value: Boolean, Double, String, {@link Decoded.Json}; null for JSON's null. */
  @Nullable Object value() throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_STRING -> Utf8.wellFormed(parser.getText());
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> decimal();
      default -> new Decoded.Json(Utf8.wellFormedJson(source()));
    };
  }

  /**
   * A string, number, true or false as text, which may have half surrogate pairs; null for JSON's
   * null. No nested values.
   */
  @Nullable String rawScalar() throws IOException {
    return isNull() ? null : parser.getText();
  }

  /** The same without half surrogate pairs. */
  @Nullable String scalar() throws IOException {
    String raw = rawScalar();
    return raw == null ? null : Utf8.wellFormed(raw);
  }

  /** How many bytes the current value, nested ones passed to their end, has in the body. */
  int sourceBytes() throws IOException {
    return source().getBytes(StandardCharsets.UTF_8).length;
  }

  /** {@link #source} without half surrogate pairs, which many readers of JSON refuse. */
  String wellFormedSource() throws IOException {
    return Utf8.wellFormedJson(source());
  }

  /** What was written from an offset to the end of the object that was read, likewise. */
  String wellFormedSource(int from) {
    return Utf8.wellFormedJson(new String(body, from, end() - from, StandardCharsets.UTF_8));
  }

  /** The current value as it was written; nested values are passed to their end. */
  String source() throws IOException {
    if (parser.currentToken().isNumeric()) {
      return parser.getText();
    }
    int start = start();
    parser.skipChildren();
    parser.finishToken();
    return writtenSince(start);
  }

  /** What was written from an offset of the body to the end of the current token, no number. */
  String writtenSince(int start) {
    return new String(body, start, end() - start, StandardCharsets.UTF_8);
  }

  private Object decimal() throws IOException {
    String text = parser.getText();
    return number(WrittenNumber.decimal(text), text);
  }

  private Object integer() throws IOException {
    String text = parser.getText();
    if (text.length() <= 16) {
      long value = Long.parseLong(text);
      if (value == 0) {
        return text.startsWith("-") ? -0.0 : 0.0;
      }
      if (Math.abs(value) <= EXACT_INTEGERS) {
        return (double) value;
      }
    }
    return number(WrittenNumber.whole(text), text);
  }

  private static Object number(OptionalDouble kept, String text) {
    return kept.isPresent() ? kept.getAsDouble() : new Decoded.Json(text);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
