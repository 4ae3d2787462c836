package weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void outputAndExitCodeAreSeen() throws Exception {
    List<String> command = List.of("sh", "-c", "echo one; echo two >&2; exit 7");
    try (ChildProcess child = ChildProcess.start(command, directory)) {
      assertThat(child.awaitLine(line -> line.startsWith("t"), SOON)).isEqualTo("two");
      assertThat(child.awaitExit(SOON)).isEqualTo(7);
      assertThat(child.output()).isEqualTo("one\ntwo");
      assertThatThrownBy(() -> child.awaitLine(line -> line.equals("three"), SOON))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("two");
    }
  }

  @Test
  void closingKillsDescendants() throws Exception {
    ChildProcess child =
        ChildProcess.start(List.of("sh", "-c", "sleep 300 & echo $!; wait"), directory);
    long pid = Long.parseLong(child.awaitLine(line -> !line.isBlank(), SOON));
    child.close();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(child.isAlive()).isFalse();
  }
}
