package weir.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.TestCertificate;

class TrustTest {
  @TempDir Path folder;
  private Path shown;
  private Path other;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "shown");
    shown = folder.resolve("shown.pem");
    other = folder.resolve("other.pem");
    Files.writeString(shown, certificate.certificatePem());
    Files.writeString(other, TestCertificate.create(folder, "other").certificatePem());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(serving(certificate)));
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static SSLContext serving(TestCertificate certificate) throws Exception {
    String text = certificate.keyPem().replaceAll("-----[^-]+-----|\\s", "");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text))),
        new char[0],
        new Certificate[] {certificate.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private int ask(SSLContext trust, String host) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("https://" + host + ":" + server.getAddress().getPort()))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void anyoneIsBelieved() throws Exception {
    assertThat(ask(Trust.anyone(), "127.0.0.1")).isEqualTo(204);
  }

  @Test
  void anAuthorityIsBelieved() throws Exception {
    assertThat(ask(Trust.authorities(shown), "127.0.0.1")).isEqualTo(204);
    assertThatThrownBy(() -> ask(Trust.authorities(other), "127.0.0.1"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void oneCertificateIsBelieved() throws Exception {
    assertThat(ask(Trust.exactly(shown), "127.0.0.1")).isEqualTo(204);
    assertThatThrownBy(() -> ask(Trust.exactly(other), "127.0.0.1"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aFileWithoutACertificateIsAnError() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThatThrownBy(() -> Trust.exactly(empty)).hasMessageContaining("empty.pem");
    Path text = Files.writeString(folder.resolve("text.pem"), "hello");
    assertThatThrownBy(() -> Trust.authorities(text)).hasMessageContaining("text.pem");
    assertThatThrownBy(() -> Trust.authorities(folder.resolve("no.pem")))
        .isInstanceOf(IOException.class);
  }
}
