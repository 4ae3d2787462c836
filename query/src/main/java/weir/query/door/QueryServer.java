package weir.query.door;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import weir.event.ProjectName;
import weir.query.Access;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.Questions;
import weir.query.RowLimit;
import weir.query.postgres.PostgresRequest;
import weir.query.rendering.HttpErrors;
import weir.query.rendering.HttpSink;
import weir.query.rendering.ResultFormat;
import weir.query.rendering.ResultSink;

/**
 * The query role's door: HTTP on the loopback, for the engine role alone.
 *
 * <p>{@code POST /query}, {@code GET} and {@code DELETE /query/ID} take and give what api.md says
 * of {@code /api/v1/query}, {@code POST /insights/KIND} what it says of {@code /api/v1/insights};
 * {@code POST /postgres/query} answers a statement with messages of PostgreSQL's protocol and
 * {@code /postgres/describe} its types, see {@link PostgresRequest}. Each of these takes who asks
 * from the parameters {@code project}, {@code key} and, for a key that is limited to some rows,
 * {@code limit_property} and {@code limit_value} (JSON), and trusts that they have the right to.
 * {@code GET /metrics}, {@code GET /running}, the number of queries under way, and {@code GET
 * /health} are for the engine and the supervisor. All but the last want the bearer token. A query
 * is cancelled when its client goes.
 */
public final class QueryServer implements AutoCloseable {
  static final String ID_HEADER = "Weir-Query-Id";

  private static final String HOST = "127.0.0.1";
  private static final int MAX_BODY = 1 << 20;
  private static final int WATCH_MILLIS = 20;
  private static final String QUERY_PATH = "/query";
  private static final String POSTGRES_PATH = "/postgres/";
  private static final String QUESTION_PATH = "/insights/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx;
  private final QueryService service;
  private final QueryOptions options;
  private final byte[] authorization;
  private final Supplier<String> metrics;
  private final ScheduledExecutorService watch;
  private final HttpServer http;

  private QueryServer(
      QueryService service,
      QueryWatch queryWatch,
      QueryOptions options,
      String token,
      Supplier<String> metrics)
      throws IOException {
    this.service = service;
    this.options = options;
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.metrics = metrics;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("query-watch").unstarted(task));
    HttpServerOptions http = new HttpServerOptions().setHost(HOST).setPort(0);
    try {
      this.http =
          vertx
              .createHttpServer(http)
              .requestHandler(this::handle)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join();
    } catch (RuntimeException e) {
      watch.shutdown();
      vertx.close();
      throw new IOException("cannot listen on " + HOST, e);
    }
    watch.scheduleWithFixedDelay(queryWatch, 0, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts on a free port.
   *
   * @param token that requests must bear
   * @param ticker nanoseconds from an arbitrary origin
   * @param metrics the text that GET /metrics answers
   * @throws IOException if it cannot listen
   */
  public static QueryServer start(
      QueryEngine engine,
      Questions questions,
      QueryOptions options,
      String token,
      LongSupplier ticker,
      MeterRegistry meters,
      Supplier<String> metrics,
      ProcessHalt halt)
      throws IOException {
    QueryService service = new QueryService(engine, questions, options, ticker, meters);
    return new QueryServer(
        service,
        new QueryWatch(service, options, ticker, QueryWatch.processCpu(ticker), halt),
        options,
        token,
        metrics);
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return http.actualPort();
  }

  private void handle(HttpServerRequest request) {
    try {
      route(request);
    } catch (QueryException e) {
      HttpErrors.send(request.response(), e);
    }
  }

  private void route(HttpServerRequest request) throws QueryException {
    String path = request.path();
    if (path.equals("/health")) {
      text(request.response(), "ok\n");
      return;
    }
    authorize(request);
    if (path.equals("/metrics")) {
      text(request.response(), metrics.get());
    } else if (path.equals("/running")) {
      text(request.response(), service.running().size() + "\n");
    } else if (path.equals(QUERY_PATH)) {
      if (request.method() != HttpMethod.POST) {
        throw new QueryException(QueryError.METHOD_NOT_ALLOWED, "POST a query here");
      }
      Access access = access(request);
      Context context = vertx.getOrCreateContext();
      body(request, body -> start(request, context, QueryRequest.parse(access, body, options)));
    } else if (path.startsWith(QUESTION_PATH)) {
      if (request.method() != HttpMethod.POST) {
        throw new QueryException(QueryError.METHOD_NOT_ALLOWED, "POST a question here");
      }
      Access access = access(request);
      String kind = path.substring(QUESTION_PATH.length());
      ResultSink sink =
          new HttpSink(vertx.getOrCreateContext(), request.response(), ResultFormat.JSON);
      body(
          request, body -> endWithClient(request, service.startQuestion(access, kind, body, sink)));
    } else if (path.startsWith(POSTGRES_PATH)) {
      postgres(request, path.substring(POSTGRES_PATH.length()));
    } else if (path.startsWith(QUERY_PATH + "/")) {
      QueryKey key = new QueryKey(access(request), path.substring(QUERY_PATH.length() + 1));
      if (request.method() == HttpMethod.GET) {
        show(request.response(), key);
      } else if (request.method() == HttpMethod.DELETE) {
        cancel(request.response(), key);
      } else {
        throw new QueryException(QueryError.METHOD_NOT_ALLOWED, "GET or DELETE a query here");
      }
    } else {
      throw new QueryException(QueryError.NOT_FOUND, "there is nothing at " + path);
    }
  }

  private void postgres(HttpServerRequest request, String what) throws QueryException {
    if (request.method() != HttpMethod.POST) {
      throw new QueryException(QueryError.METHOD_NOT_ALLOWED, "POST a statement here");
    }
    Access access = access(request);
    ResultSink sink =
        new HttpSink(vertx.getOrCreateContext(), request.response(), ResultFormat.JSON);
    body(
        request,
        body -> {
          PostgresRequest statement = PostgresRequest.parse(access, body);
          endWithClient(
              request,
              what.equals("describe")
                  ? service.startDescription(statement, sink)
                  : service.startPostgres(statement, sink));
        });
  }

  private void authorize(HttpServerRequest request) throws QueryException {
    String given = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
      throw new QueryException(QueryError.UNAUTHORIZED, "the token is missing or wrong");
    }
  }

