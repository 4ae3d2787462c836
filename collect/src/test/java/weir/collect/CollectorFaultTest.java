package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.log.LogFailedException;
import weir.log.MemoryLog;

@Timeout(60)
class CollectorFaultTest {
  private static final String HEAD =
      "POST /v1/batch HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer key-1\r\n";

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static double inFlight(Door door) {
    return door.meters.get("weir.collect.in.flight").gauge().value();
  }

  @Test
  void answersOnlyAfterTheAppend() throws Exception {
    HeldLog log = new HeldLog();
    log.hold();
    try (Door door = new Door(log);
        ExecutorService clients = Executors.newCachedThreadPool()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String event = "e" + i;
        answers.add(clients.submit(() -> door.post("/v1/track", Door.track(event))));
      }
      int all = 10 * Door.track("e0").length() + 10 * Door.track("e10").length();
      await().until(() -> inFlight(door) == all);
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.isDone()).isFalse();
      }
      try {
        answers.getFirst().get(300, TimeUnit.MILLISECONDS);
        throw new AssertionError("answered before it was stored");
      } catch (TimeoutException expected) {
        assertThat(door.stored()).isEmpty();
      }
      log.letGo();
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
      }
      assertThat(door.stored()).hasSize(20);
      await().until(() -> inFlight(door) == 0);
    }
  }

  @Test
  void aLogThatFailsOrIsFullIsNoSuccess() throws IOException {
    HeldLog log = new HeldLog();
    try (Door door = new Door(log)) {
      log.fail(new LogFailedException("no fsync", new IOException("EIO")));
      HttpResponse<String> failed = door.post("/v1/track", Door.track("a"));
      assertThat(failed.statusCode()).isEqualTo(503);
      assertThat(failed.body()).contains("log_failed");
      assertThat(failed.headers().firstValue("retry-after")).isPresent();
      // now and then it forgets, so that requests find out whether the log has recovered
      await()
          .untilAsserted(() -> {
            assertThat(door.post("/v1/track", Door.track("a")).statusCode()).isEqualTo(503);
            assertThat(door.get("/ready").statusCode()).isEqualTo(503);
          });
      log.fail(null);
      log.full("bound");
      HttpResponse<String> full = door.post("/v1/track", Door.track("a"));
      assertThat(full.statusCode()).isEqualTo(503);
      assertThat(full.body()).contains("log_full");
      log.full(null);
      assertThat(door.post("/v1/track", Door.track("a")).statusCode()).isEqualTo(200);
      assertThat(door.get("/ready").statusCode()).isEqualTo(200);
      assertThat(door.stored()).hasSize(1);
    }
  }

  @Test
  void aDeclaredGibibyteIsRefusedAtOnce() throws IOException {
    try (Door door = new Door(new MemoryLog());
        Socket socket = door.connect()) {
      write(socket, HEAD + "Content-Length: 1073741824\r\n\r\n");
      RawHttp http = new RawHttp(socket);

      assertThat(http.readStatus()).isEqualTo(413);
      assertThat(http.head()).contains("connection: close");
      assertThat(http.body()).contains("request_too_large", "10485760");
      assertThat(http.readStatus()).isZero();
    }
  }

  @Test
  void anEndlessChunkedBodyIsCutOff() throws IOException {
    CollectorOptions options = Door.options().withSizes(100_000, 400_000, 1_000_000);
    try (Door door = new Door(new MemoryLog(), options);
        Socket socket = door.connect()) {
      write(socket, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
      for (int i = 0; i < 8; i++) {
        write(socket, chunk);
      }
      RawHttp http = new RawHttp(socket);
      assertThat(http.readStatus()).isEqualTo(413);
      try {
        while (true) {
          write(socket, chunk);
        }
      } catch (SocketException closed) {
        await().until(() -> inFlight(door) == 0);
      }
    }
  }

  @Test
  void aBombIsRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < 300; i++) {
        out.write(spaces);
      }
    }
    try (Door door = new Door(new MemoryLog())) {
      HttpResponse<String> refused =
          door.post("/v1/batch", bomb.toByteArray(), "Content-Encoding", "gzip");
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("41943040 bytes once decoded");
      await().until(() -> inFlight(door) == 0);
      assertThat(door.post("/v1/track", Door.track("a")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aSlowClientGets408AndHoldsNothing() throws IOException {
    CollectorOptions options =
        Door.options().withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(30));
    try (Door door = new Door(new MemoryLog(), options);
        Socket socket = door.connect()) {
      write(socket, HEAD + "Content-Length: 1000\r\n\r\n{\"batch\"");
      RawHttp http = new RawHttp(socket);

      assertThat(http.readStatus()).isEqualTo(408);
      assertThat(http.readStatus()).isZero();
      await().until(() -> inFlight(door) == 0);
      assertThat(door.post("/v1/track", Door.track("a")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anIdleConnectionIsClosedAndADrippedHeadWithIt() throws IOException {
    CollectorOptions options =
        Door.options().withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(200));
    try (Door door = new Door(new MemoryLog(), options);
        Socket idle = door.connect();
        Socket dripping = door.connect()) {
      write(dripping, "POST /v1/batch HTT");
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(dripping.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aClientThatGoesAwayHoldsNothing() throws IOException {
    HeldLog log = new HeldLog();
    try (Door door = new Door(log)) {
      try (Socket socket = door.connect()) {
        write(socket, HEAD + "Content-Length: 1000\r\n\r\n{\"batch\"");
        await().until(() -> inFlight(door) == 8);
      }
      await().until(() -> inFlight(door) == 0);
      log.hold();
      try (Socket socket = door.connect()) {
        write(socket, HEAD + "Content-Length: 2\r\n\r\n[]");
        new RawHttp(socket).readStatus();
        String body = "[" + Door.track("a") + "]";
        write(socket, HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        await().until(() -> inFlight(door) > 0);
      }
      log.letGo();
      await().until(() -> inFlight(door) == 0);
      assertThat(door.stored()).hasSize(1);
    }
  }

  @Test
  void memoryIsBoundedAndSaysSo() throws Exception {
    HeldLog log = new HeldLog();
    log.hold();
    CollectorOptions options = Door.options().withSizes(100_000, 400_000, 250_000);
    String body = "{\"batch\":[" + Door.track("a") + "],\"x\":\"" + "y".repeat(90_000) + "\"}";
    try (Door door = new Door(log, options);
        ExecutorService clients = Executors.newCachedThreadPool()) {
      List<Future<HttpResponse<String>>> held = new ArrayList<>();
      door.ring =
          new KeyRing(
              List.of(
                  new WriteKey("key-1", "shop", "web", true),
                  new WriteKey("key-3", "shop", "ios", true)));
      for (String key : List.of("key-1", "key-3")) {
        held.add(clients.submit(() -> door.postAs(key, body)));
      }
      await().until(() -> inFlight(door) > 180_000);
      HttpResponse<String> refused = door.post("/v1/batch", body);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).contains("1");
      assertThat(inFlight(door)).isLessThanOrEqualTo(250_000);
      log.letGo();
      for (Future<HttpResponse<String>> one : held) {
        assertThat(one.get().statusCode()).isEqualTo(200);
      }
      assertThat(door.post("/v1/batch", body).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void tooManyConnectionsAreClosed() throws IOException {
    try (Door door = new Door(new MemoryLog(), Door.options().withMaxConnections(2));
        Socket first = door.connect();
        Socket second = door.connect();
        Socket third = door.connect()) {
      assertThat(third.getInputStream().read()).isEqualTo(-1);
      assertThat(first.isClosed() || second.isClosed()).isFalse();
    }
  }

  @Test
  void whatIsNotHttpGets400() throws IOException {
    try (Door door = new Door(new MemoryLog());
        Socket socket = door.connect()) {
      write(socket, "this is no request\r\n\r\n");
      RawHttp http = new RawHttp(socket);
      assertThat(http.readStatus()).isEqualTo(400);
      assertThat(http.readStatus()).isZero();
    }
  }

  @Test
  void aLengthThatIsNoneGets400() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      for (String length : new String[] {"+5", "-1", "x", "99999999999999999999", "1, 2", "0x10"}) {
        try (Socket socket = door.connect()) {
          write(socket, HEAD + "Content-Length: " + length + "\r\n\r\n[]");
          assertThat(new RawHttp(socket).readStatus()).as(length).isEqualTo(400);
        }
      }
    }
  }

  @Test
  void expectedContinueComesOnlyWhereTheBodyIsWanted() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      String body = "[" + Door.track("a") + "]";
      try (Socket socket = door.connect()) {
        write(
            socket, HEAD + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n");
        RawHttp http = new RawHttp(socket);
        assertThat(http.readStatus()).isEqualTo(100);
        write(socket, body);
        assertThat(http.readStatus()).isEqualTo(200);
      }
      try (Socket socket = door.connect()) {
        write(
            socket,
            "POST /v1/nope HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        RawHttp http = new RawHttp(socket);
        assertThat(http.readStatus()).isEqualTo(404);
        assertThat(http.head()).contains("connection: close");
      }
    }
  }

  @Test
  void drainingAnswersWhatIsUnderWayAndRefusesTheRest() throws Exception {
    HeldLog log = new HeldLog();
    log.hold();
    try (Door door = new Door(log);
        ExecutorService clients = Executors.newCachedThreadPool();
        Socket waiting = door.connect()) {
      Future<HttpResponse<String>> underWay =
          clients.submit(() -> door.post("/v1/track", Door.track("a")));
      await().until(() -> inFlight(door) > 0);
      Future<?> stopping =
          clients.submit(() -> door.collector.drainAndStop(Duration.ofSeconds(20)));
      await().until(() -> door.get("/ready").statusCode() == 503);
      write(waiting, HEAD + "Content-Length: 2\r\n\r\n[]");
      RawHttp http = new RawHttp(waiting);
      assertThat(http.readStatus()).isEqualTo(503);
      assertThat(http.body()).contains("stopping");
      assertThat(stopping.isDone()).isFalse();
      log.letGo();
      assertThat(underWay.get().statusCode()).isEqualTo(200);
      stopping.get();
      assertThat(door.stored()).hasSize(1);
    }
  }
}
