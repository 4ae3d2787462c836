package weir.decode;

import java.util.Arrays;
import java.util.Base64;

/** JSON that clients compress, or write in base64, by themselves and say so to nobody. */
final class WrappedText {
  /** The bodies of so many bytes are decoded in a way that needs little memory. */
  private static final int LARGE = 256 << 10;

  private WrappedText() {}

  /**
   * The text that gzip, base64, or base64 of gzip holds, told by its first bytes; the same array
   * where it is none of them.
   */
  static byte[] unwrapped(byte[] body, int limit) throws ContentEncodingException {
    int first = firstVisible(body);
    if (first == body.length || isJson(body[first])) {
      return body;
    }
    if (isGzip(body)) {
      return gunzipped(body, limit);
    }
    byte[] inner = ofBase64(body, first);
    if (isGzip(inner)) {
      return gunzipped(inner, limit);
    }
    return ContentEncoding.IDENTITY.decode(inner, limit);
  }

  private static int firstVisible(byte[] body) {
    int first = Utf8.afterMark(body);
    while (first < body.length && body[first] >= 0 && body[first] <= ' ') {
      first++;
    }
    return first;
  }

  private static boolean isJson(byte first) {
    return first == '{' || first == '[';
  }

  private static boolean isGzip(byte[] body) {
    return body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
  }

  private static byte[] gunzipped(byte[] body, int limit) throws ContentEncodingException {
    try {
      return body.length > LARGE
          ? ContentEncoding.GZIP.decodeTwice(body, limit)
          : ContentEncoding.GZIP.decode(body, limit);
    } catch (ContentEncodingException.Broken e) {
      throw new ContentEncodingException.Broken("the body begins like gzip and goes on otherwise");
    }
  }

  private static byte[] ofBase64(byte[] body, int first) throws ContentEncodingException {
    int end = body.length;
    while (end > first && body[end - 1] >= 0 && body[end - 1] <= ' ') {
      end--;
    }
    byte[] text = first == 0 && end == body.length ? body : Arrays.copyOfRange(body, first, end);
    try {
      boolean ofUrls = contains(text, (byte) '-') || contains(text, (byte) '_');
      return (ofUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
    } catch (IllegalArgumentException e) {
      throw new ContentEncodingException.Broken(
          "the body is neither JSON nor gzip nor base64: send JSON, an object or an array");
    }
  }

  private static boolean contains(byte[] text, byte wanted) {
    for (byte each : text) {
      if (each == wanted) {
        return true;
      }
    }
    return false;
  }
}
