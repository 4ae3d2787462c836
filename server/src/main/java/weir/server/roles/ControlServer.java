package weir.server.roles;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A role's door for the other roles: metrics and status, on the loopback, for whoever knows the
 * token of its role file.
 */
final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private final HttpServer server;
  private final ExecutorService threads;
  private final byte[] expected;

  private ControlServer(HttpServer server, ExecutorService threads, String token) {
    this.server = server;
    this.threads = threads;
    this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Serves on a free port.
   *
   * @param metrics text in Prometheus' format
   * @param status a JSON object
   */
  static ControlServer start(String token, Supplier<String> metrics, Supplier<String> status)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());
    ControlServer control = new ControlServer(server, threads, token);
    server.setExecutor(threads);
    control.serve("/metrics", "text/plain; version=0.0.4; charset=utf-8", metrics);
    control.serve("/status", "application/json", status);
    server.start();
    return control;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void serve(String path, String type, Supplier<String> content) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            answer(exchange, type, content);
          } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be answered", path, e);
          }
        });
  }

  private void answer(HttpExchange exchange, String type, Supplier<String> content)
      throws IOException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      exchange.sendResponseHeaders(401, -1);
      return;
    }
    byte[] body = content.get().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
