package weir.decode;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/** How a request's body is compressed. */
public enum ContentEncoding {
  IDENTITY,
  GZIP,
  /** In a zlib wrapper, as the RFC wants it, or raw, as some clients send it. */
  DEFLATE,
  BR,
  ZSTD;

  /** RFC 8878 asks decoders of HTTP bodies for a window of 8 MiB, and warns of larger ones. */
  private static final int ZSTD_WINDOW_LOG = 23;

  private static final int CHUNK = 16 * 1024;

  /**
   * The encoding that a content-encoding header names; {@link #IDENTITY} where there is none.
   *
   * @throws ContentEncodingException.Unknown if it names another one, or more than one
   */
  public static ContentEncoding of(@Nullable String header) throws ContentEncodingException {
    if (header == null) {
      return IDENTITY;
    }
    return switch (header.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      case "br" -> BR;
      case "zstd" -> ZSTD;
      default ->
          throw new ContentEncodingException.Unknown(
              "content-encoding "
                  + header
                  + " is not known: send one of gzip, deflate, br, zstd, or none");
    };
  }

  /**
   * The bytes without this encoding; the very same array for {@link #IDENTITY}. Never holds much
   * more than the limit, whatever the bytes say.
   *
   * @param limit the most bytes that may come out, at most 2^31 - 16
   */
  public byte[] decode(byte[] body, int limit) throws ContentEncodingException {
    if (this == IDENTITY) {
      if (body.length > limit) {
        throw tooLarge(limit);
      }
      return body;
    }
    return read(body, in -> readAll(in, Math.clamp(4L * body.length, 256, CHUNK * 4), limit));
  }

  /**
   * What {@link #decode} answers, at twice the work and with no memory but for the answer: for
   * large bodies.
   */
  public byte[] decodeTwice(byte[] body, int limit) throws ContentEncodingException {
    if (this == IDENTITY) {
      return decode(body, limit);
    }
    byte[] bytes = new byte[read(body, in -> count(in, limit))];
    int length = read(body, in -> in.readNBytes(bytes, 0, bytes.length));
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Reads a body without its encoding. */
  private interface Reading<T> {
    T read(InputStream in) throws IOException;
  }

  private <T> T read(byte[] body, Reading<T> reading) throws ContentEncodingException {
    if (body.length == 0) {
      throw new ContentEncodingException.Broken(
          "the body is empty, its content-encoding says that it is not");
    }
    try (InputStream in = open(body)) {
      return reading.read(in);
    } catch (ContentEncodingException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new ContentEncodingException.Broken(
          "the body is not "
              + name().toLowerCase(Locale.ROOT)
              + " as its content-encoding says: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private InputStream open(byte[] body) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    return switch (this) {
      case IDENTITY -> in;
      case GZIP -> new GZIPInputStream(in, Math.clamp(body.length, 512, CHUNK));
      case DEFLATE -> new Inflating(in, !hasZlibHeader(body));
      case BR -> new BrotliInputStream(in);
      case ZSTD -> new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_WINDOW_LOG);
    };
  }

  private static boolean hasZlibHeader(byte[] body) {
    return body.length >= 2
        && (body[0] & 0x0F) == 8
        && ((body[0] & 0xFF) << 8 | (body[1] & 0xFF)) % 31 == 0;
  }

  private static byte[] readAll(InputStream in, int firstGuess, int limit) throws IOException {
    byte[] bytes = new byte[(int) Math.min(firstGuess, limit + 1L)];
    int length = 0;
    for (int n = in.read(bytes, 0, bytes.length);
        n >= 0;
        n = in.read(bytes, length, bytes.length - length)) {
      length += n;
      if (length > limit) {
        throw tooLarge(limit);
      }
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(2L * length, limit + 1L));
      }
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static int count(InputStream in, int limit) throws IOException {
    byte[] passed = new byte[CHUNK];
    int length = 0;
    for (int n = in.read(passed); n >= 0; n = in.read(passed)) {
      if (n > limit - length) {
        throw tooLarge(limit);
      }
      length += n;
    }
    return length;
  }

  private static ContentEncodingException tooLarge(int limit) {
    return new ContentEncodingException.TooLarge(
        "the body is larger than " + limit + " bytes once decoded: send smaller batches");
  }

  /** Frees its Inflater's native memory on close, which InflaterInputStream leaves to its owner. */
  private static final class Inflating extends InflaterInputStream {
    Inflating(InputStream in, boolean raw) {
      super(in, new Inflater(raw));
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }
}
