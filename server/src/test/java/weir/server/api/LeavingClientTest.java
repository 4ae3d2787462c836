package weir.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import weir.server.loopback.LoopbackAddress;
import weir.server.statements.Statements;

/** Clients that leave before their query has a process, as a page does that asks anew. */
class LeavingClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUERY =
      "POST /api/v1/query HTTP/1.1\r\n"
          + "Host: weir\r\nAuthorization: Bearer good\r\nContent-Length: 2\r\n\r\n{}";

  @TempDir Path folder;

  @Test
  void whatNobodyWaitsForIsLetGoAndIsNoError() throws Exception {
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    Logger logger = (Logger) LoggerFactory.getLogger("io.vertx");
    logger.addAppender(said);
    try (ServerSocket process = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        KnownKeys keys = KnownKeys.create(folder, "shop")) {
      LatePlace place = new LatePlace(process.getLocalPort());
      try (ApiServer api = start(keys, place)) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
          client.getOutputStream().write(QUERY.getBytes(UTF_8));
          place.awaitAsked();
        }
        awaitTurn(api);
        place.give();
        place.awaitClosed();
        awaitTurn(api);
      }
    } finally {
      logger.detachAppender(said);
    }
    assertThat(said.list).noneMatch(each -> each.getLevel().isGreaterOrEqual(Level.WARN));
  }

  private ApiServer start(KnownKeys keys, Statements statements) throws Exception {
    return ApiServer.start(
        new ApiServer.Options(
            "127.0.0.1", 0, Optional.empty(), folder.resolve("query.json"), PATIENCE),
        keys.store(),
        new KnownEngine(),
        new KnownEvents(),
        statements,
        Instant::now);
  }

  /** The API's one event loop has seen what came before. */
  private static void awaitTurn(ApiServer api) throws IOException {
    try (RawGet get = new RawGet(api.port())) {
      assertThat(get.headers("127.0.0.1:" + api.port())).startsWith("HTTP/1.1 200");
    }
  }

  /** A process whose place is given when the test says so. */
  private static final class LatePlace implements Statements, Statements.Place {
    private final LoopbackAddress address;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Place> given = new CompletableFuture<>();

    LatePlace(int port) {
      this.address = new LoopbackAddress(port, "token");
    }

    void awaitAsked() throws InterruptedException {
      assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    void give() {
      given.complete(this);
    }

    void awaitClosed() throws InterruptedException {
      assertThat(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public CompletableFuture<Place> open(String project, String key) {
      asked.countDown();
      return given;
    }

    @Override
    public LoopbackAddress address() {
      return address;
    }

    @Override
    public void close() {
      closed.countDown();
    }

    @Override
    public void ending(boolean toBlame) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Fate> lost() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void end(String project) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<State> states() {
      return List.of();
    }

    @Override
    public List<Measured> metrics() {
      return List.of();
    }
  }
}
