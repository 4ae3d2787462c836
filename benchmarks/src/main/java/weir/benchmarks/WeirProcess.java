package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import weir.testkit.ChildProcess;
import weir.testkit.FreePorts;
import weir.testkit.WeirCommand;

/** A real Weir on a data directory, in processes of its own, at the same ports after a restart. */
final class WeirProcess implements AutoCloseable {
  static final List<String> ROLES = List.of("collect", "engine", "query");

  /** Users' SQL, in a child of the engine. */
  static final String STATEMENTS = "statements";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Commits at once, so that what a run waits for, or looks at, is in the lake. */
  private static final Map<String, String> EAGER_LAKE =
      Map.of("lake.commit_interval", "1s", "lake.quiet_commit_interval", "1s");

  /** Compaction of all that can be merged, expiry, sweeps and new segments every few moments. */
  static final Map<String, String> RESTLESS_UPKEEP =
      Map.of(
          "log.segment_size", "8MiB",
          "lake.snapshot_age", "21s",
          "lake.quiet_day", "2s",
          "lake.file_size", "1MiB",
          "query.timeout", "20s",
          "query.max_timeout", "20s");

  private static final Duration STEP = Duration.ofMillis(20);

  /** Counting costs what loading needs. */
  private static final Duration STEP_OF_LOADING = Duration.ofMillis(500);

  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);
  private static final Duration TO_START = Duration.ofSeconds(90);

  private final Path data;
  private final Path configuration;
  private final int port;
  private final int apiPort;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private ChildProcess process;
  private JsonNode credentials = JSON.createObjectNode();

  private WeirProcess(Path data, Path configuration, int port, int apiPort, String roles)
      throws IOException {
    this.data = data;
    this.configuration = configuration;
    this.port = port;
    this.apiPort = apiPort;
    this.process = launch(roles);
  }

  /**
   * Starts all roles and waits until they are ready.
   *
   * @param data the data directory
   * @param settings by key, such as {@code collect.port}; written beside the data directory
   */
  static WeirProcess start(Path data, Map<String, String> settings)
      throws IOException, InterruptedException, TimeoutException {
    Path configuration = data.resolveSibling(data.getFileName() + ".yaml");
    StringBuilder yaml = new StringBuilder("{");
    Map<String, String> all = new TreeMap<>(EAGER_LAKE);
    all.putAll(settings);
    all.forEach(
        (key, value) -> yaml.append(yaml.length() > 1 ? ", " : "").append(nested(key, value)));
    Files.writeString(configuration, yaml.append("}\n"));
    WeirProcess weir =
        new WeirProcess(
            data, configuration, FreePorts.next(), FreePorts.next(), String.join(",", ROLES));
    weir.awaitReady();
    return weir;
  }

  private static String nested(String key, String value) {
    int dot = key.indexOf('.');
    return dot < 0
        ? key + ": '" + value + "'"
        : key.substring(0, dot) + ": {" + nested(key.substring(dot + 1), value) + "}";
  }

  private ChildProcess launch(String roles) throws IOException {
    List<String> jvm =
        List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");
    List<String> command =
        new ArrayList<>(
            WeirCommand.of(
                jvm,
                "start",
                "--config",
                configuration.toString(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--api-port",
                Integer.toString(apiPort)));
    if (!roles.equals(String.join(",", ROLES))) {
      command.add("--roles");
      command.add(roles);
    }
    return ChildProcess.start(command, Path.of("").toAbsolutePath());
  }

  /** Starts all roles again, after the collector has ended. */
  void restart() throws IOException, InterruptedException, TimeoutException {
    restart(String.join(",", ROLES));
    awaitReady();
  }

  /** Starts some roles again and does not wait for them. */
  void restart(String roles) throws IOException {
    process.close();
    process = launch(roles);
  }

  int port() {
    return port;
  }

  int apiPort() {
    return apiPort;
  }

  String writeKey() {
    return credentials.path("write_key").asText();
  }

  String apiKey() {
    return credentials.path("api_key").asText();
  }

  String output() {
    return process.output();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until both ports are ready. */
  void awaitReady() throws InterruptedException, TimeoutException, IOException {
    awaitReady(port);
    awaitReady(apiPort);
    credentials = JSON.readTree(data.resolve("credentials.json").toFile());
  }

  void awaitReady(int at) throws InterruptedException, TimeoutException {
    URI uri = URI.create("http://127.0.0.1:" + at + "/ready");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
    await(
        "ready at " + at,
        TO_START,
        () -> {
          try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** A condition that may ask over HTTP. */
  interface Condition {
    boolean holds() throws InterruptedException;
  }

  /** Asks again and again, for a number of steps that makes up the time at least. */
  void await(String what, Duration atMost, Condition condition)
      throws InterruptedException, TimeoutException {
    await(what, atMost, STEP, condition);
  }

  private void await(String what, Duration atMost, Duration step, Condition condition)
      throws InterruptedException, TimeoutException {
    for (long i = 0; i < atMost.dividedBy(step); i++) {
      if (condition.holds()) {
        return;
      }
      if (!process.isAlive()) {
        throw new TimeoutException("Weir has ended; waited for: " + what + "\n" + output());
      }
      LockSupport.parkNanos(step.toNanos());
    }
    throw new TimeoutException("waited in vain for: " + what + "\n" + output());
  }

  /** Waits for the first process, the collector, to end. */
  void awaitEnd() throws InterruptedException, TimeoutException {
    process.awaitExit(Duration.ofSeconds(15));
  }

  /** The process of a role, if it runs. */
  OptionalLong pid(String role) {
    if (role.equals(STATEMENTS)) {
      return pid("engine").stream().flatMap(WeirProcess::children).findFirst();
    }
    if (role.equals("collect")) {
      return process.isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
    }
    try {
      JsonNode file = JSON.readTree(data.resolve("roles").resolve(role + ".json").toFile());
      long pid = file.path("pid").asLong();
      boolean child =
          ProcessHandle.of(pid)
              .filter(ProcessHandle::isAlive)
              .flatMap(ProcessHandle::parent)
              .filter(parent -> parent.pid() == process.pid())
              .isPresent();
      return child ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The processes that a process has started. */
  static LongStream children(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .mapToLong(ProcessHandle::pid);
  }

  /** SIGKILL for one role. */
  void kill(String role) {
    pid(role).ifPresent(ChildProcess::kill);
  }

  /** SIGKILL for all roles, at once. */
  void killAll() {
    List<Long> pids =
        Stream.concat(ROLES.stream(), Stream.of(STATEMENTS))
            .map(this::pid)
            .flatMapToLong(OptionalLong::stream)
            .boxed()
            .toList();
    pids.forEach(ChildProcess::kill);
    process.close();
  }

  /** One column of a query's answer, all rows of it. */
  List<String> column(String sql) throws IOException, InterruptedException {
    String body = JSON.createObjectNode().put("sql", sql).put("format", "csv").toString();
    List<String> lines = api("/api/v1/query", body).lines().skip(1).toList();
    return lines.stream().map(line -> line.replace("\"", "")).toList();
  }

  /**
   * The answer to a question about behaviour.
   *
   * @param kind such as funnel
   */
  JsonNode insight(String kind, String body) throws IOException, InterruptedException {
    return JSON.readTree(api("/api/v1/insights/" + kind, body));
  }

  /** Kills a role and waits until the process that takes its place is there. */
  void replace(String role, Duration atMost) throws InterruptedException, TimeoutException {
    OptionalLong before = pid(role);
    kill(role);
    await(
        "another process for " + role,
        atMost,
        () -> pid(role).isPresent() && !pid(role).equals(before));
  }

  /** Waits until SQL counts so many events at least. */
  void awaitEvents(long events, Duration atMost) throws InterruptedException, TimeoutException {
    await(
        events + " events in SQL",
        atMost,
        STEP_OF_LOADING,
        () -> {
          try {
            return Long.parseLong(column("select count(*) as n from events").getFirst()) >= events;
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** The sums of the ledger. */
  Expectation.Totals ledger() throws IOException, InterruptedException {
    JsonNode rows = JSON.readTree(api("/api/v1/ledger", "")).path("rows");
    long dropped = 0;
    for (JsonNode row : rows) {
      for (JsonNode reason : row.path("dropped")) {
        dropped += reason.asLong();
      }
    }
    return new Expectation.Totals(
        sum(rows, "accepted"),
        sum(rows, "derived"),
        sum(rows, "loaded"),
        sum(rows, "quarantined"),
        sum(rows, "duplicate"),
        dropped,
        sum(rows, "in_flight"));
  }

  private static long sum(JsonNode rows, String field) {
    long sum = 0;
    for (JsonNode row : rows) {
      sum += row.path(field).asLong();
    }
    return sum;
  }

  /** Asks the API; posts a body that is not empty. */
  String api(String path, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + path))
            .timeout(LONGEST_ANSWER)
            .header("Authorization", "Bearer " + credentials.path("api_key").asText())
            .header("Content-Type", "application/json");
    if (!body.isEmpty()) {
      request.POST(BodyPublishers.ofString(body));
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** Waits until nothing is in flight, and reads what is there. */
  Expectation.Found settle(Duration atMost)
      throws IOException, InterruptedException, TimeoutException {
    IOException[] last = new IOException[1];
    await(
        "nothing in flight",
        atMost,
        () -> {
          try {
            Expectation.Totals totals = ledger();
            return totals.inFlight() == 0 && totals.balanced();
          } catch (IOException e) {
            last[0] = e;
            return false;
          }
        });
    return new Expectation.Found(
        column("select event_id from events"), column("select event_id from bad_events"), ledger());
  }

  /** SIGTERM, as a service manager would do it; returns the exit code. */
  int stop() throws InterruptedException, TimeoutException {
    process.terminate();
    return process.awaitExit(Duration.ofSeconds(15));
  }

  @Override
  public void close() {
    http.close();
    process.close();
  }
}
