package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.ChildJvm;
import weir.query.Questions;
import weir.query.duckdb.TestEngine;
import weir.testkit.hostile.HostileStatements;
import weir.testkit.hostile.HostileStatements.Outcome;
import weir.testkit.hostile.HostileStatements.Statement;

/**
 * Statements that would run for ever or take all memory, asked of a query process: each ends by
 * itself, at its time or at its bound, and the process answers the next one. What outgrows the
 * engine's bound ends the process, with the code that its supervisor knows, and a new one answers.
 */
class BombTest {
  private static final int SAMPLE = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Set<String> ENDS =
      Set.of("query_timeout", "out_of_memory", "invalid_sql", "not_allowed", "result_too_large");

  /** What a statement comes to that ends its process, once that has said so. */
  private static final String TO_BLAME = "statement_too_expensive";

  /** What a neighbour hears whose process another statement ends. */
  private static final String LOST = "query_lost";

  @TempDir Path dir;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> deaths = new ArrayList<>();
  private @Nullable Process process;
  private URI server = URI.create("http://127.0.0.1/");
  private int starts;

  @BeforeEach
  void start() throws IOException {
    Path own = Files.createDirectories(dir.resolve("process" + starts++));
    Process started = ChildJvm.start(Target.class, List.of(), own.toString());
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    String port =
        output.lines().filter(line -> line.startsWith("port ")).findFirst().orElse("port 0");
    Thread.ofPlatform().daemon().start(() -> output.lines().forEach(line -> {}));
    server = URI.create("http://127.0.0.1:" + port.substring(5));
    process = started;
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
    client.close();
  }

  @Test
  void aBombEndsNothingElse() throws Exception {
    long seed = Long.getLong("weir.seed", 20261122);
    List<Statement> bombs =
        new ArrayList<>(
            HostileStatements.all().stream()
                .filter(statement -> statement.outcome() == Outcome.BOUNDED)
                .toList());
    if (!"all".equals(System.getProperty("weir.hostile"))) {
      Collections.shuffle(bombs, new Random(seed));
      bombs.subList(SAMPLE, bombs.size()).clear();
    }
    List<String> faults = new ArrayList<>();
    for (Statement bomb : bombs) {
      String sql = bomb.sql(Map.of());
      String shown = bomb.sql();
      CompletableFuture<String> neighbour =
          CompletableFuture.supplyAsync(() -> ask("other", "select sum(range) from range(1000)"));
      String end = ask("shop", sql);
      String next = neighbour.join();
      if (end.equals("died") || end.equals(TO_BLAME)) {
        died(shown, faults);
      } else if (!end.equals("rows") && !ENDS.contains(end)) {
        faults.add(shown + " came to " + end);
      } else if (!next.equals("rows") && !next.equals("died") && !next.equals(LOST)) {
        faults.add(shown + "; the neighbour's came to " + next);
      }
    }
    System.out.println(
        "seed " + seed + ": " + bombs.size() + " bombs, the process ended by " + deaths);
    assertThat(faults).as("seed " + seed).isEmpty();
    assertThat(ask("other", "select sum(range) from range(1000)")).isEqualTo("rows");
  }

  private void died(String sql, List<String> faults) throws Exception {
    Process gone = java.util.Objects.requireNonNull(process);
    boolean ended = gone.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    int code = ended ? gone.exitValue() : -1;
    deaths.add(sql + " (" + code + ")");
    if (code != ProcessHalt.OUT_OF_MEMORY && code != ProcessHalt.OVERRUN) {
      faults.add(sql + " ended the process with " + code);
    }
    gone.destroyForcibly();
    start();
  }

  /** What a statement comes to: rows, an error's code, or died where there was no answer. */
  private String ask(String project, String sql) {
    try {
      String body =
          new ObjectMapper()
              .writeValueAsString(Map.of("sql", sql, "timeout", "500ms", "format", "ndjson"));
      if (project.equals("other")) {
        body = body.replace("500ms", "60s");
      }
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(server.resolve("/query?project=" + project))
                  .header("Authorization", "Bearer t")
                  .timeout(PATIENCE)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] some = in.readNBytes(response.statusCode() == 200 ? 10_000 : 1 << 24);
        return response.statusCode() == 200
            ? "rows"
            : new ObjectMapper().readTree(some).at("/error/code").asText();
      }
    } catch (IOException e) {
      return "died";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A query process. */
  static final class Target {
    private Target() {}

    public static void main(String[] args) throws Exception {
      TestEngine engine = new TestEngine(Path.of(args[0]));
      engine
          .lake()
          .events(
              "SELECT 'e' || (i % 3) AS event, 'u' || i AS user_id, timestamptz '2020-01-01"
                  + " 00:00:00Z' AS timestamp, timestamptz '2026-01-01 00:00:00Z' AS received_at"
                  + " FROM range(1000) r(i)");
      QueryOptions usual = QueryOptions.defaults(engine.spill());
      QueryServer server =
          QueryServer.start(
              engine.engine(),
              Questions.NONE,
              AttackTest.bounded(usual, 1L << 30, Duration.ofSeconds(10)),
              "t",
              System::nanoTime,
              new SimpleMeterRegistry(),
              () -> "",
              ProcessHalt.runtime());
      System.out.println("port " + server.port());
      Thread.currentThread().join();
    }
  }
}
