package weir.collect;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of every origin send: what a key may write is for the key to say. The origin is
 * echoed, since a browser takes no asterisk where credentials are sent along.
 */
final class Cors {
  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
  private static final CharSequence METHODS = HttpHeaders.createOptimized("GET, POST, OPTIONS");
  private static final CharSequence DEFAULT_HEADERS =
      HttpHeaders.createOptimized("Authorization, Content-Type, Content-Encoding");
  private static final CharSequence DAY = HttpHeaders.createOptimized("86400");
  private static final CharSequence EXPOSED = HttpHeaders.createOptimized("Retry-After");

  private static final CharSequence RESOURCE_POLICY =
      HttpHeaders.createOptimized("cross-origin-resource-policy");
  private static final CharSequence CROSS_ORIGIN = HttpHeaders.createOptimized("cross-origin");

  private Cors() {}

  /** Lets pages that are isolated from other origins show an image or run a script all the same. */
  static void embed(MultiMap headers) {
    headers.set(RESOURCE_POLICY, CROSS_ORIGIN);
  }

  /** Adds what an answer needs to be read by a page. */
  static void allow(@Nullable String origin, MultiMap headers) {
    if (origin != null) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
      headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      headers.set(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
  }

  /** Answers a browser's question whether it may send. */
  static void preflight(HttpServerRequest request) {
    MultiMap headers = request.response().setStatusCode(204).headers();
    allow(request.getHeader(HttpHeaders.ORIGIN), headers);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    String asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, asked == null ? DEFAULT_HEADERS : asked);
    headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, DAY);
    request.response().end();
  }
}
