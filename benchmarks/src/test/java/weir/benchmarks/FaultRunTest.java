package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.powercut.Strace;

/** Short runs of {@code bench crash} and {@code bench powercut} from a fixed seed. */
class FaultRunTest {
  private static final int TIMES = 20;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void killsLoseNothing() throws Exception {
    Path data = directory.resolve("data");
    Crash crash = new Crash(1, TIMES, data, InstantSource.system(), out);
    assertThat(crash.run()).as(said::toString).isEmpty();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("after 20 kills");
    assertThat(crash.backupsChecked()).as(said::toString).isPositive();
  }

  @Test
  void powerCutsLoseNothing() throws Exception {
    Optional<String> missing = Strace.missing();
    assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElse(""));
    try (EmbeddedRecovery recovery =
        new EmbeddedRecovery(InstantSource.system(), System::nanoTime)) {
      PowerCut cuts =
          new PowerCut(
              1,
              TIMES,
              Forgotten.NOTHING,
              directory,
              TracedLoad.class,
              Duration.ofSeconds(5),
              recovery,
              out);
      assertThat(cuts.run()).as(said::toString).isEmpty();
    }
  }
}
