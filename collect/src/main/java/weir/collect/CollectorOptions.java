package weir.collect;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the collector listens and what it bears.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param eventLoops how many threads serve connections
 * @param maxRequestBytes the largest body, as it arrives
 * @param maxDecodedBytes the largest body once its content-encoding is undone
 * @param maxInFlightBytes how many bytes of bodies may be held at a time, from their arrival until
 *     they are stored; beyond them requests get 429
 * @param maxConnections further ones are closed at once
 * @param bodyTimeout within it a request's body must have arrived, else it gets 408
 * @param idleTimeout a connection without a complete request for so long is closed
 * @param trustedProxies how many proxies in front append to x-forwarded-for; the client's address
 *     is taken from there, that many places from its end; 0 takes the connection's own
 * @param tls what HTTPS is served with; with HTTP/1.1 and HTTP/2; empty for HTTP/1.1 without it
 */
public record CollectorOptions(
    String host,
    int port,
    int eventLoops,
    int maxRequestBytes,
    int maxDecodedBytes,
    long maxInFlightBytes,
    int maxConnections,
    Duration bodyTimeout,
    Duration idleTimeout,
    int trustedProxies,
    Optional<TlsFiles> tls) {
  public CollectorOptions {
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(host, "host");
    within("port", port, 0, 65_535);
    within("eventLoops", eventLoops, 1, 1024);
    within("maxRequestBytes", maxRequestBytes, 1, 1 << 30);
    within("maxDecodedBytes", maxDecodedBytes, maxRequestBytes, 1 << 30);
    within("maxInFlightBytes", maxInFlightBytes, maxRequestBytes, Long.MAX_VALUE);
    within("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
    within("bodyTimeout (ms)", bodyTimeout.toMillis(), 1, Integer.MAX_VALUE);
    within("idleTimeout (ms)", idleTimeout.toMillis(), 1, Integer.MAX_VALUE);
    within("trustedProxies", trustedProxies, 0, 100);
  }

  private static void within(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + ", not between " + least + " and " + most);
    }
  }

  /**
   * 10 MiB a request, four times that decoded, 256 MiB in flight, 20,000 connections, 30 s for a
   * body, 75 s idle, no trusted proxy, an event loop for each processor.
   */
  public static CollectorOptions defaults(String host, int port) {
    return new CollectorOptions(
        host,
        port,
        Math.max(2, Runtime.getRuntime().availableProcessors()),
        10 << 20,
        40 << 20,
        256L << 20,
        20_000,
        Duration.ofSeconds(30),
        Duration.ofSeconds(75),
        0,
        Optional.empty());
  }

  public CollectorOptions withEventLoops(int loops) {
    return new CollectorOptions(
        host,
        port,
        loops,
        maxRequestBytes,
        maxDecodedBytes,
        maxInFlightBytes,
        maxConnections,
        bodyTimeout,
        idleTimeout,
        trustedProxies,
        tls);
  }

  /** With other limits of size, in bytes. */
  public CollectorOptions withSizes(int maxRequest, int maxDecoded, long maxInFlight) {
    return new CollectorOptions(
        host,
        port,
        eventLoops,
        maxRequest,
        maxDecoded,
        maxInFlight,
        maxConnections,
        bodyTimeout,
        idleTimeout,
        trustedProxies,
        tls);
  }

  public CollectorOptions withTimeouts(Duration body, Duration idle) {
    return new CollectorOptions(
        host,
        port,
        eventLoops,
        maxRequestBytes,
        maxDecodedBytes,
        maxInFlightBytes,
        maxConnections,
        body,
        idle,
        trustedProxies,
        tls);
  }

  public CollectorOptions withMaxConnections(int connections) {
    return new CollectorOptions(
        host,
        port,
        eventLoops,
        maxRequestBytes,
        maxDecodedBytes,
        maxInFlightBytes,
        connections,
        bodyTimeout,
        idleTimeout,
        trustedProxies,
        tls);
  }

  public CollectorOptions withTrustedProxies(int proxies) {
    return new CollectorOptions(
        host,
        port,
        eventLoops,
        maxRequestBytes,
        maxDecodedBytes,
        maxInFlightBytes,
        maxConnections,
        bodyTimeout,
        idleTimeout,
        proxies,
        tls);
  }

  /** With HTTPS instead of HTTP. */
  public CollectorOptions withTls(TlsFiles files) {
    return new CollectorOptions(
        host,
        port,
        eventLoops,
        maxRequestBytes,
        maxDecodedBytes,
        maxInFlightBytes,
        maxConnections,
        bodyTimeout,
        idleTimeout,
        trustedProxies,
        Optional.of(files));
  }
}
