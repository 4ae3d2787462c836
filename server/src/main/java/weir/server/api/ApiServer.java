package weir.server.api;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.collect.RequestFraming;
import weir.collect.TlsFiles;
import weir.collect.TlsWatch;
import weir.metadata.MetaStore;
import weir.server.statements.RoleStatements;
import weir.server.statements.Statements;
import weir.server.web.WebFiles;

/** The HTTP server of the API. */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final long START_SECONDS = 20;
  private static final int THREADS = 16;
  private static final int QUICK_THREADS = 4;
  private static final int SLOW_THREADS = 8;
  private static final int TAP_THREADS = 8;
  private static final int DELIVERY_THREADS = 2;

  private final Vertx vertx;
  private final Authentication authentication;
  private final Engine engine;
  private final InstantSource clock;
  private final QueryProxy queries;
  private final Answers answers;

  /** For what is always cheap, so that nothing expensive can keep it waiting. */
  private final WorkerExecutor quick;

  private final Answers quickAnswers;

  /** For what may take long. */
  private final WorkerExecutor slow;

  /** For whoever pulls events. */
  private final WorkerExecutor taps;

  /** For what waits for receivers of deliveries. */
  private final WorkerExecutor deliveries;

  private final String collector;
  private final String openApi;
  private final KnownParameters parameters;
  private final List<Route> routes;
  private final HttpServer server;
  private @Nullable TlsWatch tlsWatch;

  /**
   * Where the API listens.
   *
   * @param port 0 for any
   * @param tls what HTTPS is served with; empty for HTTP
   * @param queryRole the role file of the query process, which answers questions about behaviour
   * @param queryWait how long to wait for a query process that is restarting
   */
  public record Options(
      String host, int port, Optional<TlsFiles> tls, Path queryRole, Duration queryWait) {}

  private ApiServer(
      Options options,
      MetaStore store,
      Engine engine,
      LiveEvents events,
      Statements statements,
      InstantSource clock)
      throws IOException {
    this.vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setInternalBlockingPoolSize(4));
    this.authentication = new Authentication(store);
    this.engine = engine;
    this.clock = clock;
    this.queries =
        new QueryProxy(
            vertx,
            statements,
            new RoleStatements(options.queryRole()),
            options.queryWait(),
            store.uses());
    this.answers = new Answers(vertx.createSharedWorkerExecutor("api", THREADS));
    this.quick = vertx.createSharedWorkerExecutor("api-quick", QUICK_THREADS);
    this.quickAnswers = new Answers(quick);
    this.slow = vertx.createSharedWorkerExecutor("api-tables", SLOW_THREADS);
    this.taps = vertx.createSharedWorkerExecutor("api-taps", TAP_THREADS);
    this.deliveries = vertx.createSharedWorkerExecutor("api-deliveries", DELIVERY_THREADS);
    this.collector = events.collector();
    this.openApi = resource("openapi.json");
    this.parameters = KnownParameters.of(openApi);
    this.routes = routes(store, events, statements);
    HttpServerOptions http =
        new HttpServerOptions().setHost(options.host()).setPort(options.port()).setIdleTimeout(600);
    if (options.tls().isPresent()) {
      TlsFiles.Identity identity = options.tls().get().read(vertx);
      http.setSsl(true).setUseAlpn(true).setKeyCertOptions(identity.options());
      this.server = vertx.createHttpServer(http).requestHandler(this::route);
      this.tlsWatch =
          TlsWatch.start(options.tls().get(), identity, "api", vertx, server::updateSSLOptions);
    } else {
      this.server = vertx.createHttpServer(http).requestHandler(this::route);
    }
  }

  /**
   * Listens from now on.
   *
   * @param statements where users' statements run
   * @throws IOException if the port cannot be had
   */
  public static ApiServer start(
      Options options,
      MetaStore store,
      Engine engine,
      LiveEvents events,
      Statements statements,
      InstantSource clock)
      throws IOException, InterruptedException {
    ApiServer api = new ApiServer(options, store, engine, events, statements, clock);
    try {
      api.server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
      return api;
    } catch (ExecutionException | TimeoutException e) {
      api.close();
      String where = options.host() + ":" + options.port();
      throw new IOException("the API cannot listen on " + where, e);
    }
  }

  public int port() {
    return server.actualPort();
  }

  /** Every route there is. */
  List<Route> allRoutes() {
    return routes;
  }

  private List<Route> routes(MetaStore store, LiveEvents events, Statements statements)
      throws IOException {
    List<Route> all = new ArrayList<>(ownRoutes());
    all.addAll(new PageRoutes(WebFiles.load(), events.collector()).all());
    all.addAll(new LiveRoutes(events, answers).all());
    all.addAll(new KeyRoutes(store.keys(), engine.schemas(), engine::keyUsage, answers).all());
    all.addAll(new ProjectRoutes(store.projects(), statements, answers).all());
    all.addAll(new TableRoutes(engine.tables(), answers, vertx, slow).all());
    all.addAll(new SnapshotRoutes(engine.snapshots(), answers).all());
    all.addAll(new ImportRoutes(engine.imports(), answers).all());
    all.addAll(new SchemaRoutes(engine.schemas(), new Answers(slow)).all());
    all.addAll(new EnrichmentRoutes(engine.enrichments(), answers).all());
    all.addAll(new PluginRoutes(engine.enrichments(), answers).all());
    all.addAll(new WebhookRoutes(engine::webhooks, events.collector(), answers).all());
    all.addAll(
        new DeliveryRoutes(
                engine.deliveries(), engine.taps().events(), answers, new Answers(deliveries))
            .all());
    all.addAll(new StreamRoutes(engine.taps(), store.uses(), authentication, quick, vertx).all());
    all.addAll(
        new ConsumerRoutes(engine.taps(), store.consumers(), taps, vertx, System::nanoTime).all());
    return List.copyOf(all);
  }

  private List<Route> ownRoutes() {
    return List.of(
        new Route(
            HttpMethod.GET, "/health", Access.OPEN, call -> call.json(200, "{\"status\":\"up\"}")),
        new Route(HttpMethod.GET, "/ready", Access.OPEN, this::ready),
        new Route(HttpMethod.GET, "/metrics", Access.INSTALLATION, this::metrics),
        new Route(
            HttpMethod.GET, "/api/openapi.json", Access.OPEN, call -> call.json(200, openApi)),
        new Route(HttpMethod.POST, "/api/v1/query", Access.QUERY, queries::handle),
        new Route(HttpMethod.GET, "/api/v1/query/{id}", Access.QUERY, queries::handle),
        new Route(HttpMethod.DELETE, "/api/v1/query/{id}", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/trend", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/funnel", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/retention", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/path", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/sessions", Access.QUERY, queries::handle),
        new Route(HttpMethod.POST, "/api/v1/insights/distribution", Access.QUERY, queries::handle),
        new Route(HttpMethod.GET, "/api/v1/ledger", Access.PROJECT, this::ledger),
        new Route(
            HttpMethod.GET,
            "/api/v1/status",
            Access.INSTALLATION,
            call -> quickAnswers.of(call, "application/json", engine::status)));
  }

  private void route(HttpServerRequest request) {
    Call stranger = Call.ofStranger(request);
    String unclear = RequestFraming.fault(request);
    if (unclear != null) {
      request.response().putHeader("Connection", "close");
      request.response().endHandler(sent -> request.connection().close());
      stranger.fail(new ApiError(400, "malformed", unclear));
      return;
    }
    if (!stranger.hasReadablePath()) {
      stranger.fail(
          new ApiError(
              400, "malformed", "in the path stands a % without two hexadecimal digits behind it"));
      return;
    }
    String path = request.path() == null ? "" : request.path();
    List<Route> here = routes.stream().filter(route -> route.matches(path)).toList();
    if (here.isEmpty()) {
      String elsewhere =
          path.startsWith("/v1/") ? "; events go to the collector, at " + collector : "";
      stranger.fail(new ApiError(404, "not_found", "there is nothing at " + path + elsewhere));
      return;
    }
    Optional<Route> route = here.stream().filter(each -> each.takes(request.method())).findFirst();
    if (route.isEmpty()) {
      String allowed =
          here.stream().map(each -> each.method().name()).collect(Collectors.joining(", "));
      request.response().putHeader("Allow", allowed);
      stranger.fail(new ApiError(405, "method_not_allowed", path + " takes " + allowed));
    } else {
      parameters
          .refusal(route.get(), request)
          .ifPresentOrElse(
              why -> route.get().refuse(stranger, why), () -> answer(stranger, route.get()));
    }
  }

  private void answer(Call stranger, Route route) {
    if (route.open() || route.access() == Access.STREAM) {
      stranger.attempt(() -> route.handler().handle(stranger));
    } else {
      authenticated(stranger.request(), route);
    }
  }

  private void authenticated(HttpServerRequest request, Route route) {
    Call stranger = Call.ofStranger(request);
    Optional<Authentication.Claim> claim = Authentication.Claim.of(request);
    if (claim.isEmpty()) {
      stranger.fail(ApiError.UNAUTHORIZED);
      return;
    }
    request.pause();
    quick
        .executeBlocking(() -> authentication.check(claim.get(), route.access()), false)
        .onFailure(failure -> {
          Answers.failed(stranger, failure);
          request.resume();
        })
        .onSuccess(caller -> {
          Call call = new Call(request, caller.project(), Optional.of(caller.key()));
          call.attempt(() -> route.handler().handle(call));
          request.resume();
        });
  }

  private void ready(Call call) {
    quick
        .executeBlocking(engine::readiness, false)
        .onFailure(failure -> Answers.failed(call, failure))
        .onSuccess(readiness -> {
          if (readiness.ready()) {
            call.json(200, "{\"status\":\"ready\"}");
          } else {
            call.fail(new ApiError(503, "not_ready", readiness.why()));
          }
        });
  }

  private void metrics(Call call) {
    quickAnswers.of(call, "text/plain; version=0.0.4; charset=utf-8", engine::metrics);
  }

  private void ledger(Call call) {
    Instant now = clock.instant();
    answers.of(
        call,
        "application/json",
        () -> engine.ledger(call.project(), LedgerQuestion.of(call, now)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(ApiServer.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Stops listening; requests under way are cut off after a moment. */
  @Override
  public void close() {
    if (tlsWatch != null) {
      tlsWatch.close();
    }
    queries.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the API's threads did not end in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
