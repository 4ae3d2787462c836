package weir.collect;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * A script for web pages of any origin, compressed once. Public: browsers and caches between keep
 * it.
 *
 * @param hash of its bytes, in hexadecimal digits
 * @param caching how long it may be kept
 */
record Script(String hash, Buffer plain, Buffer gzip, CharSequence caching) {
  private static final CharSequence TYPE =
      HttpHeaders.createOptimized("text/javascript; charset=utf-8");

  /** A new build is in use everywhere within the hour, and no page waits for it. */
  private static final CharSequence SHORT =
      HttpHeaders.createOptimized("public, max-age=3600, stale-while-revalidate=86400");

  private static final CharSequence FOR_EVER =
      HttpHeaders.createOptimized("public, max-age=31536000, immutable");

  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");

  /**
   * @param forEver whether what is at its path never changes
   */
  static Script of(byte[] content, boolean forEver) {
    try {
      ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length / 2);
      try (OutputStream out = new GZIPOutputStream(compressed)) {
        out.write(content);
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new Script(
          HexFormat.of().formatHex(digest, 0, 16),
          Buffer.buffer(content),
          Buffer.buffer(compressed.toByteArray()),
          forEver ? FOR_EVER : SHORT);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Answers a GET or HEAD. */
  void answer(HttpServerRequest request) {
    boolean packed = HttpCaching.takesGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    String etag = '"' + hash + (packed ? "-gzip\"" : "\"");
    HttpServerResponse response = request.response();
    MultiMap headers = response.headers();
    headers.set(HttpHeaders.ETAG, etag);
    headers.set(HttpHeaders.CACHE_CONTROL, caching);
    headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
    Cors.embed(headers);
    headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
    if (HttpCaching.matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
      response.setStatusCode(304).end();
      return;
    }
    Buffer body = packed ? gzip : plain;
    headers.set(HttpHeaders.CONTENT_TYPE, TYPE);
    headers.set(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
    if (packed) {
      headers.set(HttpHeaders.CONTENT_ENCODING, GZIP);
    }
    response.end(body);
  }
}
