package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.Rounds;

/** A short run of {@code bench crash} from a fixed seed. */
class CrashRunTest {
  private static final int TIMES = Rounds.of(12, 20);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void killsLoseNothing() throws Exception {
    Path data = directory.resolve("data");
    Crash crash = new Crash(1, TIMES, data, InstantSource.system(), out);
    assertThat(crash.run()).as(said::toString).isEmpty();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("after " + TIMES + " kills");
    assertThat(crash.backupsChecked()).as(said::toString).isPositive();
  }
}
