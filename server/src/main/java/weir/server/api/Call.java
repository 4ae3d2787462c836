package weir.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * A request that is being answered.
 *
 * @param project whose key it bears; empty on routes that need none
 */
record Call(HttpServerRequest request, String project) {
  void json(int status, String body) {
    answer(status, "application/json", body);
  }

  void answer(int status, String type, String body) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Content-Type", type);
      end(Buffer.buffer(body));
    }
  }

  /** Ends the answer with a body, of which a HEAD gets the length alone. */
  void end(Buffer body) {
    HttpServerResponse response = request.response();
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  /** Breaks the answer off: its client must not take half of it for the whole. */
  void cutOff() {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset();
    } else {
      request.connection().close();
    }
  }

  void fail(ApiError error) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      cutOff();
      return;
    }
    if (error.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    } else if (error.status() == 503) {
      response.putHeader("Retry-After", "1");
    }
    json(error.status(), error.json());
  }
}
