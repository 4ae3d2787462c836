package weir.server.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.metadata.Asker;
import weir.metadata.KeyUses;
import weir.server.loopback.LoopbackAddress;
import weir.server.statements.StatementFailure;
import weir.server.statements.StatementTry;
import weir.server.statements.Statements;

/**
 * Passes statements on to the process of their project, questions about behaviour to the query
 * process, and streams the answers back unchanged.
 *
 * <p>Where a process is to be found may change at any time, since it may be restarted: a connection
 * that cannot be made is tried again for a bounded time. A statement that another one took along
 * with its process is tried once more; one that has ended a process is not. Each query has a
 * connection of its own, so that none meets one that died unnoticed.
 */
final class QueryProxy implements AutoCloseable {
  /** Headers that speak of a connection, not of the answer; HTTP/2 forbids them. */
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade",
          StatementTry.ENDING_HEADER.toLowerCase(Locale.ROOT));

  private static final Logger LOG = LoggerFactory.getLogger(QueryProxy.class);
  private static final String PREFIX = "/api/v1";
  private static final String QUESTIONS = PREFIX + "/insights/";
  private static final long ASK_AGAIN_MILLIS = 50;
  private static final int BODY_LIMIT = 1 << 20;
  private static final int CONNECTIONS = 256;

  private final Vertx vertx;
  private final HttpClient client;
  private final Statements statements;
  private final Statements questions;
  private final WorkerExecutor workers;
  private final Duration patience;
  private final KeyUses uses;
  private final KeptQueries kept;

  /** A try to answer a call. */
  private record Attempt(Call call, Buffer body, StatementTry number) {}

  /** A request that is not sent yet, and its place in the process that it goes to. */
  private record Opened(HttpClientRequest request, Statements.Place place) {}

  /**
   * @param statements where statements run
   * @param questions where questions about behaviour are answered
   * @param patience how long to wait for a process that cannot be reached
   */
  QueryProxy(
      Vertx vertx, Statements statements, Statements questions, Duration patience, KeyUses uses) {
    this.vertx = vertx;
    this.uses = uses;
    this.kept = new KeptQueries(uses, this::cancel);
    this.statements = statements;
    this.questions = questions;
    this.workers = vertx.createSharedWorkerExecutor("query-places", 2);
    this.patience = patience;
    HttpClientOptions options = new HttpClientOptions().setConnectTimeout(1000).setKeepAlive(false);
    this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  void handle(Call call) {
    call.body(BODY_LIMIT, body -> pass(new Attempt(call, body, StatementTry.first(isPost(call)))));
  }

  private void pass(Attempt attempt) {
    Call call = attempt.call();
    Context context = vertx.getOrCreateContext();
    KeyUses.Use use =
        uses.open(
            call.known().id(),
            () -> context.runOnContext(ignored -> call.fail(ApiError.UNAUTHORIZED)));
    Runnable over = once(use::close);
    call.whenOver(over);
    connect(() -> place(call), options(call), patience.toMillis())
        .onFailure(failure -> {
          if (!call.isOver()) {
            LOG.warn("no query process to be reached: {}", failure.getMessage());
            fail(call, StatementFailure.UNAVAILABLE);
          }
        })
        .onSuccess(opened -> {
          Runnable leave = once(opened.place()::close);
          call.whenOver(() -> {
            over.run();
            opened.request().reset();
            leave.run();
          });
          if (!call.isOver()) {
            send(attempt, opened, over, leave);
          }
        });
  }

  private static void fail(Call call, StatementFailure failure) {
    call.fail(new ApiError(failure.status(), failure.code(), failure.message()));
  }

  private Future<Statements.Place> place(Call call) {
    boolean isQuestion = call.request().path().startsWith(QUESTIONS);
    return place(isQuestion ? questions : statements, call.project(), call.known().id());
  }

  private Future<Statements.Place> place(Statements where, String project, String key) {
    return workers
        .executeBlocking(() -> where.open(project, key), false)
        .compose(opened -> Future.fromCompletionStage(opened, vertx.getOrCreateContext()));
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
    connect(() -> place(statements, asker.project(), ""), options, patience.toMillis())
        .compose(opened -> opened.request().send().onComplete(ignored -> opened.place().close()))
        .onFailure(failure -> LOG.warn("the query {} was not cancelled", id, failure));
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Future<Opened> connect(
      Supplier<Future<Statements.Place>> places, RequestOptions options, long millisLeft) {
    return places
        .get()
        .compose(place -> open(options, place))
        .recover(failure -> {
          if (millisLeft <= 0) {
            return Future.failedFuture(failure);
          }
          Promise<Opened> later = Promise.promise();
          vertx.setTimer(
              ASK_AGAIN_MILLIS,
              ignored -> connect(places, options, millisLeft - ASK_AGAIN_MILLIS).onComplete(later));
          return later.future();
        });
  }

  private Future<Opened> open(RequestOptions options, Statements.Place place) {
    RequestOptions there =
        new RequestOptions(options)
            .setHost(LoopbackAddress.HOST)
            .setPort(place.address().port())
            .putHeader("Authorization", place.address().authorization());
    return client
        .request(there)
        .map(request -> new Opened(quiet(request), place))
        .onFailure(failure -> place.close());
  }

  /** Without a handler Vert.x calls it an error where a client leaves before its answer begins. */
  private static HttpClientRequest quiet(HttpClientRequest request) {
    return request.exceptionHandler(broken -> LOG.debug("a query broke off", broken));
  }

  private static String uri(Call call) {
    String path = call.request().path().substring(PREFIX.length());
    return path + "?" + call.known().asks(call.project()).parameters();
  }

  private void send(Attempt attempt, Opened opened, Runnable over, Runnable leave) {
    Call call = attempt.call();
    opened
        .request()
        .send(attempt.body())
        .onFailure(failure -> {
          if (!call.isOver()) {
            LOG.warn("a query was lost: {}", failure.getMessage());
            Future.fromCompletionStage(opened.place().lost(), vertx.getOrCreateContext())
                .onSuccess(fate -> {
                  Optional<StatementFailure> why = attempt.number().lost(opened.place(), fate);
                  leave.run();
                  lost(attempt, why, over);
                });
          }
        })
        .onSuccess(answer -> {
          String ending = answer.getHeader(StatementTry.ENDING_HEADER);
          if (ending != null && attempt.number().isToRepeat(opened.place(), ending)) {
            leave.run();
            lost(attempt, Optional.empty(), over);
            return;
          }
          kept.started(call, answer);
          stream(call, answer);
        });
  }

  private static boolean isPost(Call call) {
    return call.request().method() == HttpMethod.POST;
  }

  /**
   * @param failure empty if the query is to be tried once more
   */
  private void lost(Attempt attempt, Optional<StatementFailure> failure, Runnable over) {
    if (attempt.call().isOver()) {
      return;
    }
    if (failure.isEmpty()) {
      over.run();
      pass(new Attempt(attempt.call(), attempt.body(), attempt.number().again()));
    } else {
      fail(attempt.call(), failure.get());
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
        .pipe()
        .endOnFailure(false) // half of an answer must not look like the whole
        .to(response)
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
