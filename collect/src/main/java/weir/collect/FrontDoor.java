package weir.collect;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoder;

/** Says by path and method who takes a request. One for each event loop. */
final class FrontDoor implements Handler<HttpServerRequest> {
  private static final Buffer ALIVE = Buffer.buffer("{\"status\":\"ok\"}");
  private static final Buffer READY = Buffer.buffer("{\"status\":\"ready\"}");

  private final Lane lane;
  private final Reception reception;
  private final String paths;

  FrontDoor(Lane lane) {
    this.lane = lane;
    this.reception = lane.reception();
    this.paths =
        reception.routes().keySet().stream()
            .filter(path -> path.lastIndexOf('/') < path.length() - 2) // one letter is an SDK's
            .sorted()
            .collect(Collectors.joining(", "));
  }

  @Override
  public void handle(HttpServerRequest request) {
    Lane.Link link = lane.link(request.connection());
    if (link == null) {
      return;
    }
    String unclear = RequestFraming.fault(request);
    if (unclear != null) {
      refuse(request, link, Refusal.unclear(unclear));
      return;
    }
    String path = request.path() == null ? "" : request.path();
    Decoder decoder = reception.routes().get(path);
    if (decoder == null) {
      path = reception.site().protocolPath(RequestPath.normalized(path));
      decoder = reception.routes().get(path);
    }
    if (decoder == null) {
      handleOther(request, link, path);
    } else if (request.method().equals(HttpMethod.POST)
        || (request.method().equals(HttpMethod.GET) && decoder.getPaths().contains(path))) {
      new Exchange(lane, link, request).accept(path, decoder);
    } else if (request.method().equals(HttpMethod.OPTIONS)) {
      Cors.preflight(request);
    } else {
      String allowed = decoder.getPaths().contains(path) ? "GET, POST, OPTIONS" : "POST, OPTIONS";
      refuse(request, link, Refusal.wrongMethod(path, allowed, request.method().name()));
    }
  }

  private void handleWebhook(HttpServerRequest request, Lane.Link link, WebhookCalls.Call call) {
    if (request.method().equals(HttpMethod.POST)) {
      new Exchange(lane, link, request).accept(call);
    } else {
      String method = request.method().name();
      refuse(request, link, Refusal.wrongMethod("a webhook's path", "POST", method));
    }
  }

  private void handleOther(HttpServerRequest request, Lane.Link link, String path) {
    Optional<WebhookCalls.Call> call = reception.webhooks().at(path);
    if (call.isPresent()) {
      handleWebhook(request, link, call.get());
      return;
    }
    String settingsOf = SegmentSettings.key(path);
    if (settingsOf != null) {
      answerLibrary(
          request,
          link,
          path,
          settingsOf,
          "application/json",
          () -> SegmentSettings.json(settingsOf, request));
      return;
    }
    PostHogFile file = PostHogFile.at(path);
    if (file != null) {
      answerLibrary(request, link, path, file.key(), file.mediaType(), file::text);
      return;
    }
    Script script = reception.site().script(path);
    if (script != null) {
      handleScript(request, link, path, script);
      return;
    }
    boolean health = path.equals("/health");
    if (!health && !path.equals("/ready")) {
      refuse(
          request,
          link,
          Refusal.of(
              404,
              "not_found",
              (isOfApi(path)
                      ? "this is the collector; "
                          + path
                          + " is at the API's port (8090 unless api.port says otherwise)"
                      : "there is no such path")
                  + "; POST events to "
                  + paths
                  + "; GET /health, /ready"));
    } else if (!request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD)) {
      refuse(request, link, Refusal.wrongMethod(path, "GET, HEAD", request.method().name()));
    } else {
      String trouble = health ? null : notReady();
      if (trouble == null) {
        request
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end(health ? ALIVE : READY);
      } else {
        refuse(request, link, Refusal.unavailable("not_ready", trouble));
      }
    }
  }

  private static boolean isOfApi(String path) {
    return path.startsWith("/api/") || path.equals("/") || path.equals("/metrics");
  }

  /**
   * Answers what a client's library asks for before it sends.
   *
   * @param key the write key that it asks for; null if it names none
   */
  private void answerLibrary(
      HttpServerRequest request,
      Lane.Link link,
      String path,
      @Nullable String key,
      String mediaType,
      Supplier<String> text) {
    if (request.method().equals(HttpMethod.OPTIONS)) {
      Cors.preflight(request);
    } else if (!request.method().equals(HttpMethod.GET)) {
      refuse(request, link, Refusal.wrongMethod(path, "GET, OPTIONS", request.method().name()));
    } else if (key != null && reception.keys().get().find(key) == null) {
      refuse(request, link, Refusal.of(404, "no_write_key", "there is no such write key"));
    } else {
      Cors.allow(request.getHeader(HttpHeaders.ORIGIN), request.response().headers());
      Cors.embed(request.response().headers());
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
          .end(Buffer.buffer(text.get()));
    }
  }

  private void handleScript(HttpServerRequest request, Lane.Link link, String path, Script script) {
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.OPTIONS)) {
      Cors.preflight(request);
    } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      refuse(request, link, Refusal.wrongMethod(path, "GET, HEAD, OPTIONS", method.name()));
    } else {
      script.answer(request);
    }
  }

  private @Nullable String notReady() {
    if (lane.draining()) {
      return "the collector is stopping";
    }
    if (reception.keys().get().isEmpty()) {
      return "no write keys yet: the engine role makes them, and has not run on this data directory";
    }
    return reception.rawLogs().trouble();
  }

  private void refuse(HttpServerRequest request, Lane.Link link, Refusal why) {
    new Exchange(lane, link, request).refuse(why);
  }
}