  private static Access access(HttpServerRequest request) throws QueryException {
    String project = request.getParam("project");
    if (project == null || ProjectName.of(project).isEmpty()) {
      throw new QueryException(QueryError.INVALID_REQUEST, "project is missing or no name");
    }
    String property = request.getParam("limit_property");
    String value = request.getParam("limit_value");
    if ((property == null) != (value == null)) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "limit_property and limit_value come together");
    }
    String key = Objects.requireNonNullElse(request.getParam("key"), "");
    try {
      return new Access(
          project,
          key,
          property == null || value == null
              ? Optional.empty()
              : Optional.of(RowLimit.parse(property, value)));
    } catch (IllegalArgumentException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "the limit cannot be understood: " + e.getMessage(), e);
    }
  }

  /** Does something with a request's body. */
  private interface BodyHandler {
    void handle(byte[] body) throws QueryException;
  }

  private static void body(HttpServerRequest request, BodyHandler handler) {
    Buffer body = Buffer.buffer();
    request.handler(part -> {
      if (body.length() + part.length() <= MAX_BODY) {
        body.appendBuffer(part);
      } else if (!request.response().ended()) {
        HttpErrors.send(
            request.response(),
            new QueryException(
                QueryError.REQUEST_TOO_LARGE, "a query has at most " + MAX_BODY + " bytes"));
      }
    });
    request.endHandler(end -> {
      try {
        if (!request.response().ended()) {
          handler.handle(body.getBytes());
        }
      } catch (QueryException e) {
        HttpErrors.send(request.response(), e);
      }
    });
  }

  private void start(HttpServerRequest request, Context context, QueryRequest query)
      throws QueryException {
    HttpServerResponse response = request.response();
    QueryKey key = QueryService.key(query);
    response.putHeader(ID_HEADER, key.id());
    if (query.async()) {
      RunningQuery running = service.startKept(query, key);
      state(response, key, running.state());
      return;
    }
    endWithClient(
        request, service.start(query, key, new HttpSink(context, response, query.format())));
  }

  private static void endWithClient(HttpServerRequest request, RunningQuery running) {
    Runnable gone = () -> running.deadline().end(QueryError.QUERY_CANCELLED);
    request.response().closeHandler(closed -> gone.run());
    request.response().exceptionHandler(failure -> gone.run());
  }

  private void show(HttpServerResponse response, QueryKey key) throws QueryException {
    QueryState state =
        service
            .state(key)
            .orElseThrow(
                () -> new QueryException(QueryError.NOT_FOUND, "there is no query " + key.id()));
    response.putHeader(ID_HEADER, key.id());
    state(response, key, state);
  }

  private static void state(HttpServerResponse response, QueryKey key, QueryState state) {
    switch (state) {
      case QueryState.Running running -> {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", key.id());
        json.put("state", "running");
        json.put("elapsed_ms", running.elapsed().toMillis());
        if (running.progress().isPresent()) {
          json.put("progress", running.progress().getAsDouble());
        } else {
          json.putNull("progress");
        }
        response
            .setStatusCode(202)
            .putHeader("Content-Type", "application/json")
            .end(json.toString());
      }
      case QueryState.Failed failed -> HttpErrors.send(response, failed.failure());
      case QueryState.Done done -> {
        response.putHeader("Content-Type", done.format().contentType());
        response.sendFile(done.file().toString());
      }
    }
  }

  private void cancel(HttpServerResponse response, QueryKey key) throws QueryException {
    if (!service.cancel(key)) {
      throw new QueryException(QueryError.NOT_FOUND, "there is no query " + key.id());
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("id", key.id());
    json.put("state", "cancelled");
    response.putHeader("Content-Type", "application/json").end(json.toString());
  }

  private static void text(HttpServerResponse response, String text) {
    response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8").end(text);
  }

  /** Cancels what runs and stops listening. */
  @Override
  public void close() {
    service.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    watch.shutdownNow();
  }
}
