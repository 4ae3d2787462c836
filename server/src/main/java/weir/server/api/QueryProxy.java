package weir.server.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.server.directory.RoleFile;
import weir.server.metadata.Asker;
import weir.server.metadata.KeyUses;

/**
 * Passes queries on to the query process and streams its answers back unchanged.
 *
 * <p>Where that process is to be found may change at any time, since it may be restarted: a
 * connection that cannot be made is tried again, each time with the role file as it then is, for a
 * bounded time. A query that is lost with the process soon after it began, and without a part of
 * its answer, is tried once more, apart from others that were lost, since it may have been the end
 * of the process itself. Each query has a connection of its own, so that none meets one that died
 * unnoticed.
 */
final class QueryProxy implements AutoCloseable {
  /** Headers that speak of a connection, not of the answer; HTTP/2 forbids them. */
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private static final Logger LOG = LoggerFactory.getLogger(QueryProxy.class);
  private static final String PREFIX = "/api/v1";
  private static final long ASK_AGAIN_MILLIS = 50;
  private static final int BODY_LIMIT = 1 << 20;
  private static final int CONNECTIONS = 256;

  /** Who has run for longer may have been ended for just that. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final ApiError UNAVAILABLE =
      new ApiError(503, "query_unavailable", "the query process is restarting; try again");
  private static final ApiError LOST =
      new ApiError(
          503,
          "query_lost",
          "the query process ended while it answered, perhaps for lack of memory; it is restarting");

  private final Vertx vertx;
  private final HttpClient client;
  private final Path roleFile;
  private final Duration patience;
  private final KeyUses uses;
  private final KeptQueries kept;
  private final LostQueries lost = new LostQueries();

  /**
   * A try to answer a call.
   *
   * @param ended told of its end
   */
  private record Attempt(Call call, Buffer body, boolean isLast, Runnable ended) {}

  QueryProxy(Vertx vertx, Path roleFile, Duration patience, KeyUses uses) {
    this.vertx = vertx;
    this.uses = uses;
    this.kept = new KeptQueries(uses, this::cancel);
    this.roleFile = roleFile;
    this.patience = patience;
    HttpClientOptions options = new HttpClientOptions().setConnectTimeout(1000).setKeepAlive(false);
    this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  void handle(Call call) {
    call.body(BODY_LIMIT, body -> pass(new Attempt(call, body, false, () -> {})));
  }

  private void pass(Attempt attempt) {
    Call call = attempt.call();
    Context context = vertx.getOrCreateContext();
    KeyUses.Use use =
        uses.open(
            call.known().id(),
            () -> context.runOnContext(ignored -> call.fail(ApiError.UNAUTHORIZED)));
    Runnable over =
        once(() -> {
          use.close();
          attempt.ended().run();
        });
    whenOver(call, over);
    connect(options(call), patience.toMillis())
        .onFailure(failure -> {
          if (!isOver(call)) {
            LOG.warn("no query process to be reached: {}", failure.getMessage());
            call.fail(UNAVAILABLE);
          }
        })
        .onSuccess(request -> {
          whenOver(
              call,
              () -> {
                over.run();
                request.reset();
              });
          if (!isOver(call)) {
            send(attempt, request, over);
          }
        });
  }

  /** Whether it has its answer, since its key was revoked perhaps, or its client has gone. */
  private static boolean isOver(Call call) {
    return call.request().response().ended() || call.request().response().closed();
  }

  private static void whenOver(Call call, Runnable then) {
    if (isOver(call)) {
      then.run();
      return;
    }
    call.request().response().closeHandler(ignored -> then.run());
    call.request().response().endHandler(ignored -> then.run());
  }

  private static RequestOptions options(Call call) {
    RequestOptions options =
        new RequestOptions().setMethod(call.request().method()).setURI(uri(call));
    String type = call.request().getHeader("Content-Type");
    return type == null ? options : options.putHeader("Content-Type", type);
  }

  /** Cancels a query whose result is kept, if it is still there. */
  private void cancel(Asker asker, String id) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.DELETE)
            .setURI("/query/" + encoded(id) + "?" + asker.parameters());
    connect(options, patience.toMillis())
        .compose(HttpClientRequest::send)
        .onFailure(failure -> LOG.warn("the query {} was not cancelled", id, failure));
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Future<HttpClientRequest> connect(RequestOptions options, long millisLeft) {
    return vertx
        .<Optional<RoleFile>>executeBlocking(() -> RoleFile.read(roleFile), false)
        .compose(found -> found.map(role -> open(options, role)).orElseGet(QueryProxy::notFound))
        .recover(failure -> {
          if (millisLeft <= 0) {
            return Future.failedFuture(failure);
          }
          Promise<HttpClientRequest> later = Promise.promise();
          vertx.setTimer(
              ASK_AGAIN_MILLIS,
              ignored -> connect(options, millisLeft - ASK_AGAIN_MILLIS).onComplete(later));
          return later.future();
        });
  }

  private static Future<HttpClientRequest> notFound() {
    return Future.failedFuture(new IOException("no query process has been ready yet"));
  }

  private Future<HttpClientRequest> open(RequestOptions options, RoleFile role) {
    return client.request(
        new RequestOptions(options)
            .setHost("127.0.0.1")
            .setPort(role.port())
            .putHeader("Authorization", "Bearer " + role.token()));
  }

  private static String uri(Call call) {
    String path = call.request().path().substring(PREFIX.length());
    return path + "?" + call.known().asks(call.project()).parameters();
  }

  private void send(Attempt attempt, HttpClientRequest request, Runnable over) {
    Call call = attempt.call();
    long began = System.nanoTime();
    request
        .send(attempt.body())
        .onFailure(failure -> {
          if (!isOver(call)) {
            LOG.warn("a query was lost: {}", failure.getMessage());
            lost(attempt, Duration.ofNanos(System.nanoTime() - began), over);
          }
        })
        .onSuccess(answer -> {
          kept.started(call, answer);
          stream(call, answer);
        });
  }

  private void lost(Attempt attempt, Duration after, Runnable over) {
    boolean mayRepeat = attempt.call().request().method() == HttpMethod.POST;
    if (attempt.isLast() || !mayRepeat || after.compareTo(SOON) > 0) {
      attempt.call().fail(LOST);
    } else {
      over.run();
      lost.retry(ended -> pass(new Attempt(attempt.call(), attempt.body(), true, ended)));
    }
  }

  private static Runnable once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private void stream(Call call, HttpClientResponse answer) {
    HttpServerResponse response = call.request().response();
    response.setStatusCode(answer.statusCode());
    answer
        .headers()
        .forEach((name, value) -> {
          if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
            response.putHeader(name, value);
          }
        });
    boolean http1 = call.request().version().compareTo(HttpVersion.HTTP_2) < 0;
    if (http1 && response.headers().get("Content-Length") == null) {
      response.setChunked(true);
    }
    answer
        .pipeTo(response)
        .onFailure(failure -> {
          LOG.debug("an answer broke off", failure);
          call.cutOff();
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
