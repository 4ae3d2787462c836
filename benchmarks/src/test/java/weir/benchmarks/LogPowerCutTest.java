package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.embedded.EmbeddedLog;
import weir.log.files.Files;
import weir.testkit.ChildProcess;
import weir.testkit.powercut.DiskModel;
import weir.testkit.powercut.Recording;
import weir.testkit.powercut.Strace;
import weir.testkit.powercut.SyscallTrace;

/** The embedded log by itself, on a disk that loses power at any of its steps. */
class LogPowerCutTest {
  private static final int CUTS = 400;

  @TempDir Path directory;

  @Test
  void nothingStoredIsLostAndNothingTornIsRead() throws Exception {
    Recording recording = record();
    assertThat(losses(recording, new DiskModel(recording))).isEmpty();
  }

  @Test
  void forgottenFsyncsAreFound() throws Exception {
    Recording recording = record();
    DiskModel withoutSegments = new DiskModel(recording, path -> path.startsWith("log/"));
    assertThat(losses(recording, withoutSegments)).isNotEmpty();
    DiskModel withoutDirectory = new DiskModel(recording, path -> path.equals("log"));
    assertThat(losses(recording, withoutDirectory)).isNotEmpty();
  }

  private Recording record() throws Exception {
    Optional<String> missing = Strace.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    Path work = directory.toRealPath();
    Path trace = work.resolve("trace");
    List<String> writer =
        ChildProcess.java(
            List.of("-XX:+UseSerialGC"), LogPowerCutWriter.class.getName(), work.toString());
    try (ChildProcess child = ChildProcess.start(Strace.command(trace, writer), work)) {
      assertThat(child.awaitExit(Duration.ofSeconds(60))).as(child::output).isZero();
    }
    Recording recording =
        SyscallTrace.read(trace, work.resolve("root"), work.resolve("marks"), work);
    assertThat(recording.problems()).isEmpty();
    assertThat(recording.mapped()).isEmpty();
    assertThat(recording.marks()).hasSizeGreaterThan(LogPowerCutWriter.BATCHES);
    return recording;
  }

  private List<String> losses(Recording recording, DiskModel disk) throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    long[] steps = random.longs(CUTS, 0, recording.steps() + 1).sorted().toArray();
    List<String> losses = new ArrayList<>();
    for (int seed = 0; seed < CUTS; seed++) {
      Path tree = java.nio.file.Files.createTempDirectory(directory, "cut");
      disk.advanceTo(steps[seed]);
      disk.cut(seed, tree);
      String loss = loss(tree.resolve("log"), recording.marksUntil(steps[seed]));
      if (!loss.isEmpty()) {
        losses.add("step %d, seed %d: %s".formatted(steps[seed], seed, loss));
      }
    }
    return losses;
  }

  private static String loss(Path log, List<String> marks) {
    int stored = last(marks, LogPowerCutWriter.STORED);
    int released = last(marks, LogPowerCutWriter.RELEASING);
    try (EventLog opened =
            EmbeddedLog.writer(
                Files.system(), log, LogPowerCutWriter.OPTIONS, InstantSource.system());
        LogReader reader = opened.read(Position.START)) {
      int expected = -1;
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (!(entry instanceof LogEntry.Frame frame)) {
          return "damaged: " + entry;
        }
        int number = number(frame.payload());
        if (expected >= 0 && number != expected) {
          return "frame " + number + " where " + expected + " was due";
        }
        if (expected < 0 && number > Math.max(0, released)) {
          return "begins at frame " + number + ", released were " + released;
        }
        expected = number + 1;
      }
      return Math.max(expected, 0) > stored || stored < 0
          ? ""
          : "ends before frame " + expected + ", stored were all to " + stored;
    } catch (IOException | RuntimeException e) {
      return "does not open: " + e;
    }
  }

  private static int last(List<String> marks, String prefix) {
    return marks.stream()
        .filter(mark -> mark.startsWith(prefix))
        .mapToInt(mark -> Integer.parseInt(mark.substring(prefix.length())))
        .max()
        .orElse(-1);
  }

  private static int number(byte[] payload) {
    String text = new String(payload, StandardCharsets.US_ASCII);
    int number = Integer.parseInt(text.substring(0, text.indexOf(' ')));
    if (!text.equals(new String(LogPowerCutWriter.frame(number), StandardCharsets.US_ASCII))) {
      throw new IllegalStateException("frame " + number + " has other bytes");
    }
    return number;
  }
}
