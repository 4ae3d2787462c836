package weir.server.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import weir.metadata.ApiKey;

/**
 * A request that is being answered.
 *
 * @param project that it is about; empty on routes that need no key
 * @param key that it bears; none on routes that need none
 */
record Call(HttpServerRequest request, String project, Optional<ApiKey> key) {
  private static final int NAME_SEGMENT = 4;

  /** How long a body may take to come, of which none is larger than some megabytes. */
  static final Duration BODY_TIMEOUT = Duration.ofSeconds(60);

  /** One that bears no key, or none that is known. */
  static Call ofStranger(HttpServerRequest request) {
    return new Call(request, "", Optional.empty());
  }

  /** The key that it bears, on a route that needs one. */
  ApiKey known() {
    return key.orElseThrow();
  }

  /** Whether the percent-encoding of its path can be read. */
  boolean hasReadablePath() {
    try {
      return request.path() == null || !decoded(request.path()).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The last segment of its path. */
  String lastSegment() {
    String path = request.path();
    return decoded(path.substring(path.lastIndexOf('/') + 1));
  }

  /** What its path names: the first segment behind {@code /api/v1/KIND/}. */
  String nameInPath() {
    return decoded(request.path().split("/", -1)[NAME_SEGMENT]);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Does something for it; what that throws is its answer. */
  void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      Answers.failed(this, e);
    }
  }

  /**
   * Reads its body; one that is too large is answered 413, one that does not come in time 408.
   *
   * @param limit in bytes
   */
  void body(int limit, Consumer<Buffer> then) {
    ApiError tooLarge = new ApiError(413, "too_large", "this request may have " + limit + " bytes");
    String declared = request.getHeader("Content-Length");
    if (declared != null && declared.length() > 9) {
      fail(tooLarge);
      return;
    }
    Buffer body = Buffer.buffer();
    Vertx timers = Vertx.currentContext().owner();
    long timer = timers.setTimer(BODY_TIMEOUT.toMillis(), late -> late());
    request
        .exceptionHandler(broken -> timers.cancelTimer(timer))
        .handler(chunk -> {
          if (body.length() <= limit) {
            body.appendBuffer(chunk);
          }
        })
        .endHandler(ignored -> {
          timers.cancelTimer(timer);
          if (body.length() > limit) {
            fail(tooLarge);
          } else {
            attempt(() -> then.accept(body));
          }
        });
  }

  /** Whether it has its answer, or its client has left. */
  boolean isOver() {
    return request.response().ended() || request.response().closed();
  }

  /** Does something once it is over, also where it is already: Vert.x tells of neither twice. */
  void whenOver(Runnable then) {
    if (isOver()) {
      then.run();
      return;
    }
    request.response().closeHandler(closed -> then.run());
    request.response().endHandler(ended -> then.run());
  }

  /** Its body has not come: nothing of it is waited for any more. */
  private void late() {
    if (isOver()) {
      cutOff();
      return;
    }
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader("Connection", "close");
    }
    request.response().endHandler(sent -> cutOff());
    fail(
        new ApiError(
            408,
            "request_timeout",
            "the body did not come within " + BODY_TIMEOUT.toSeconds() + " seconds"));
  }

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
