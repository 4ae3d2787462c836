package weir.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Posts over HTTP to the address that {@link AddressRules} has checked, with the name of the URL in
 * TLS and in the header Host. Its threads begin with the first request. Safe for use by several
 * threads.
 */
final class WebhookSender implements Sender, AutoCloseable {
  /** Of an answer's body, which nobody reads. */
  private static final long MOST_BODY = 64 << 10;

  /** To one receiver: requests never wait for those of other deliveries. */
  private static final int MOST_CONNECTIONS = 10_000;

  private static final long BODY_MILLIS = 5_000;
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

  private final AddressRules rules;
  private final Duration timeout;
  private final InstantSource clock;
  private @Nullable Vertx vertx;
  private @Nullable HttpClient client;

  WebhookSender(AddressRules rules, Duration timeout, InstantSource clock) {
    this.rules = rules;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public Answer post(URI url, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    AddressRules.Checked checked = rules.check(url);
    if (checked.address().isEmpty()) {
      return new Unanswered(checked.why());
    }
    Exchange exchange = new Exchange();
    CompletableFuture<Answer> answer =
        client()
            .request(options(url, checked.address().get()))
            .compose(request -> {
              if (!exchange.begins(request)) {
                return Future.failedFuture("nobody waits for it any more");
              }
              headers.forEach(request::putHeader);
              return request.send(Buffer.buffer(body)).map(this::answered); // before it can end
            })
            .toCompletionStage()
            .toCompletableFuture();
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      exchange.abandon();
      return new Unanswered("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Unanswered(
          cause.getMessage() == null ? cause.toString() : oneLine(cause.getMessage()));
    } catch (InterruptedException e) {
      exchange.abandon();
      throw e;
    }
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }

  /** A request, from its connection on: given up before that, it is never sent. */
  private static final class Exchange {
    private @Nullable HttpClientRequest request;
    private boolean abandoned;

    /** Whether it is still wanted. */
    synchronized boolean begins(HttpClientRequest opened) {
      request = opened;
      if (abandoned) {
        opened.reset();
      }
      return !abandoned;
    }

    synchronized void abandon() {
      abandoned = true;
      if (request != null) {
        request.reset();
      }
    }
  }

  private RequestOptions options(URI url, InetAddress address) {
    boolean secure = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
    int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(secure)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .setConnectTimeout(timeout.toMillis())
        .setIdleTimeout(timeout.toMillis());
  }

  /** The head says all; the body is passed over, as far as it is short and quick. */
  private Answer answered(HttpClientResponse response) {
    AtomicLong length = new AtomicLong();
    Vertx timers = vertx();
    long timer =
        timers.setTimer(
            BODY_MILLIS,
            late -> {
              response.request().reset();
            });
    response
        .handler(part -> {
          if (length.addAndGet(part.length()) > MOST_BODY) {
            response.request().reset();
          }
        })
        .endHandler(end -> timers.cancelTimer(timer))
        .exceptionHandler(broken -> timers.cancelTimer(timer));
    return new Answered(response.statusCode(), retryAfter(response.getHeader("Retry-After")));
  }

  private Optional<Duration> retryAfter(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Duration wait;
    try {
      if (text.strip().matches("\\d{1,9}")) {
        wait = Duration.ofSeconds(Long.parseLong(text.strip()));
      } else {
        Instant at =
            ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        wait = Duration.between(clock.instant(), at);
      }
    } catch (DateTimeException e) {
      return Optional.empty();
    }
    wait = wait.isNegative() ? Duration.ZERO : wait;
    return Optional.of(wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
  }

  private synchronized Vertx vertx() {
    Vertx running = vertx;
    if (running == null) {
      running =
          CompletableFuture.supplyAsync(
                  WebhookSender::smallVertx, task -> Thread.ofVirtual().start(task))
              .join();
      vertx = running;
    }
    return running;
  }

  /** To be called on no thread of another Vertx, which would warn. */
  private static Vertx smallVertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2));
  }

  private synchronized HttpClient client() {
    HttpClient running = client;
    if (running == null) {
      running =
          vertx()
              .createHttpClient(
                  new HttpClientOptions()
                      .setVerifyHost(true)
                      .setKeepAliveTimeout(10)
                      .setDecompressionSupported(false),
                  new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
      client = running;
    }
    return running;
  }

  @Override
  public synchronized void close() {
    Vertx running = vertx;
    if (running != null) {
      running.close();
    }
  }
}
