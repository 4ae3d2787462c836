package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import weir.testkit.ChildProcess;
import weir.testkit.FreePorts;

/**
 * How long {@code ./weir start} takes to the first accepted event and until both ports are ready,
 * on a new data directory and on one that is there; how soon a new query is answered after the
 * query process was killed in the middle of one; and what the idle processes hold in memory.
 */
final class StartTimes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration STEP = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** What is asked for at most, by the name of the figure: seconds, or megabytes. */
  private static final Map<String, Double> LIMITS =
      Map.of(
          "first event accepted, new directory (s)", 2.0,
          "first event accepted (s)", 2.0,
          "both ports ready, new directory (s)", 3.0,
          "both ports ready (s)", 3.0,
          "query after a kill in the middle of one (s)", 3.0,
          "idle, resident, all processes (MB)", 700.0);

  private final Path weir;
  private final Path work;
  private final int rounds;
  private final Duration idle;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final Map<String, List<Double>> measured = new TreeMap<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * Prepares to measure.
   *
   * @param weir the script {@code weir}
   * @param idle how long the processes are left alone before their memory is read
   */
  StartTimes(
      Path weir, Path work, int rounds, Duration idle, LongSupplier ticker, PrintStream out) {
    this.weir = weir;
    this.work = work;
    this.rounds = rounds;
    this.idle = idle;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, and prints how the figures are spread; those asked for are medians. */
  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    try (http) {
      for (int i = 0; i < rounds; i++) {
        Path data = work.resolve("data-" + i);
        try (Started first = start(data, ", new directory")) {
          first.stop();
        }
        try (Started again = start(data, "")) {
          afterKill(again);
          LockSupport.parkNanos(idle.toNanos());
          memory(data);
          again.stop();
        }
      }
    }
    report(figures);
  }

  /** One run of {@code weir start}. */
  private record Started(ChildProcess process, Path data, int port, int apiPort)
      implements AutoCloseable {
    void stop() throws InterruptedException, TimeoutException {
      process.terminate();
      process.awaitExit(LIMIT);
    }

    @Override
    public void close() {
      process.close();
    }
  }

  private Started start(Path data, String kind)
      throws IOException, InterruptedException, TimeoutException {
    int port = FreePorts.next();
    int apiPort = FreePorts.next();
    List<String> command =
        List.of(
            weir.toString(),
            "start",
            "--data",
            data.toString(),
            "--port",
            Integer.toString(port),
            "--api-port",
            Integer.toString(apiPort));
    long began = ticker.getAsLong();
    Started started = new Started(ChildProcess.start(command, work), data, port, apiPort);
    await(started, () -> track(started));
    note("first event accepted" + kind + " (s)", began);
    await(started, () -> ready(port) && ready(apiPort));
    note("both ports ready" + kind + " (s)", began);
    return started;
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(Started started, Condition condition)
      throws InterruptedException, TimeoutException {
    long began = ticker.getAsLong();
    while (ticker.getAsLong() - began < LIMIT.toNanos()) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        // not there yet
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
    throw new TimeoutException("Weir does not get there:\n" + started.process().output());
  }

  private void note(String figure, long began) {
    note(figure, (ticker.getAsLong() - began) / 1e9);
  }

  private void note(String figure, double value) {
    measured.computeIfAbsent(figure, ignored -> new ArrayList<>()).add(value);
  }

  private static JsonNode credentials(Path data) throws IOException {
    return JSON.readTree(data.resolve("credentials.json").toFile());
  }

  private boolean track(Started started) throws IOException, InterruptedException {
    if (!Files.exists(started.data().resolve("credentials.json"))) {
      return false;
    }
    String user = credentials(started.data()).path("write_key").asText() + ":";
    HttpRequest request =
        HttpRequest.newBuilder(url(started.port(), "/v1/track"))
            .timeout(Duration.ofSeconds(5))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"event\":\"Started\",\"userId\":\"u\"}"))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  private boolean ready(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url(port, "/ready")).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  private static URI url(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private boolean query(Started started, String sql) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url(started.apiPort(), "/api/v1/query"))
            .timeout(LIMIT)
            .header(
                "Authorization", "Bearer " + credentials(started.data()).path("api_key").asText())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.createObjectNode().put("sql", sql).toString()))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  private void afterKill(Started started)
      throws IOException, InterruptedException, TimeoutException {
    String count = "select count(*) from events";
    await(started, () -> query(started, count));
    Thread slow =
        Thread.ofPlatform()
            .daemon()
            .name("slow-query")
            .start(() -> {
              try {
                query(started, "select count(*) from range(1000000) a, range(1000000) b");
              } catch (IOException e) {
                // it is killed
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    long pid = pids(started.data()).getOrDefault(WeirProcess.STATEMENTS, 0L);
    long began = ticker.getAsLong();
    ChildProcess.kill(pid);
    await(started, () -> query(started, count));
    note("query after a kill in the middle of one (s)", began);
    slow.join();
  }

  private static Map<String, Long> pids(Path data) throws IOException {
    Map<String, Long> pids = new TreeMap<>();
    for (String role : WeirProcess.ROLES) {
      Path file = data.resolve("roles").resolve(role + ".json");
      pids.put(role, JSON.readTree(file.toFile()).path("pid").asLong());
    }
    WeirProcess.children(pids.getOrDefault("engine", 0L))
        .forEach(pid -> pids.put(WeirProcess.STATEMENTS, pid));
    return pids;
  }

  private void memory(Path data) throws IOException {
    double resident = 0;
    double proportional = 0;
    for (Map.Entry<String, Long> role : pids(data).entrySet()) {
      Path rollup = Path.of("/proc", role.getValue().toString(), "smaps_rollup");
      if (!Files.isReadable(rollup)) {
        return;
      }
      Map<String, Double> lines = new TreeMap<>();
      for (String line : Files.readAllLines(rollup)) {
        String[] words = line.split("\\s+");
        if (words.length == 3) {
          lines.put(words[0], Double.parseDouble(words[1]) * 1024 / 1e6);
        }
      }
      resident += lines.getOrDefault("Rss:", 0.0);
      proportional += lines.getOrDefault("Pss:", 0.0);
      note("idle, resident, " + role.getKey() + " (MB)", lines.getOrDefault("Rss:", 0.0));
    }
    note("idle, resident, all processes (MB)", resident);
    note("idle, shared pages counted once (MB)", proportional);
  }

  private void report(Figures figures) {
    Table table = new Table("", "median", "least", "most");
    for (Map.Entry<String, List<Double>> figure : measured.entrySet()) {
      List<Double> values = figure.getValue().stream().sorted().toList();
      double median = values.get(values.size() / 2);
      Double limit = LIMITS.get(figure.getKey());
      if (limit == null) {
        figures.note(figure.getKey(), median);
      } else {
        figures.atMost(figure.getKey(), median, limit);
      }
      table.row(
          figure.getKey(),
          "%.2f".formatted(median),
          "%.2f".formatted(values.getFirst()),
          "%.2f".formatted(values.getLast()));
    }
    table.print(out);
  }
}
