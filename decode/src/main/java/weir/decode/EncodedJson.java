package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a text holds, plain or in base64 of either alphabet.
 *
 * @param text as it was sent, half surrogate pairs and all
 */
record EncodedJson(String text, boolean base64) {
  /** Reads the object that is the reader's current token; null if it is not what was meant. */
  interface Reading<T> {
    @Nullable T read(JsonBody json) throws IOException;
  }

  /** One that a pair of fields may hold, of which the plain one counts. */
  static @Nullable EncodedJson of(@Nullable String plain, @Nullable String encoded) {
    if (plain != null) {
      return new EncodedJson(plain, false);
    }
    return encoded == null ? null : new EncodedJson(encoded, true);
  }

  /** What the reading makes of the object; null if the text holds none. */
  <T> @Nullable T read(Reading<T> reading) {
    byte[] bytes = bytes();
    if (bytes == null || (base64 && Utf8.firstInvalid(bytes, 0, bytes.length) >= 0)) {
      return null;
    }
    try {
      return read(bytes, reading);
    } catch (IOException e) {
      byte[] mended = HalfPairs.mended(bytes, 0, bytes.length);
      try {
        return mended == bytes ? null : read(mended, reading);
      } catch (IOException again) {
        return null;
      }
    }
  }

  private static <T> @Nullable T read(byte[] bytes, Reading<T> reading) throws IOException {
    try (JsonBody json = new JsonBody(bytes, 0, bytes.length)) {
      if (json.next() != JsonToken.START_OBJECT) {
        return null;
      }
      T read = reading.read(json);
      return json.next() == null ? read : null;
    }
  }

  private byte @Nullable [] bytes() {
    if (!base64) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      // only half surrogate pairs do not survive; comparing costs less than looking for them
      boolean whole = new String(bytes, StandardCharsets.UTF_8).equals(text);
      return whole ? bytes : Utf8.wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }
    byte[] decoded = decoded(text);
    return decoded != null
        ? decoded
        : decoded(text.replace('+', '-').replace(' ', '-').replace('/', '_'));
  }

  private static byte @Nullable [] decoded(String ofUrlAlphabet) {
    try {
      return Base64.getUrlDecoder().decode(ofUrlAlphabet);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
