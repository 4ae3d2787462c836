package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Visits by Chromium of pages with the tracker, from the script to SQL and the live page. */
class TrackerTest {
  private static final Path SDK = Path.of("../sdk/js").toAbsolutePath().normalize();
  private static final int MINUTES = 5;

  @TempDir Path temp;

  @Test
  void visitsReachSqlAndTheLivePage() throws Exception {
    assumeTrue(LivePageTest.browser().isPresent(), "skipped: there is no Chromium here");
    assumeTrue(
        NpmClient.present("node") && NpmClient.present("npm"),
        "skipped: there is no node and npm here");
    if (!Files.isDirectory(SDK.resolve("node_modules"))) {
      assumeTrue(
          run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts") == 0,
          "skipped: npm could not install what the tracker is tested with (no network?)");
    }
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      Map<String, String> where =
          Map.of(
              "WEIR_COLLECTOR", weir.collector(),
              "WEIR_KEY", weir.writeKey(),
              "WEIR_API", weir.api(),
              "WEIR_API_KEY", weir.apiKey());
      int exit = run(where, "node", "--test", "test/collector.test.mjs");
      assertThat(exit).as(Files.readString(log())).isZero();
      assertThat(Files.readString(log())).contains("# pass 2");
    }
  }

  private Path log() {
    return temp.resolve("tracker.log");
  }

  private int run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(SDK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("still running: " + String.join(" ", command));
    }
    return process.exitValue();
  }
}
