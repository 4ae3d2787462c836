package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.FreePorts;
import weir.testkit.TestCertificate;
import weir.testkit.TestClient;
import weir.testkit.WeirCommand;

/** A real Weir that serves HTTPS on both ports, and the commands that talk to it. */
class HttpsTest {
  @TempDir Path temp;

  @Test
  void bothPortsAndTheCommands() throws Exception {
    Path certificate = temp.resolve("weir.pem");
    Path key = temp.resolve("weir.key");
    TestCertificate.create(temp, "weir").write(certificate, key);
    Path config = temp.resolve("weir.yaml");
    int postgresPort = FreePorts.next();
    Files.writeString(
        config,
        """
        collect: {tls_certificate: '%1$s', tls_key: '%2$s'}
        api: {tls_certificate: '%1$s', tls_key: '%2$s', postgres_port: %3$d}
        """
            .formatted(certificate, key, postgresPort));
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.startWithTls(data, "--config", config.toString());
        TestClient client = new TestClient()) {
      JsonNode credentials = new ObjectMapper().readTree(data.resolve("credentials.json").toFile());
      assertThat(credentials.path("collector").asText()).isEqualTo(weir.collector());
      assertThat(credentials.path("api").asText()).isEqualTo(weir.api()).startsWith("https:");
      Awaitility.await()
          .untilAsserted(() -> assertThat(weir.printed()).contains("Live page   https://"));

      HttpResponse<String> stored =
          client
              .http()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(weir.collector() + "/v1/track?write_key=" + weir.writeKey()))
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"event\":\"Hello\",\"userId\":\"u\"}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(stored.statusCode()).isEqualTo(200);
      assertThat(stored.version()).isEqualTo(HttpClient.Version.HTTP_2);

      String sql = "select 6 * 7 as answer";
      String database =
          "jdbc:postgresql://127.0.0.1:" + postgresPort + "/default?user=me&password=";
      try (Connection secured =
              DriverManager.getConnection(database + weir.apiKey() + "&sslmode=require");
          ResultSet row = secured.createStatement().executeQuery(sql)) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(42);
      }
      assertThatThrownBy(
              () -> DriverManager.getConnection(database + weir.apiKey() + "&sslmode=disable"))
          .hasMessageContaining("TLS is required");
      assertThat(command("query", "--data", data.toString(), sql)).contains("exit 0", "42");
      List<String> remote = List.of("query", sql, "--url", weir.api(), "--key", weir.apiKey());
      assertThat(command(remote)).contains("exit 1").doesNotContain("42");
      assertThat(command(with(remote, "--insecure"))).contains("exit 0", "42");
      assertThat(command(with(remote, "--ca", certificate.toString()))).contains("exit 0", "42");
    }
  }

  @Test
  void aWrongFileStopsTheStartAndSaysSo() throws Exception {
    String said =
        command(
            List.of("start", "--data", temp.resolve("data").toString()),
            "WEIR_API_TLS_CERTIFICATE",
            temp.resolve("no.pem").toString(),
            "WEIR_API_TLS_KEY",
            temp.resolve("no.key").toString());
    assertThat(said).contains("exit 1", "api.tls_certificate", "there is no file", "no.pem");
  }

  private static List<String> with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all;
  }

  private String command(String... arguments) throws IOException, InterruptedException {
    return command(List.of(arguments));
  }

  /** What a command says, and "exit" with its code. */
  private String command(List<String> arguments, String... environment)
      throws IOException, InterruptedException {
    List<String> command = WeirCommand.of(List.of(), arguments.toArray(String[]::new));
    Path output = Files.createTempFile(temp, "command", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    int exit = builder.start().waitFor();
    return Files.readString(output) + "\nexit " + exit;
  }
}
