package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * ClickHouse in a process of Node: npm's chdb, of the version that package.json beside its script
 * names. It must be closed. Used by one thread.
 */
final class ClickHouse implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FILES = List.of("package.json", "ask.cjs");
  private static final int MINUTES_TO_INSTALL = 10;

  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private ClickHouse(Process process) {
    this.process = process;
    this.questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Rows, and the time that ClickHouse took for them. */
  record Answer(double seconds, List<JsonNode> rows) {
    Answer {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Starts it with two threads; npm installs it before, where that was not done yet.
   *
   * @param cache folder that it is installed in
   * @throws IOException if it cannot be installed or started
   */
  static ClickHouse start(Path cache) throws IOException, InterruptedException {
    Files.createDirectories(cache);
    for (String file : FILES) {
      try (InputStream resource = ClickHouse.class.getResourceAsStream("clickhouse/" + file)) {
        if (resource == null) {
          throw new IOException("clickhouse/" + file + " is missing");
        }
        Files.copy(resource, cache.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.isDirectory(cache.resolve("node_modules"))) {
      install(cache);
    }
    Process process =
        new ProcessBuilder("node", "ask.cjs")
            .directory(cache.toFile())
            .redirectError(cache.resolve("node.log").toFile())
            .start();
    ClickHouse clickHouse = new ClickHouse(process);
    clickHouse.ask("SET max_threads = 2");
    return clickHouse;
  }

  private static void install(Path cache) throws IOException, InterruptedException {
    Path log = cache.resolve("npm.log");
    Process npm =
        new ProcessBuilder(
                "npm",
                "install",
                "--no-package-lock",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts")
            .directory(cache.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!npm.waitFor(MINUTES_TO_INSTALL, TimeUnit.MINUTES) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      Trees.delete(cache.resolve("node_modules"));
      throw new IOException("npm cannot install chdb:\n" + Files.readString(log));
    }
  }

  /** Asks, and waits for the answer. */
  Answer ask(String sql) throws IOException {
    questions.write(JSON.writeValueAsString(sql));
    questions.newLine();
    questions.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("ClickHouse has ended at: " + sql);
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("failure")) {
      throw new IOException("ClickHouse: " + answer.path("failure").asText() + "\n" + sql);
    }
    List<JsonNode> rows = new ArrayList<>();
    for (String row : answer.path("text").asText().lines().toList()) {
      rows.add(JSON.readTree(row));
    }
    return new Answer(answer.path("seconds").asDouble(), rows);
  }

  /** The process that it runs in. */
  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
