package weir.server.roles;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import weir.directory.Role;
import weir.testkit.ChildProcess;

/** Programs for tests of supervision: a supervisor, and children that behave well or not. */
public final class SupervisedProgram {
  private SupervisedProgram() {}

  /** Arguments: what to be, then the file in which each child's process id becomes a line. */
  public static void main(String[] arguments) throws Exception {
    Path pids = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "supervisor" -> supervise(pids);
      case "obedient" -> obey(pids);
      case "stubborn" -> ignoreEverything(pids);
      case "greedy" -> takeMemory(pids);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  static ProcessBuilder command(String what, Path pids) {
    return new ProcessBuilder(
            ChildProcess.java(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                SupervisedProgram.class.getName(),
                what,
                pids.toString()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static void supervise(Path pids) throws InterruptedException {
    try (SupervisedRole ignored =
        new SupervisedRole(
            Role.ENGINE,
            () -> command("stubborn", pids),
            0,
            Duration.ofSeconds(1),
            System::nanoTime,
            new SimpleMeterRegistry())) {
      new CountDownLatch(1).await();
    }
  }

  private static void obey(Path pids) throws IOException, InterruptedException {
    ParentWatch.start(System.in, () -> Runtime.getRuntime().halt(0), () -> {});
    tell(pids);
    new CountDownLatch(1).await();
  }

  /** Never stops when it is asked to. */
  private static void ignoreEverything(Path pids) throws IOException, InterruptedException {
    ParentWatch.start(System.in, () -> {}, () -> {});
    tell(pids);
    new CountDownLatch(1).await();
  }

  private static void takeMemory(Path pids) throws IOException, InterruptedException {
    tell(pids);
    List<byte[]> taken = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] megabyte = new byte[1 << 20];
      java.util.Arrays.fill(megabyte, (byte) i);
      taken.add(megabyte);
    }
    new CountDownLatch(taken.isEmpty() ? 0 : 1).await();
  }

  private static void tell(Path pids) throws IOException {
    Files.writeString(
        pids,
        ProcessHandle.current().pid() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
