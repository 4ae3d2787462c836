package weir.collect;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.Decoder;
import weir.log.EventLog;

/**
 * The HTTP front door. A request is answered 200 only after it is durable in the raw log; memory is
 * bounded whatever clients do. Safe for use by several threads.
 */
public final class Collector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  /** Servers of one instance of Vert.x that listen on this share one free port. */
  private static final int FREE_PORT = -1;

  private final Vertx vertx;
  private final RawLogs rawLogs;
  private final ExecutorService largeBodies;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private @Nullable TlsWatch tlsWatch;
  private volatile int port;

  private Collector(Vertx vertx, RawLogs rawLogs, ExecutorService largeBodies) {
    this.vertx = vertx;
    this.rawLogs = rawLogs;
    this.largeBodies = largeBodies;
  }

  /** The same with a raw log of one partition, nothing for web pages, and quotas from 0. */
  public static Collector start(
      CollectorOptions options,
      EventLog rawLog,
      Supplier<KeyRing> keys,
      List<Decoder> decoders,
      InstantSource clock,
      MeterRegistry meters)
      throws IOException {
    KeyUsage usage = KeyUsage.inMemory(clock);
    return start(options, List.of(rawLog), keys, usage, decoders, SitePaths.none(), clock, meters);
  }

  /**
   * Listens, and answers once it does.
   *
   * @param rawLogs the raw log's partitions, in order; where there are several, requests are split
   *     so that each event goes to the partition of its id. They stay their owner's to close, after
   *     the collector
   * @param keys asked for each request: must be fast
   * @param usage what counts towards the keys' quotas; stays its owner's to close, after the
   *     collector
   * @param decoders each takes the requests to its paths
   * @param site what else is served
   * @throws IOException if it cannot listen there, or has no usable certificate
   */
  public static Collector start(
      CollectorOptions options,
      List<EventLog> rawLogs,
      Supplier<KeyRing> keys,
      KeyUsage usage,
      List<Decoder> decoders,
      SitePaths site,
      InstantSource clock,
      MeterRegistry meters)
      throws IOException {
    Map<String, Decoder> routes = new HashMap<>();
    for (Decoder decoder : decoders) {
      for (String path : decoder.paths()) {
        if (routes.putIfAbsent(path, decoder) != null) {
          throw new IllegalArgumentException("two decoders for " + path);
        }
      }
    }
    site.refuseTaken(routes);
    InFlight inFlight = new InFlight(options.maxInFlightBytes());
    RawLogs queues = new RawLogs(rawLogs, options.maxInFlightBytes(), clock);
    ExecutorService largeBodies =
        Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("collect-large-", 0).daemon().factory());
    Collector collector = new Collector(newVertx(options), queues, largeBodies);
    Reception reception =
        new Reception(
            options,
            keys,
            Map.copyOf(routes),
            WebhookCalls.of(decoders),
            site,
            queues,
            clock,
            inFlight,
            new Admission(meters.config().clock()::monotonicTime, usage),
            new CollectMetrics(meters, inFlight),
            largeBodies);
    try {
      collector.listen(reception);
    } catch (IOException e) {
      collector.close();
      throw e;
    } catch (ExecutionException e) {
      collector.close();
      throw new IOException("cannot listen on " + options.host() + ":" + options.port(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      collector.close();
      throw new IOException("interrupted", e);
    }
    return collector;
  }

  private static Vertx newVertx(CollectorOptions options) {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(options.eventLoops())
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setPreferNativeTransport(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private void listen(Reception reception)
      throws IOException, InterruptedException, ExecutionException {
    HttpServerOptions http =
        new HttpServerOptions()
            // else a connection is unknown, and bounded by nothing, until its first bytes come
            .setHttp2ClearTextEnabled(false)
            .setTcpNoDelay(true)
            .setMaxHeaderSize(16 * 1024)
            .setMaxInitialLineLength(8 * 1024);
    Optional<TlsFiles> tls = reception.options().tls();
    if (tls.isPresent()) {
      TlsFiles.Identity identity = tls.get().read(vertx);
      http.setSsl(true).setUseAlpn(true).setKeyCertOptions(identity.options());
      deploy(reception, http);
      tlsWatch = TlsWatch.start(tls.get(), identity, "collect", vertx, this::updateTls);
    } else {
      deploy(reception, http);
    }
  }

  private void updateTls(ServerSSLOptions options) {
    servers.forEach(server ->
        server
            .updateSSLOptions(options)
            .onFailure(e -> LOG.error("the new certificate is not in use", e)));
  }

  private void deploy(Reception reception, HttpServerOptions http)
      throws InterruptedException, ExecutionException {
    vertx
        .deployVerticle(
            () -> new Loop(reception, http),
            new DeploymentOptions().setInstances(reception.options().eventLoops()))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }

  /** One event loop's server; Vert.x deals connections to all of them in turn. */
  private final class Loop extends VerticleBase {
    private final Reception reception;
    private final HttpServerOptions http;

    Loop(Reception reception, HttpServerOptions http) {
      this.reception = reception;
      this.http = http;
    }

    @Override
    public Future<?> start() {
      Lane lane = new Lane(reception, context);
      lanes.add(lane);
      CollectorOptions options = reception.options();
      HttpServer server =
          vertx
              .createHttpServer(http)
              .connectionHandler(lane::connected)
              .requestHandler(new FrontDoor(lane))
              .invalidRequestHandler(Collector::refuseInvalid)
              .exceptionHandler(e -> LOG.debug("a connection broke", e));
      servers.add(server);
      return server
          .listen(options.port() == 0 ? FREE_PORT : options.port(), options.host())
          .onSuccess(listening -> port = listening.actualPort());
    }
  }

  /** What is no HTTP, or has a head beyond the limits. */
  private static void refuseInvalid(HttpServerRequest request) {
    Refusal why = Refusal.notHttp();
    request
        .response()
        .setStatusCode(why.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(why.json())
        .onComplete(written -> request.connection().close());
  }

  /** Why requests are not stored; empty once one was again, or a minute after the last one. */
  public Optional<String> problem() {
    return Optional.of(rawLogs.lasting()).filter(why -> !why.isEmpty());
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /**
   * Refuses what comes from now on with 503, answers what is under way, and stops; what is not
   * answered by then is cut off, and was not acknowledged.
   */
  public void drainAndStop(Duration atMost) {
    CountDownLatch idle = new CountDownLatch(lanes.size());
    lanes.forEach(lane -> lane.later(() -> lane.drain(idle::countDown)));
    try {
      if (!idle.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("stopping with requests under way after {} ms", atMost.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** Stops, once what was handed to the log is appended. Other requests are cut off. */
  @Override
  public void close() {
    TlsWatch watch = tlsWatch;
    if (watch != null) {
      watch.close();
    }
    largeBodies.shutdown();
    rawLogs.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.warn("the HTTP server did not stop in order", e);
    }
  }
}
