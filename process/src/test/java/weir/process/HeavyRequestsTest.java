package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.testkit.ChildProcess;

class HeavyRequestsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1})
  void smallHeapDecidesRequestsThatDecodeToMoreThanItHolds(long seed) throws Exception {
    List<String> command =
        ChildProcess.java(
            List.of(
                "-Xmx192m", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED"),
            HeavyRequests.class.getName(),
            directory.toString(),
            String.valueOf(seed));
    try (ChildProcess child = ChildProcess.start(command, directory)) {
      child.awaitExit(Duration.ofMinutes(10));
      assertThat(child.output()).contains(HeavyRequests.DONE);
    }
  }
}
