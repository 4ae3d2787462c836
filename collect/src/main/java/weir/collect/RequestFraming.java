package weir.collect;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests whose end or addressee two servers in a row may see differently (RFC 9112, 6.3 and
 * 3.2): what one takes for a body is the next request to the other. They are refused, and their
 * connection closed.
 */
public final class RequestFraming {
  private static final String CHUNKED = "chunked";

  private RequestFraming() {}

  /** What is wrong with a request's head, in words; null if nothing is. */
  public static @Nullable String fault(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return null; // frames have lengths
    }
    MultiMap headers = request.headers();
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      String fault = ofEncoding(request, headers);
      if (fault != null) {
        return fault;
      }
    }
    if (headers.getAll(HttpHeaders.HOST).size() > 1) {
      return "the request has more than one Host";
    }
    if (headers.getAll(HttpHeaders.CONTENT_LENGTH).size() > 1) {
      return "the request has more than one Content-Length";
    }
    return null;
  }

  private static @Nullable String ofEncoding(HttpServerRequest request, MultiMap headers) {
    List<String> encodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (encodings.size() > 1 || !encodings.getFirst().strip().equalsIgnoreCase(CHUNKED)) {
      return "Transfer-Encoding must be chunked, once; Content-Encoding says how a body is packed";
    }
    if (request.version() == HttpVersion.HTTP_1_0) {
      return "HTTP/1.0 has no Transfer-Encoding";
    }
    if (headers.contains(HttpHeaders.CONTENT_LENGTH)) {
      return "a request has a Content-Length or a Transfer-Encoding, not both";
    }
    return null;
  }
}
