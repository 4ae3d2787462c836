package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import weir.testkit.ChildProcess;
import weir.testkit.powercut.Recording;
import weir.testkit.powercut.Strace;
import weir.testkit.powercut.SyscallTrace;

/**
 * What a real Weir did to its disk under load, and which events were sent meanwhile.
 *
 * @param root where its data directory was; it is empty now
 * @param sends how many events were sent, repeated ones each time
 */
record LoadRecording(Recording recording, Path root, Set<String> sent, long sends) {
  private static final int ATTEMPTS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  LoadRecording {
    sent = Set.copyOf(sent);
  }

  /**
   * Records. A recording in which the tracer lost track, as it may while a process is killed, is
   * thrown away and made again.
   *
   * @param load a class to run with three arguments, such as {@link TracedLoad}
   * @param length for how long events are sent
   * @throws IOException if there is no recording that can be followed
   */
  static LoadRecording make(Path work, Class<?> load, long seed, Duration length)
      throws IOException, InterruptedException, TimeoutException {
    List<String> problems = List.of();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path here = work.resolve("recording-" + attempt);
      Files.createDirectories(here);
      LoadRecording made = make(here.toRealPath(), load, seed, length.toMillis());
      Trees.delete(here);
      problems = made.recording().problems();
      if (problems.isEmpty()) {
        return made;
      }
    }
    throw new IOException("the trace cannot be followed: " + problems);
  }

  private static LoadRecording make(Path work, Class<?> load, long seed, long millis)
      throws IOException, InterruptedException, TimeoutException {
    Path trace = work.resolve("trace");
    List<String> command =
        ChildProcess.java(
            List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"),
            load.getName(),
            work.toString(),
            Long.toString(seed),
            Long.toString(millis));
    try (ChildProcess child = ChildProcess.start(Strace.command(trace, command), work)) {
      if (child.awaitExit(LIMIT) != 0) {
        throw new IOException("the traced load failed:\n" + child.output());
      }
    }
    Recording recording =
        SyscallTrace.read(trace, work.resolve("root"), work.resolve("marks"), work);
    Set<String> sent = new HashSet<>(Files.readAllLines(work.resolve("sent")));
    return new LoadRecording(
        recording,
        work.resolve("root"),
        sent,
        Long.parseLong(Files.readString(work.resolve("sends"))));
  }

  /** What must be found after a cut at a step. */
  Expectation expectation(long step) {
    List<String> acknowledged =
        recording.marksUntil(step).stream()
            .filter(mark -> mark.startsWith(MarksFile.ACKNOWLEDGED))
            .map(mark -> mark.substring(MarksFile.ACKNOWLEDGED.length()))
            .toList();
    return new Expectation(new HashSet<>(acknowledged), sent, acknowledged.size(), sends);
  }
}
