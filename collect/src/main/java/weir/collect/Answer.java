package weir.collect;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** What an answer says besides its body, so that pages may read it and nobody keeps it. */
final class Answer {
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private Answer() {}

  /**
   * Answers a request that is not answered yet.
   *
   * @param why null where it is taken
   * @param last whether the connection closes after it
   */
  static void send(
      HttpServerRequest request,
      int status,
      @Nullable CharSequence type,
      Buffer body,
      @Nullable Refusal why,
      boolean last) {
    HttpServerResponse response = request.response();
    MultiMap headers = response.headers();
    if (type != null) {
      headers.set(HttpHeaders.CONTENT_TYPE, type);
    }
    if (status != HttpResponseStatus.OK.code()) {
      response.setStatusCode(status);
    }
    Cors.allow(request.getHeader(HttpHeaders.ORIGIN), headers);
    if (request.method().equals(HttpMethod.GET)) {
      headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE); // the next event may look the same
      Cors.embed(headers);
    }
    if (why != null) {
      if (why.retryAfterSeconds() > 0) {
        headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(why.retryAfterSeconds()));
      }
      if (why.allow() != null) {
        headers.set(HttpHeaders.ALLOW, why.allow());
      }
      if (last) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }
    response.end(body);
  }
}
