package weir.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import weir.server.tls.Trust;
import weir.testkit.FreePorts;
import weir.testkit.WeirCommand;

/** A real Weir of three processes on free ports, and what a user does with it. */
final class RunningWeir implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newBuilder().sslContext(Trust.anyone()).build();
  private final Process process;
  private final Path data;
  private final Path output;
  private final String collector;
  private final String api;
  private @Nullable JsonNode credentials;

  private RunningWeir(
      Process process, Path data, Path output, String scheme, int port, int apiPort) {
    this.process = process;
    this.data = data;
    this.output = output;
    this.collector = scheme + "://127.0.0.1:" + port;
    this.api = scheme + "://127.0.0.1:" + apiPort;
  }

  /** Starts on a data directory and returns when both ports are ready. */
  static RunningWeir start(Path data, String... moreArguments) throws IOException {
    return start("http", "1s", data, moreArguments);
  }

  /** Starts one that commits to the lake only when it stops. */
  static RunningWeir startLazy(Path data, String... moreArguments) throws IOException {
    return start("http", "1h", data, moreArguments);
  }

  /** Starts one whose settings let both ports serve HTTPS. */
  static RunningWeir startWithTls(Path data, String... moreArguments) throws IOException {
    return start("https", "1s", data, moreArguments);
  }

  private static RunningWeir start(
      String scheme, String commitInterval, Path data, String... moreArguments) throws IOException {
    RunningWeir weir = launch(scheme, commitInterval, data, moreArguments);
    weir.awaitReady();
    return weir;
  }

  /** Starts on a data directory and returns at once. */
  static RunningWeir launch(Path data, String... moreArguments) throws IOException {
    return launch("http", "1s", data, moreArguments);
  }

  private static RunningWeir launch(
      String scheme, String commitInterval, Path data, String... moreArguments) throws IOException {
    Files.createDirectories(data);
    int port = FreePorts.next();
    int apiPort = FreePorts.next();
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 022 && exec \"$@\"", "sh"));
    command.addAll(
        WeirCommand.of(
            List.of("--enable-native-access=ALL-UNNAMED"),
            "start",
            "--data",
            data.toString(),
            "--port",
            Integer.toString(port),
            "--api-port",
            Integer.toString(apiPort)));
    command.addAll(List.of(moreArguments));
    Path output = data.resolveSibling(data.getFileName() + ".out");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putIfAbsent("WEIR_LAKE_COMMIT_INTERVAL", commitInterval);
    builder.environment().putIfAbsent("WEIR_LAKE_QUIET_COMMIT_INTERVAL", commitInterval);
    Process process =
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
    return new RunningWeir(process, data, output, scheme, port, apiPort);
  }

  /** Waits until both ports are ready. */
  void awaitReady() throws IOException {
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            if (!process.isAlive()) {
              throw new IllegalStateException("ended with " + process.exitValue());
            }
            return isReady();
          });
      credentials = JSON.readTree(data.resolve("credentials.json").toFile());
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw new IllegalStateException("not ready; it said:\n" + Files.readString(output), e);
    }
  }

  /** What a URL answers; -1 if nobody is there. */
  int status(String url) {
    try {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  String collector() {
    return collector;
  }

  String api() {
    return api;
  }

  String apiKey() {
    return credential("api_key");
  }

  /** What the command has printed. */
  String printed() throws IOException {
    return Files.readString(output);
  }

  String writeKey() {
    return credential("write_key");
  }

  private String credential(String name) {
    if (credentials == null) {
      throw new IllegalStateException("not ready");
    }
    return credentials.get(name).asText();
  }

  /** Posts JSON with the write key. */
  HttpResponse<String> send(String path, byte[] body) {
    String basic =
        Base64.getEncoder().encodeToString((writeKey() + ":").getBytes(StandardCharsets.UTF_8));
    return exchange(
        HttpRequest.newBuilder(URI.create(collector + path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + basic)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  HttpResponse<String> send(String path, String body) {
    return send(path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The rows of a statement. */
  JsonNode query(String sql) {
    ObjectNode body = JSON.createObjectNode().put("sql", sql).put("limit", 100_000);
    HttpResponse<String> response = post("/api/v1/query", body.toString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          response.statusCode() + " for " + sql + ": " + response.body());
    }
    try {
      return JSON.readTree(response.body()).get("rows");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one number that a statement answers. */
  long number(String sql) {
    return query(sql).get(0).get(0).asLong();
  }

  /** Waits until a statement answers this number; until then its table may not be there. */
  void awaitNumber(String sql, long expected) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreException(IllegalStateException.class)
        .untilAsserted(
            () -> org.assertj.core.api.Assertions.assertThat(number(sql)).isEqualTo(expected));
  }

  HttpResponse<String> post(String apiPath, String body) {
    return exchange(toApi(apiPath, body), BodyHandlers.ofString());
  }

  /** The Parquet file that a statement answers. */
  HttpResponse<byte[]> parquet(String sql) {
    ObjectNode body = JSON.createObjectNode().put("sql", sql).put("format", "parquet");
    return exchange(toApi("/api/v1/query", body.toString()), BodyHandlers.ofByteArray());
  }

  private HttpRequest toApi(String apiPath, String body) {
    return HttpRequest.newBuilder(URI.create(api + apiPath))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + credential("api_key"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  int delete(String apiPath) {
    return exchange(
            HttpRequest.newBuilder(URI.create(api + apiPath))
                .header("Authorization", "Bearer " + credential("api_key"))
                .DELETE()
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  JsonNode get(String apiPath) {
    try {
      return JSON.readTree(text(apiPath));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the API answers to a GET. */
  String text(String apiPath) {
    return exchange(
            HttpRequest.newBuilder(URI.create(api + apiPath))
                .header("Authorization", "Bearer " + credential("api_key"))
                .build())
        .body();
  }

  /** Whether both ports say that they are ready. */
  boolean isReady() {
    return status(collector + "/ready") == 200 && status(api + "/ready") == 200;
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    return exchange(request, BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest request, HttpResponse.BodyHandler<T> bodyHandler) {
    try {
      return http.send(request, bodyHandler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
