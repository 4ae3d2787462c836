package weir.log.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.log.files.Files;

/** Nothing that was acknowledged is lost, whatever happens; and this test would notice. */
class CrashTest {
  private static final int LIVES = 300;

  @Property(tries = LIVES, shrinking = ShrinkingMode.OFF)
  void nothingAcknowledgedIsLost(@ForAll long seed, @ForAll boolean spaceIsKnown)
      throws IOException {
    CrashScenario.run(seed, files -> spaceIsKnown ? files : new CarelessFiles(files, false, false));
  }

  /** Lives that once ended badly. */
  @ParameterizedTest
  @ValueSource(longs = {2031, 30034, 30269})
  void whatWasFoundOnceStaysRepaired(long seed) throws IOException {
    CrashScenario.run(seed, UnaryOperator.identity());
    CrashScenario.run(seed, files -> new CarelessFiles(files, false, false));
  }

  @Test
  void aLogWithoutFsyncFails() throws IOException {
    assertThat(lostLives(files -> new CarelessFiles(files, true, false))).isPositive();
  }

  @Test
  void aLogWithoutFsyncOfItsDirectoryFails() throws IOException {
    assertThat(lostLives(files -> new CarelessFiles(files, false, true))).isPositive();
  }

  private static int lostLives(UnaryOperator<Files> wrapper) throws IOException {
    int lost = 0;
    for (long seed = 0; seed < LIVES && lost == 0; seed++) {
      try {
        CrashScenario.run(seed, wrapper);
      } catch (AssertionError e) {
        lost++;
      }
    }
    return lost;
  }
}
