package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.Network;
import weir.testkit.TestCertificate;

/** Receivers of all kinds, as bytes on a socket. */
class WebhookSenderTest {
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");

  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger resolved = new AtomicInteger();
  private ServerSocket server;
  private WebhookSender sender;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    sender =
        new WebhookSender(
            new AddressRules(
                List.of(Network.of("127.0.0.0/8")),
                host -> {
                  resolved.incrementAndGet();
                  return new InetAddress[] {InetAddress.getLoopbackAddress()};
                }),
            Duration.ofSeconds(2),
            () -> NOW);
  }

  @AfterEach
  void close() throws IOException {
    sender.close();
    server.close();
  }

  private interface Behaviour {
    void answer(OutputStream out) throws IOException, InterruptedException;
  }

  private void behave(Behaviour behaviour) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
              heads.add(head(socket));
              behaviour.answer(socket.getOutputStream());
            } catch (IOException | InterruptedException e) {
              continue;
            }
          }
        });
  }

  private static String head(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    StringBuilder head = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    for (int i = 0; i < 2; i++) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private Sender.Answer post(String url) throws InterruptedException {
    return sender.post(
        URI.create(url.replace("PORT", String.valueOf(server.getLocalPort()))),
        Map.of("webhook-id", "msg_1"),
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aNameIsLookedUpOnceAndStandsInTheRequest() throws Exception {
    behave(out -> write(out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
    assertThat(post("http://receiver.example:PORT/hook?a=1"))
        .isEqualTo(new Sender.Answered(204, Optional.empty()));
    assertThat(heads.getFirst())
        .startsWith("POST /hook?a=1 HTTP/1.1\n")
        .containsIgnoringCase("host: receiver.example:" + server.getLocalPort())
        .contains("webhook-id: msg_1")
        .endsWith("{}");
    assertThat(resolved).hasValue(1);
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    behave(out ->
        write(
            out,
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:"
                + server.getLocalPort()
                + "/other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    Sender.Answer answer = post("http://receiver.example:PORT/hook");
    assertThat(answer.words()).contains("302", "not followed");
    assertThat(heads).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "120, 120",
    "'Thu, 08 Jan 2026 00:01:00 GMT', 60",
    "999999999, 86400",
    "soon, -1",
    "'Wed, 07 Jan 2026 00:00:00 GMT', 0"
  })
  void retryAfterIsReadInBothForms(String header, long seconds) throws Exception {
    behave(out ->
        write(
            out,
            "HTTP/1.1 429 Slow down\r\nRetry-After: "
                + header
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    assertThat(post("http://r.example:PORT/"))
        .isEqualTo(
            new Sender.Answered(
                429, seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds))));
  }

  @Test
  void whoDoesNotAnswerIsWaitedForAWhile() throws Exception {
    behave(out -> new java.util.concurrent.CountDownLatch(1).await());
    assertThat(post("http://r.example:PORT/").words()).contains("2000 ms");
  }

  /** The head is the answer: nobody reads an endless body to its end. */
  @Test
  void anEndlessBodyIsCutOff() throws Exception {
    behave(out -> {
      write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      while (true) {
        write(out, "400\r\n" + "x".repeat(0x400) + "\r\n");
      }
    });
    assertThat(post("http://r.example:PORT/"))
        .isEqualTo(new Sender.Answered(200, Optional.empty()));
  }

  /** Each byte comes in time, and the head never. */
  @Test
  void whoDripsItsHeadIsWaitedForAsLong() throws Exception {
    behave(out -> {
      write(out, "HTTP/1.1 200 OK\r\nX: ");
      while (true) {
        write(out, "y");
      }
    });
    assertThat(post("http://r.example:PORT/")).isInstanceOf(Sender.Unanswered.class);
  }

  @Test
  void hintsWithoutEndAreNoAnswer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    behave(out -> {
      write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(100));
      asked.await();
    });
    assertThat(post("http://r.example:PORT/").words()).contains("2000 ms");
    asked.countDown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le"})
  void whoHangsUpWithinItsHeadHasNotAnswered(String said) throws Exception {
    behave(out -> write(out, said));
    assertThat(post("http://r.example:PORT/")).isInstanceOf(Sender.Unanswered.class);
  }

  @Test
  void whoHangsUpBehindItsHeadHasAnswered() throws Exception {
    behave(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut"));
    assertThat(post("http://r.example:PORT/"))
        .isEqualTo(new Sender.Answered(200, Optional.empty()));
  }

  @Test
  void whatSpeaksNoTlsIsNoAnswer() throws Exception {
    behave(out -> write(out, "HTTP/1.1 400 Bad Request\r\n\r\n"));
    assertThat(post("https://r.example:PORT/")).isInstanceOf(Sender.Unanswered.class);
  }

  @Test
  void whatIsNoHttpIsNoAnswer() throws Exception {
    behave(out -> write(out, "220 mail.example ESMTP\r\n"));
    assertThat(post("http://r.example:PORT/")).isInstanceOf(Sender.Unanswered.class);
    behave(out -> write(out, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(1 << 20)));
    assertThat(post("http://r.example:PORT/")).isInstanceOf(Sender.Unanswered.class);
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "localhost");
    Path pem = Files.writeString(folder.resolve("c.pem"), certificate.certificatePem());
    Path key = Files.writeString(folder.resolve("k.pem"), certificate.keyPem());
    io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
    try {
      AtomicInteger requests = new AtomicInteger();
      int port =
          vertx
              .createHttpServer(
                  new io.vertx.core.http.HttpServerOptions()
                      .setSsl(true)
                      .setHost("127.0.0.1")
                      .setPort(0)
                      .setKeyCertOptions(
                          new io.vertx.core.net.PemKeyCertOptions()
                              .addCertPath(pem.toString())
                              .addKeyPath(key.toString())))
              .requestHandler(request -> {
                requests.incrementAndGet();
                request.response().end();
              })
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .get()
              .actualPort();
      assertThat(post("https://localhost:" + port + "/")).isInstanceOf(Sender.Unanswered.class);
      assertThat(requests).hasValue(0);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }

  @Test
  void nothingIsSentToWhereNothingMayGo() throws Exception {
    behave(out -> write(out, "HTTP/1.1 204 No Content\r\n\r\n"));
    try (WebhookSender strict =
        new WebhookSender(
            new AddressRules(List.of(), InetAddress::getAllByName),
            Duration.ofSeconds(2),
            () -> NOW)) {
      Sender.Answer answer =
          strict.post(
              URI.create("https://127.0.0.1:" + server.getLocalPort() + "/"),
              Map.of(),
              new byte[0]);
      assertThat(answer.words()).contains("deliveries.allowed_networks");
    }
    assertThat(heads).isEmpty();
  }
}
