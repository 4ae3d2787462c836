package weir.tools.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;
import weir.metadata.Credentials;

/** A Weir that is started for the demonstration, as a process of its own. */
public final class OwnWeir implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration ASK_AGAIN = Duration.ofMillis(200);
  private static final long STOP_SECONDS = 15;

  private final Process process;

  private OwnWeir(Process process) {
    this.process = process;
  }

  /** Whether a Weir runs on a data directory, collector and engine. */
  public static boolean isRunning(DataDirectory directory) throws IOException {
    Optional<RoleFile> collector = RoleFile.read(directory.roleFile(Role.COLLECT));
    Optional<RoleFile> engine = RoleFile.read(directory.roleFile(Role.ENGINE));
    return collector.isPresent()
        && collector.get().isAlive()
        && engine.isPresent()
        && engine.get().isAlive()
        && Credentials.read(directory.credentials()).isPresent();
  }

  /**
   * Starts one and waits until it is there.
   *
   * @param main the class that {@code weir} runs
   * @param arguments those of {@code weir start}
   */
  public static OwnWeir start(DataDirectory directory, String main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main, "start"));
    command.addAll(arguments);
    OwnWeir weir = new OwnWeir(new ProcessBuilder(command).inheritIO().start());
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("demo-stop-weir").unstarted(weir::close));
    try {
      for (Duration waited = Duration.ZERO;
          !isRunning(directory);
          waited = waited.plus(ASK_AGAIN)) {
        if (!weir.process.isAlive()) {
          throw new IOException("Weir could not be started; it says above why");
        }
        if (waited.compareTo(START) > 0) {
          throw new IOException("Weir has not started within " + START.toSeconds() + " s");
        }
        Thread.sleep(ASK_AGAIN);
      }
      return weir;
    } catch (IOException | InterruptedException e) {
      weir.close();
      throw e;
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Stops it in order. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
