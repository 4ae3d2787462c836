package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.testkit.powercut.Strace;

/** Logs, metadata and lake together, on a disk that loses power at any of their steps. */
class EnginePowerCutTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @TempDir static Path directory;

  private static @Nullable LoadRecording recorded;

  @BeforeAll
  static void record() throws Exception {
    Optional<String> missing = Strace.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    recorded = LoadRecording.make(directory, TracedEngine.class, 21, Duration.ZERO);
  }

  @Test
  void nothingIsLostAndNothingIsThereTwice() throws Exception {
    assertThat(violations(Forgotten.NOTHING, 40)).as(said::toString).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Forgotten.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NOTHING"})
  void aForgottenFsyncIsFound(Forgotten forgotten) throws Exception {
    assertThat(violations(forgotten, 200)).as(said::toString).isNotEmpty();
  }

  private List<String> violations(Forgotten forgotten, int cuts) throws Exception {
    LoadRecording recording = Objects.requireNonNull(recorded);
    Trees.delete(recording.root());
    Path work = Files.createTempDirectory(directory, "work");
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    try (EmbeddedRecovery recovery =
        new EmbeddedRecovery(InstantSource.system(), System::nanoTime)) {
      PowerCut disk =
          new PowerCut(21, cuts, forgotten, work, TracedEngine.class, Duration.ZERO, recovery, out);
      return disk.cut(recording, cuts);
    }
  }
}
