package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import weir.testkit.powercut.DiskModel;

/**
 * Records what a real Weir does to its disk under load, rebuilds what a power cut at a random point
 * may leave of it, starts Weir on that and looks for what was lost. It starts at the path at which
 * it was recorded, since Iceberg's metadata holds absolute paths.
 */
final class PowerCut {
  private static final int CUTS_PER_RECORDING = 250;

  private final long seed;
  private final int count;
  private final Forgotten forgotten;
  private final Path work;
  private final Class<?> load;
  private final Duration length;
  private final Recovery recovery;
  private final PrintStream out;
  private final List<String> violations = new ArrayList<>();
  private int done;

  /**
   * Prepares a run.
   *
   * @param load the class to trace, such as {@link TracedLoad}
   * @param length for how long it sends
   */
  PowerCut(
      long seed,
      int count,
      Forgotten forgotten,
      Path work,
      Class<?> load,
      Duration length,
      Recovery recovery,
      PrintStream out) {
    this.seed = seed;
    this.count = count;
    this.forgotten = forgotten;
    this.work = work;
    this.load = load;
    this.length = length;
    this.recovery = recovery;
    this.out = out;
  }

  /** Returns what is wrong, in words; empty if nothing is. Stops at the first cut that fails. */
  List<String> run() throws IOException, InterruptedException, TimeoutException {
    while (done < count && violations.isEmpty()) {
      LoadRecording recording = LoadRecording.make(work, load, seed + done, length);
      out.printf(
          "recorded %,d steps, %,d events answered 200; cannot be seen: %s%n",
          recording.recording().steps(),
          recording.expectation(recording.recording().steps()).acknowledged().size(),
          unseen(recording));
      cut(recording, Math.min(CUTS_PER_RECORDING, count - done));
    }
    return List.copyOf(violations);
  }

  private static Set<String> unseen(LoadRecording recording) {
    return recording.recording().mapped().stream()
        .filter(path -> !path.endsWith("-shm"))
        .collect(Collectors.toSet());
  }

  /** Cuts one recording; the same seed cuts it the same way. */
  List<String> cut(LoadRecording recording, int cuts)
      throws IOException, InterruptedException, TimeoutException {
    SplittableRandom random = new SplittableRandom(seed + done);
    DiskModel disk = new DiskModel(recording.recording(), forgotten.ignored());
    long[] steps = random.longs(cuts, 0, recording.recording().steps() + 1).sorted().toArray();
    for (long step : steps) {
      disk.advanceTo(step);
      long choice = random.nextLong();
      Path data = recording.root();
      disk.cut(choice, data);
      check(recording, step, choice, data);
      done++;
      if (!violations.isEmpty()) {
        disk.cut(choice, work.resolve("cut-as-it-was"));
        break;
      }
      Trees.delete(data);
    }
    return List.copyOf(violations);
  }

  private void check(LoadRecording recording, long step, long choice, Path data)
      throws InterruptedException {
    Expectation expectation = recording.expectation(step);
    List<String> wrong;
    try {
      wrong = expectation.violations(recovery.recover(data));
    } catch (IOException | TimeoutException | RuntimeException e) {
      wrong = List.of("Weir does not recover: " + withCauses(e));
    }
    out.printf(
        "%4d  cut at step %,d, %,d ids answered before: %s%n",
        done + 1,
        step,
        expectation.acknowledged().size(),
        wrong.isEmpty() ? "nothing lost" : "FAILED");
    wrong.forEach(violation ->
        violations.add("cut at step %d, choice %d: %s".formatted(step, choice, violation)));
  }

  private static String withCauses(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append("; because ").append(cause);
    }
    return text.toString();
  }
}
