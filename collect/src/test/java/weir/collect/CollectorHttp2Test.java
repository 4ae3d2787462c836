package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.log.MemoryLog;
import weir.testkit.TestCertificate;
import weir.testkit.TestClient;

/** Many requests share a connection, each with an outcome of its own. */
class CollectorHttp2Test {
  @TempDir Path folder;
  private TlsFiles files;
  private TestClient client;

  @BeforeEach
  void makeCertificate() throws Exception {
    files = new TlsFiles(folder.resolve("port.pem"), folder.resolve("port.key"));
    TestCertificate.create(folder, "port").write(files.certificate(), files.key());
    client = new TestClient();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static HttpRequest track(Door door, int size) {
    String event = Door.track("a").replace("}", ",\"x\":\"" + "x".repeat(size) + "\"}");
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + door.collector.port() + "/v1/track"))
        .header("Authorization", Door.BASIC)
        .POST(HttpRequest.BodyPublishers.ofByteArray(event.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  @Test
  void requestsShareAConnection() throws Exception {
    try (Door door = new Door(new MemoryLog(), Door.options().withTls(files))) {
      HttpResponse<String> first =
          client.http().send(track(door, 10), HttpResponse.BodyHandlers.ofString());
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            client.http().sendAsync(track(door, 5_000 * i), HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> each : answers) {
        assertThat(each.get().statusCode()).isEqualTo(200);
        assertThat(each.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
      assertThat(door.stored()).hasSize(51);
    }
  }

  @Test
  void aRefusedRequestLeavesTheOthersOfItsConnectionAlone() throws Exception {
    CollectorOptions options = Door.options().withSizes(100_000, 400_000, 1_000_000).withTls(files);
    try (Door door = new Door(new MemoryLog(), options)) {
      client.http().send(track(door, 10), HttpResponse.BodyHandlers.ofString());
      List<CompletableFuture<HttpResponse<String>>> good = new ArrayList<>();
      List<CompletableFuture<HttpResponse<String>>> large = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        good.add(client.http().sendAsync(track(door, 10), HttpResponse.BodyHandlers.ofString()));
        large.add(
            client.http().sendAsync(track(door, 300_000), HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> each : good) {
        assertThat(each.get().statusCode()).isEqualTo(200);
      }
      for (CompletableFuture<HttpResponse<String>> each : large) {
        assertThat(each.get().statusCode()).isEqualTo(413);
        assertThat(each.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
      assertThat(door.stored()).hasSize(11);
    }
  }
}
