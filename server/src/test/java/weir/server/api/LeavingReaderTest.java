package weir.server.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.statements.RoleStatements;

/** Readers of events that leave while a busy API still looks for their key. */
class LeavingReaderTest {
  private static final int MANY = 8;

  @TempDir Path folder;
  private final KnownEngine engine = new KnownEngine();
  private final CountDownLatch free = new CountDownLatch(1);
  private final List<Socket> waiting = new ArrayList<>();
  private KnownKeys keys;
  private ApiServer api;

  @BeforeEach
  void open() throws Exception {
    Path role = folder.resolve("query.json");
    keys = KnownKeys.create(folder, "shop");
    api =
        ApiServer.start(
            new ApiServer.Options("127.0.0.1", 0, Optional.empty(), role, Duration.ZERO),
            keys.store(),
            engine,
            new KnownEvents(),
            new RoleStatements(role),
            Instant::now);
    engine.answerAfter(free);
    for (int i = 0; i < MANY; i++) {
      waiting.add(said("GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
  }

  @AfterEach
  void close() throws IOException {
    free.countDown();
    for (Socket each : waiting) {
      each.close();
    }
    api.close();
    keys.close();
  }

  private Socket said(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private static String get(String path, String more) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n" + more + "\r\n";
  }

  /** Leaves, and answers once the API's one event loop has seen it. */
  private void leave(String request) throws IOException {
    said(request).close();
    try (RawGet loop = new RawGet(api.port())) {
      assertThat(loop.headers("127.0.0.1:" + api.port())).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void theGroupOfAReaderThatHasLeftIsFree() throws Exception {
    for (int i = 0; i < MANY; i++) {
      leave(get("/api/v1/consumers/loader/events?wait=60s", ""));
    }
    free.countDown();
    Awaitility.await()
        .untilAsserted(() -> {
          try (Socket reader =
              said(get("/api/v1/consumers/loader/events", "Connection: close\r\n"))) {
            assertThat(new String(reader.getInputStream().readAllBytes(), ISO_8859_1))
                .startsWith("HTTP/1.1 200");
          }
        });
  }

  @Test
  void nobodyReadsTheStreamForAReaderThatHasLeft() throws Exception {
    for (int i = 0; i < MANY; i++) {
      leave(get("/api/v1/stream", ""));
    }
    free.countDown();
    try (Socket last = said(get("/api/v1/stream", ""))) {
      Awaitility.await().until(() -> engine.subscribers() >= 1);
      assertThat(last.isConnected()).isTrue();
    }
    Awaitility.await().untilAsserted(() -> assertThat(engine.subscribers()).isZero());
  }
}
