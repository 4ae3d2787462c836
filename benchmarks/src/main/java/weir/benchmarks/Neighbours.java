package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How long a project waits for {@code select count(*)} while a limited key of another project asks
 * one of the worst statements there are again and again, beside the time when nobody does.
 */
final class Neighbours {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double TIMES_AT_MOST = 3;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final String COUNT = "select count(*) from events";

  /** By what makes them bad: no heed of interrupts, memory, processor time. */
  private static final Map<String, String> WORST = worst();

  private final Path data;
  private final Duration each;
  private final LongSupplier ticker;
  private final PrintStream out;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * Prepares to measure.
   *
   * @param each how long each statement is asked
   */
  Neighbours(Path data, Duration each, LongSupplier ticker, PrintStream out) {
    this.data = data;
    this.each = each;
    this.ticker = ticker;
    this.out = out;
  }

  private static Map<String, String> worst() {
    Map<String, String> worst = new LinkedHashMap<>();
    worst.put("levenshtein", "select levenshtein(repeat('a', 400000), repeat('b', 400000))");
    worst.put(
        "damerau_levenshtein",
        "select damerau_levenshtein(repeat('a', 30000), repeat('b', 30000))");
    worst.put("repeat", "select max(length(repeat('x', 100000000 + i))) from range(100) r(i)");
    worst.put("rpad", "select length(rpad('x', 2000000000, 'y'))");
    worst.put("list_resize", "select length(list_resize([1], 1000000000))");
    worst.put("range of a billion", "select length(range(1000000000))");
    worst.put("range of half of that", "select length(range(500000000))");
    worst.put("printf", "select length(printf('%2000000000d', 1))");
    worst.put("format", "select length(format('{:2000000000d}', 1))");
    worst.put("strftime", "select length(strftime(now(), repeat('%A', 50000000)))");
    worst.put("cross join", "select count(*) from range(10000000) a, range(10000000) b");
    return worst;
  }

  void run(Figures figures) throws IOException, InterruptedException, TimeoutException {
    try (http;
        WeirProcess weir = WeirProcess.start(data, Map.of())) {
      JsonNode project = JSON.readTree(weir.api("/api/v1/projects", "{\"name\":\"neighbour\"}"));
      String quietKey = project.path("api_key").asText();
      fill(weir, weir.writeKey());
      fill(weir, project.path("write_key").asText());
      String limit =
          "{\"kind\":\"api\",\"scope\":\"read\",\"limit\":{\"property\":\"tenant\",\"value\":17}}";
      String badKey = JSON.readTree(weir.api("/api/v1/keys", limit)).path("key").asText();
      await(weir, quietKey);
      measure(weir, quietKey, "warming up");
      double[] quiet = measure(weir, quietKey, "nobody");
      Table table = new Table("who asks beside", "count", "median", "p95", "longest", "failed");
      row(table, "nobody", quiet, 0);
      double worst = 0;
      int failures = 0;
      for (Map.Entry<String, String> bad : WORST.entrySet()) {
        AtomicInteger asked = new AtomicInteger();
        Thread loop = loop(weir, badKey, bad.getValue(), asked);
        Measured beside = new Measured();
        measure(weir, quietKey, bad.getKey(), beside);
        loop.interrupt();
        loop.join();
        double[] times = beside.sorted();
        row(table, bad.getKey() + ", asked " + asked, times, beside.failed);
        failures += beside.failed;
        worst = Math.max(worst, percentile(times, 0.95));
      }
      table.print(out);
      figures.note("count(*) while nobody asks beside, p95 (s)", percentile(quiet, 0.95));
      figures.atMost(
          "count(*) beside the worst statement, p95 / quiet p95",
          worst / percentile(quiet, 0.95),
          TIMES_AT_MOST);
      figures.atMost("count(*) that failed beside the worst statements", failures, 0);
    }
  }

  private static final class Measured {
    private final List<Double> times = new ArrayList<>();
    private int failed;

    double[] sorted() {
      return times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
  }

  private static void row(Table table, String name, double[] sorted, int failed) {
    table.row(
        name,
        "%,d".formatted(sorted.length),
        "%.3f".formatted(percentile(sorted, 0.5)),
        "%.3f".formatted(percentile(sorted, 0.95)),
        "%.3f".formatted(percentile(sorted, 1)),
        Integer.toString(failed));
  }

  private static double percentile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }

  private double[] measure(WeirProcess weir, String key, String beside)
      throws InterruptedException {
    Measured measured = new Measured();
    measure(weir, key, beside, measured);
    return measured.sorted();
  }

  private void measure(WeirProcess weir, String key, String beside, Measured into)
      throws InterruptedException {
    long end = ticker.getAsLong() + each.toNanos();
    while (ticker.getAsLong() < end) {
      long began = ticker.getAsLong();
      String failure = "";
      try {
        HttpResponse<String> answer = query(weir, key, COUNT);
        failure = answer.statusCode() == 200 ? "" : answer.body();
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
      into.times.add((ticker.getAsLong() - began) / 1e9);
      if (!failure.isEmpty()) {
        into.failed++;
        out.println("failed beside " + beside + ": " + failure);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private Thread loop(WeirProcess weir, String key, String sql, AtomicInteger asked) {
    return Thread.ofPlatform()
        .daemon()
        .name("bad-key")
        .start(() -> {
          try {
            while (!Thread.currentThread().isInterrupted()) {
              asked.incrementAndGet();
              query(weir, key, sql);
            }
          } catch (IOException e) {
            out.println("the bad key's connection ended: " + e.getMessage());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void fill(WeirProcess weir, String writeKey) throws IOException, InterruptedException {
    for (int batch = 0; batch < 100; batch++) {
      StringBuilder events = new StringBuilder("[");
      for (int i = 0; i < 100; i++) {
        events
            .append(i == 0 ? "" : ",")
            .append("{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u")
            .append(i)
            .append("\",\"properties\":{\"tenant\":")
            .append(i % 20)
            .append("}}");
      }
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + weir.port() + "/v1/batch"))
              .header("Authorization", "Bearer " + writeKey)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(events.append("]").toString()))
              .build();
      int status = 401; // a new key is known within a second
      while (status == 401) {
        status = http.send(request, BodyHandlers.discarding()).statusCode();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      if (status != 200) {
        throw new IOException("events were answered " + status);
      }
    }
  }

  private void await(WeirProcess weir, String key) throws InterruptedException, TimeoutException {
    weir.await(
        "the neighbour's events",
        LONGEST,
        () -> {
          try {
            LockSupport.parkNanos(STEP.toNanos());
            return query(weir, key, COUNT).body().contains("[[10000]]");
          } catch (IOException e) {
            return false;
          }
        });
  }

  private HttpResponse<String> query(WeirProcess weir, String key, String sql)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + weir.apiPort() + "/api/v1/query"))
            .timeout(LONGEST)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    JSON.createObjectNode().put("sql", sql).put("timeout", "5s").toString()))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
