package weir.collect;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.decode.Header;
import weir.decode.HeaderReading;

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

  /** Those of a request for any decoder, and those that its own decoder asks for. */
  static List<Header> of(HttpServerRequest request, List<Header> own) {
    List<Header> kept = new ArrayList<>(NAMES.length + own.size());
    for (CharSequence name : NAMES) {
      String value = request.getHeader(name);
      if (value != null) {
        kept.add(new Header(name.toString(), value));
      }
    }
    kept.addAll(own);
    return kept;
  }

  /** Those whose names begin as a decoder of a protocol with headers of its own says. */
  static List<Header> own(HttpServerRequest request, HeaderReading decoder) {
    List<Header> own = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (decoder.keepsHeader(name)) {
        own.add(new Header(name, header.getValue()));
      }
    }
    return own;
  }
}
