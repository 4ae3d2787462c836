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
import weir.testkit.Rounds;
import weir.testkit.powercut.Strace;

/** A short run of {@code bench powercut} from a fixed seed. */
class PowerCutRunTest {
  private static final int TIMES = Rounds.of(12, 20);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir Path directory;

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
