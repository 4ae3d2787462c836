package weir.testkit.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool must find every forgotten fsync, and nothing where none is forgotten. */
class PowerCutTest {
  private static final int CUTS = 400;

  @TempDir Path directory;

  @BeforeAll
  static void needsStrace() {
    Optional<String> missing = Strace.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
  }

  @Test
  void aSyncedLogSurvivesEveryCut() throws Exception {
    Recording recording = record("log");
    assertThat(recording.marks()).contains("line 0", "line 29");
    assertThat(losses(recording, new DiskModel(recording), this::lostLines)).isEmpty();
  }

  @Test
  void aLogThatIsNotSyncedLosesLines() throws Exception {
    Recording recording = record("log-without-fsync");
    assertThat(losses(recording, new DiskModel(recording), this::lostLines)).isNotEmpty();
  }

  @Test
  void aLogWhoseDirectoryIsNotSyncedIsLost() throws Exception {
    Recording recording = record("log-without-directory-fsync");
    assertThat(losses(recording, new DiskModel(recording), this::lostLines)).isNotEmpty();
  }

  @Test
  void anIgnoredFsyncCountsAsAForgottenOne() throws Exception {
    Recording recording = record("log");
    DiskModel withoutFile = new DiskModel(recording, path -> path.endsWith("lines"));
    assertThat(losses(recording, withoutFile, this::lostLines)).isNotEmpty();
    DiskModel withoutDirectory = new DiskModel(recording, path -> path.equals("a"));
    assertThat(losses(recording, withoutDirectory, this::lostLines)).isNotEmpty();
  }

  @Test
  void aFilePublishedByRenameSurvivesEveryCut() throws Exception {
    Recording recording = record("publish");
    assertThat(losses(recording, new DiskModel(recording), this::lostVersions)).isEmpty();
  }

  @Test
  void aRenameBeforeTheFsyncIsFound() throws Exception {
    Recording recording = record("publish-without-fsync");
    assertThat(losses(recording, new DiskModel(recording), this::lostVersions)).isNotEmpty();
  }

  @Test
  void aRenameThatIsNotSyncedIsFound() throws Exception {
    Recording recording = record("publish-without-directory-fsync");
    assertThat(losses(recording, new DiskModel(recording), this::lostVersions)).isNotEmpty();
  }

  @Test
  void everyWayToWriteIsFollowed() throws Exception {
    Recording recording = record("every-call");
    assertThat(recording.problems()).isEmpty();
    assertThat(recording.mapped()).containsExactly("mapped");
    assertThat(recording.marks()).anyMatch(mark -> mark.startsWith(SyscallTrace.SNAPSHOT));
  }

  @Test
  void callsCutOffByAKillAreSettled() throws Exception {
    for (int i = 0; i < 5; i++) {
      Recording recording = record("killed", Integer.toString(i));
      assertThat(recording.problems()).isEmpty();
    }
  }

  @Test
  void theSameSeedCutsTheSameWay() throws Exception {
    Recording recording = record("log-without-fsync");
    List<String> first = losses(recording, new DiskModel(recording), this::lostLines);
    assertThat(losses(recording, new DiskModel(recording), this::lostLines)).isEqualTo(first);
  }

  private interface Check {
    List<String> losses(Path disk, List<String> marks) throws IOException;
  }

  private Recording record(String... arguments) throws IOException, InterruptedException {
    return Recorder.record(directory, arguments);
  }

  private List<String> losses(Recording recording, DiskModel disk, Check check) throws IOException {
    assertThat(recording.problems()).isEmpty();
    assertThat(recording.mapped()).isEmpty();
    SplittableRandom random = new SplittableRandom(7);
    List<String> losses = new ArrayList<>();
    long[] steps = random.longs(CUTS, 0, recording.steps() + 1).sorted().toArray();
    for (int seed = 0; seed < CUTS; seed++) {
      Path tree = Files.createTempDirectory(directory, "cut");
      disk.advanceTo(steps[seed]);
      disk.cut(seed, tree);
      for (String loss : check.losses(tree, recording.marksUntil(steps[seed]))) {
        losses.add("step %d, seed %d: %s".formatted(steps[seed], seed, loss));
      }
    }
    return losses;
  }

  private List<String> lostLines(Path disk, List<String> marks) throws IOException {
    Path file = disk.resolve("a/lines");
    String lines =
        Files.exists(file)
            ? Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
            : "";
    return marks.stream()
        .filter(mark -> mark.startsWith("line "))
        .filter(mark -> !lines.contains(Writer.line(mark.substring(5))))
        .toList();
  }

  private List<String> lostVersions(Path disk, List<String> marks) throws IOException {
    Path file = disk.resolve("published");
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    int acknowledged = marks.isEmpty() ? -1 : Integer.parseInt(marks.getLast().substring(8));
    if (acknowledged < 0 && !Files.exists(file)) {
      return List.of();
    }
    for (int version = Math.max(0, acknowledged); version < Writer.VERSIONS; version++) {
      if (java.util.Arrays.equals(bytes, Writer.version(version))) {
        return List.of();
      }
    }
    return List.of("version " + acknowledged);
  }
}
