package weir.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tracker's own tests: its build byte for byte, its types, and what it does in Chromium. */
class BrowserTest {
  private static final Path SOURCES = Path.of("js").toAbsolutePath();
  private static final Path LOG = Path.of("target/npm.log").toAbsolutePath();
  private static final int MINUTES = 5;

  @Test
  void theTrackersTests() throws Exception {
    assumeTrue(present("node") && present("npm"), "skipped: there is no node and npm here");
    assumeTrue(
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .anyMatch(name -> Files.isExecutable(Path.of("/usr/bin", name))),
        "skipped: there is no Chromium here");
    if (!installed()) {
      assumeTrue(
          run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts") == 0,
          "skipped: npm could not install what the tracker is built with (no network?)");
    }
    int exit = run("npm", "test");
    assertThat(exit).as(Files.readString(LOG)).isZero();
  }

  /** Whether what lies there is what the lock file names. */
  private static boolean installed() throws IOException {
    Path lock = SOURCES.resolve("node_modules/.package-lock.json");
    return Files.isRegularFile(lock)
        && Files.getLastModifiedTime(lock)
                .compareTo(Files.getLastModifiedTime(SOURCES.resolve("package-lock.json")))
            >= 0;
  }

  private static boolean present(String program) throws InterruptedException {
    try {
      return run(program, "--version") == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Files.createDirectories(LOG.getParent());
    Process process =
        new ProcessBuilder(List.of(command))
            .directory(SOURCES.toFile())
            .redirectErrorStream(true)
            .redirectOutput(LOG.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("still running: " + String.join(" ", command));
    }
    return process.exitValue();
  }
}
