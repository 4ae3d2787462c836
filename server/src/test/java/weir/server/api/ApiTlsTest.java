package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.collect.TlsFiles;
import weir.server.statements.RoleStatements;
import weir.testkit.TestCertificate;
import weir.testkit.TestClient;

class ApiTlsTest {
  @TempDir static Path metadata;
  private static KnownKeys keys;

  @TempDir Path folder;
  private TlsFiles files;

  @BeforeAll
  static void openKeys() throws IOException {
    keys = KnownKeys.create(metadata, "shop");
  }

  @AfterAll
  static void closeKeys() {
    keys.close();
  }

  @BeforeEach
  void makeCertificate() throws Exception {
    files = new TlsFiles(folder.resolve("port.pem"), folder.resolve("port.key"));
    TestCertificate.create(folder, "first").write(files.certificate(), files.key());
  }

  private ApiServer start(Optional<TlsFiles> tls) throws IOException, InterruptedException {
    return ApiServer.start(
        new ApiServer.Options(
            "127.0.0.1", 0, tls, folder.resolve("query.json"), Duration.ofSeconds(1)),
        keys.store(),
        new KnownEngine(),
        new KnownEvents(),
        new RoleStatements(folder.resolve("query.json")),
        () -> Instant.EPOCH);
  }

  private static HttpResponse<String> setup(HttpClient client, String base) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + "/api/v1/setup"))
            .header("Authorization", "Bearer good")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void http2AndANewCertificate() throws Exception {
    try (ApiServer api = start(Optional.of(files));
        TestClient open = new TestClient()) {
      String base = "https://localhost:" + api.port();
      HttpResponse<String> answer = setup(open.http(), base);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo("{\"project\":\"shop\"}");
      TestCertificate second = TestCertificate.create(folder, "second");
      second.write(files.certificate(), files.key());
      Awaitility.await()
          .untilAsserted(() -> {
            try (TestClient later = new TestClient()) {
              assertThat(setup(later.http(), base).version()).isEqualTo(HttpClient.Version.HTTP_2);
              assertThat(later.shown()).contains(second.certificate());
            }
          });
      assertThat(setup(open.http(), base).statusCode()).isEqualTo(200);
      assertThat(open.shown()).as("one connection all the while").hasSize(1);
    }
  }

  @Test
  void http2WithoutTls() throws Exception {
    try (ApiServer api = start(Optional.empty());
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = setup(client, "http://127.0.0.1:" + api.port());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void aKeyThatIsNoneStopsTheStart() throws Exception {
    Files.writeString(files.key(), "hello");
    assertThatThrownBy(() -> start(Optional.of(files)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("port.key");
  }
}
