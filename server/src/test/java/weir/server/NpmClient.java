package weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program for Node with packages of npm, in a folder of src/test/clients. */
final class NpmClient {
  private static final int MINUTES = 5;
  private static final String LOCK = "package-lock.json";

  private final Path folder;

  private NpmClient(Path folder) {
    this.folder = folder;
  }

  /**
   * Installs what its lock file names, once; skips the test, saying so, where that is not possible.
   */
  static NpmClient installed(String name) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        present("node") && present("npm"), "skipped: there is no node and npm here");
    Path source = Path.of("src/test/clients", name).toAbsolutePath();
    Path target = Files.createDirectories(Path.of("target/clients", name).toAbsolutePath());
    boolean installed =
        Files.isDirectory(target.resolve("node_modules"))
            && Files.mismatch(source.resolve(LOCK), target.resolve(LOCK)) < 0;
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!installed) {
      int exit = run(target, List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"));
      Assumptions.assumeTrue(
          exit == 0, "skipped: npm could not install " + name + " (no network?)");
    }
    return new NpmClient(target);
  }

  /** Whether a program is there. */
  static boolean present(String program) throws InterruptedException {
    try {
      return run(Files.createDirectories(Path.of("target")), List.of(program, "--version")) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a script to its end and answers its exit code. */
  int run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  /** What the last run said. */
  String said() throws IOException {
    return Files.readString(folder.resolve("client.log"));
  }

  private static int run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("client.log").toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("still running: " + command);
    }
    return process.exitValue();
  }
}
