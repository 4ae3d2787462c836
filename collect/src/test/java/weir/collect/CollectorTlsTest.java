package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.SegmentDecoder;
import weir.log.MemoryLog;
import weir.testkit.TestCertificate;
import weir.testkit.TestClient;

class CollectorTlsTest {
  private static final byte[] BODY = Door.track("a").getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private TlsFiles files;
  private TestCertificate first;

  @BeforeEach
  void makeCertificate() throws Exception {
    files = new TlsFiles(folder.resolve("port.pem"), folder.resolve("port.key"));
    first = TestCertificate.create(folder, "first");
    first.write(files.certificate(), files.key());
  }

  private Door door() throws IOException {
    return new Door(new MemoryLog(), Door.options().withTls(files));
  }

  private static HttpRequest.Builder track(Door door) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + door.collector.port() + "/v1/track"))
        .header("Authorization", Door.BASIC)
        .POST(HttpRequest.BodyPublishers.ofByteArray(BODY));
  }

  private static HttpResponse<String> send(TestClient client, HttpRequest.Builder request)
      throws Exception {
    return client.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void eventsAreTakenOverBothVersions() throws Exception {
    try (Door door = door();
        TestClient client = new TestClient()) {
      HttpResponse<String> second = send(client, track(door));
      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
      HttpResponse<String> older = send(client, track(door).version(HttpClient.Version.HTTP_1_1));
      assertThat(older.statusCode()).isEqualTo(200);
      assertThat(older.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(door.stored()).hasSize(2);
      assertThat(client.shown()).contains(first.certificate());
    }
  }

  @Test
  void aNewCertificateIsShownWithoutDroppingConnections() throws Exception {
    try (Door door = door();
        TestClient client = new TestClient();
        SSLSocket open = socket(client, door)) {
      assertThat(answerOn(open)).startsWith("HTTP/1.1 200");
      TestCertificate second = TestCertificate.create(folder, "second");
      second.write(files.certificate(), files.key());
      Awaitility.await()
          .untilAsserted(() -> assertThat(shownTo(door, 4)).containsOnly(second.certificate()));
      assertThat(answerOn(open)).startsWith("HTTP/1.1 200");
      try (TestClient later = new TestClient()) {
        assertThat(send(later, track(door)).version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void brokenFilesChangeNothingUntilTheyAreMended() throws Exception {
    try (Door door = door()) {
      TestCertificate second = TestCertificate.create(folder, "second");
      Files.writeString(files.key(), second.keyPem()); // of a certificate that is not there yet
      assertThat(shownTo(door, 2)).containsOnly(first.certificate());
      Files.delete(files.certificate());
      assertThat(shownTo(door, 2)).containsOnly(first.certificate());
      second.write(files.certificate(), files.key());
      Awaitility.await()
          .untilAsserted(() -> assertThat(shownTo(door, 2)).containsOnly(second.certificate()));
    }
  }

  @Test
  void filesThatCannotBeUsedStopTheStart() throws Exception {
    TestCertificate other = TestCertificate.create(folder, "other");
    assertRefused("no.pem", "port.key", "there is no file", "no.pem");
    Files.writeString(folder.resolve("text.pem"), "hello");
    assertRefused("text.pem", "port.key", "text.pem", "PEM");
    assertRefused("port.pem", "text.pem", "text.pem", "PEM");
    Files.writeString(folder.resolve("other.key"), other.keyPem());
    assertRefused("port.pem", "other.key", "other.key is not the key of", "port.pem");
    assertRefused("", "port.key", "cannot be read");
  }

  private void assertRefused(String certificate, String key, String... words) {
    TlsFiles wrong = new TlsFiles(folder.resolve(certificate), folder.resolve(key));
    assertThatThrownBy(() ->
            Collector.start(
                    Door.options().withTls(wrong),
                    new MemoryLog(),
                    KeyRing::empty,
                    List.of(new SegmentDecoder()),
                    () -> Door.NOW,
                    new SimpleMeterRegistry())
                .close())
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  /** What several new connections are shown: they are dealt to all event loops. */
  private static List<java.security.cert.X509Certificate> shownTo(Door door, int connections)
      throws Exception {
    try (TestClient client = new TestClient()) {
      for (int i = 0; i < connections; i++) {
        try (SSLSocket socket = socket(client, door)) {
          socket.startHandshake();
        }
        client.context().getClientSessionContext().setSessionTimeout(1);
      }
      return client.shown();
    }
  }

  private static SSLSocket socket(TestClient client, Door door) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            client.context().getSocketFactory().createSocket("127.0.0.1", door.collector.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static String answerOn(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[4096];
    int read = socket.getInputStream().read(buffer);
    return new String(buffer, 0, Math.max(0, read), StandardCharsets.US_ASCII);
  }
}
