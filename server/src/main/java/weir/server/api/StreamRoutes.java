package weir.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.metadata.ApiKey;
import weir.metadata.KeyUses;
import weir.server.stream.StreamTokens;
import weir.server.stream.Taps;
import weir.tap.EventFilter;
import weir.tap.EventStream;
import weir.tap.Framing;

/** The stream of clean events, as server-sent events or over a WebSocket; tokens that open it. */
final class StreamRoutes {
  private static final String PATH = "/api/v1/stream";
  private static final String RAKAM = "/stream/subscribe";
  private static final String READER_HEADERS =
      "Authorization, Cache-Control, Last-Event-ID, Weir-Project, read_key";
  private static final String JSON = "application/json";
  private static final Duration TOKEN_VALID = Duration.ofHours(1);
  private static final Duration LONGEST_TOKEN = Duration.ofDays(1);
  private static final short POLICY_VIOLATION = 1008;

  private final Taps taps;
  private final KeyUses uses;
  private final StreamTokens tokens = new StreamTokens(InstantSource.system());
  private final Authentication authentication;
  private final WorkerExecutor threads;
  private final Answers answers;
  private final Vertx vertx;

  StreamRoutes(
      Taps taps, KeyUses uses, Authentication authentication, WorkerExecutor threads, Vertx vertx) {
    this.taps = taps;
    this.uses = uses;
    this.authentication = authentication;
    this.threads = threads;
    this.answers = new Answers(threads);
    this.vertx = vertx;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.STREAM, call -> open(call, this::opened)),
        new Route(HttpMethod.OPTIONS, PATH, Access.OPEN, StreamRoutes::preflight),
        new Route(HttpMethod.GET, RAKAM, Access.STREAM, call -> open(call, this::openedForRakam)),
        new Route(HttpMethod.OPTIONS, RAKAM, Access.OPEN, StreamRoutes::preflight),
        new Route(HttpMethod.POST, PATH + "/tokens", Access.QUERY, this::token));
  }

  /**
   * Whether a page may read the stream with a key, or go on behind an event, by headers. With an
   * EventSource no browser asks; what reads with fetch, since it has a key to send, does.
   */
  private static void preflight(Call call) {
    HttpServerResponse response = call.request().response();
    Route.openToPages(response);
    response
        .putHeader("Access-Control-Allow-Methods", "GET")
        .putHeader("Access-Control-Allow-Headers", READER_HEADERS)
        .putHeader("Access-Control-Max-Age", "86400")
        .end();
  }

  private void token(Call call) {
    ApiKey key = call.known();
    answers.of(
        call,
        201,
        JSON,
        () -> {
          Duration valid =
              TapParameters.span(
                  call.request().getParam("valid"), "valid", TOKEN_VALID, LONGEST_TOKEN);
          Map.Entry<String, StreamTokens.Token> issued =
              tokens
                  .issue(key, call.project(), valid)
                  .orElseThrow(() ->
                      new ApiError.Thrown(
                          new ApiError(429, "too_many_tokens", "too many tokens are in force")));
          uses.open(key.id(), () -> tokens.forget(key.id()));
          return JsonNodeFactory.instance
              .objectNode()
              .put("token", issued.getKey())
              .put("expires_at", issued.getValue().expiresAt().toString())
              .toString();
        });
  }

  /** What a reader may see, and from where. */
  private record Opened(ApiKey key, EventFilter filter, Position from, Framing framing) {}

  /** Tells that of a request. Blocks. */
  private interface Opening {
    Opened of(HttpServerRequest request) throws IOException;
  }

  private void open(Call call, Opening opening) {
    HttpServerRequest request = call.request();
    request.pause();
    threads
        .executeBlocking(() -> opening.of(request), false)
        .onFailure(failure -> {
          request.resume();
          Route.openToPages(request.response());
          Answers.failed(call, failure);
        })
        .onSuccess(opened -> {
          if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            request
                .toWebSocket()
                .onSuccess(socket -> overWebSocket(socket, opened))
                .onFailure(failure -> Answers.failed(call, failure));
          } else {
            request.resume();
            asEvents(call, opened);
          }
        });
  }

  private Opened opened(HttpServerRequest request) throws IOException {
    Authentication.Caller reader =
        reader(request.getParam("token"), Authentication.Claim.of(request));
    EventFilter filter =
        TapParameters.filter(reader.project(), reader.key().limit(), request.params());
    return new Opened(reader.key(), filter, from(request), Framing.SSE);
  }

  /** As a client of Rakam asks: with its read key, and {@code data} that says what for. */
  private Opened openedForRakam(HttpServerRequest request) throws IOException {
    String given =
        Optional.ofNullable(request.getHeader("read_key"))
            .or(() -> Optional.ofNullable(request.getParam("read_key")))
            .or(() -> Optional.ofNullable(request.getParam("api_key")))
            .orElse(null);
    Optional<Authentication.Claim> claim =
        Optional.ofNullable(given)
            .map(key -> new Authentication.Claim(key, null))
            .or(() -> Authentication.Claim.of(request));
    boolean isToken = given != null && given.startsWith(StreamTokens.PREFIX);
    Authentication.Caller reader = reader(isToken ? given : null, claim);
    RakamSubscription wanted = RakamSubscription.parse(request.getParam("data"));
    EventFilter filter = wanted.filter(reader.project(), TapParameters.limit(reader.key().limit()));
    return new Opened(reader.key(), filter, from(request), wanted.framing());
  }

  private Authentication.Caller reader(
      @Nullable String token, Optional<Authentication.Claim> claim) {
    if (token != null) {
      StreamTokens.Token known =
          tokens
              .find(token)
              .orElseThrow(() ->
                  new ApiError.Thrown(
                      new ApiError(
                          401,
                          "unauthorized",
                          "this token is not in force: ask for one at POST " + PATH + "/tokens")));
      return new Authentication.Caller(known.key(), known.project());
    }
    return authentication.check(
        claim.orElseThrow(() -> new ApiError.Thrown(ApiError.UNAUTHORIZED)), Access.QUERY);
  }

  private Position from(HttpServerRequest request) throws IOException {
    String from =
        Optional.ofNullable(request.getHeader("Last-Event-ID"))
            .or(() -> Optional.ofNullable(request.getParam("last_event_id")))
            .or(() -> Optional.ofNullable(request.getParam("lastEventId")))
            .filter(text -> !text.isBlank())
            .or(() -> Optional.ofNullable(request.getParam("from")))
            .orElse("latest");
    return TapParameters.begin(taps.events(), from);
  }

  private void asEvents(Call call, Opened opened) {
    if (call.isOver()) {
      return;
    }
    HttpServerResponse response = call.request().response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    Route.openToPages(response);
    response.write(StreamConnection.buffer("retry: 1000\n: Weir\n\n"));
    StreamConnection connection =
        new StreamConnection(
            vertx.getOrCreateContext(),
            new StreamConnection.Words() {
              @Override
              public Future<Void> send(byte[] events) {
                return response.write(StreamConnection.shared(events));
              }

              @Override
              public Future<Void> alive() {
                return response.write(StreamConnection.buffer(": alive\n\n"));
              }

              @Override
              public void end(ApiError why) {
                response.end(StreamConnection.buffer("event: error\ndata: " + why.json() + "\n\n"));
              }
            });
    Runnable leave = subscribe(opened, opened.framing(), connection);
    call.whenOver(leave);
    response.exceptionHandler(broken -> leave.run());
  }

  private void overWebSocket(ServerWebSocket socket, Opened opened) {
    if (socket.isClosed()) {
      return;
    }
    StreamConnection connection =
        new StreamConnection(
            vertx.getOrCreateContext(),
            new StreamConnection.Words() {
              @Override
              public Future<Void> send(byte[] events) {
                Future<Void> last = Future.succeededFuture();
                for (String message : new String(events, StandardCharsets.UTF_8).split("\n")) {
                  last = socket.writeTextMessage(message);
                }
                return last;
              }

              @Override
              public Future<Void> alive() {
                return socket.writePing(Buffer.buffer("alive"));
              }

              @Override
              public void end(ApiError why) {
                socket
                    .writeTextMessage(why.json())
                    .onComplete(sent -> socket.close(POLICY_VIOLATION, why.code()));
              }
            });
    Runnable leave = subscribe(opened, Framing.MESSAGES, connection);
    socket.closeHandler(closed -> leave.run());
    socket.exceptionHandler(broken -> leave.run());
  }

  /** What to do when the reader has left. */
  private Runnable subscribe(Opened opened, Framing framing, StreamConnection connection) {
    EventStream.Subscription subscription =
        taps.stream().subscribe(opened.filter(), framing, opened.from(), connection);
    KeyUses.Use use =
        uses.open(
            opened.key().id(),
            () -> {
              subscription.close();
              connection.end(new ApiError(401, "unauthorized", "this API key was revoked"));
            });
    return () -> {
      connection.gone();
      subscription.close();
      use.close();
    };
  }
}
