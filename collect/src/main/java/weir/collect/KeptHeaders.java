package weir.collect;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import weir.decode.Header;

/** The headers that decoders read, and that the raw log therefore keeps. */
final class KeptHeaders {
  static final CharSequence X_FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");

  private static final CharSequence[] NAMES = {
    HttpHeaders.CONTENT_TYPE,
    HttpHeaders.CONTENT_ENCODING,
    HttpHeaders.USER_AGENT,
    HttpHeaders.ORIGIN,
    HttpHeaders.REFERER,
    X_FORWARDED_FOR
  };

  private KeptHeaders() {}

  static List<Header> of(HttpServerRequest request) {
    List<Header> kept = new ArrayList<>(NAMES.length);
    for (CharSequence name : NAMES) {
      String value = request.getHeader(name);
      if (value != null) {
        kept.add(new Header(name.toString(), value));
      }
    }
    return kept;
  }
}
