package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.directory.Role;
import weir.server.Pids;
import weir.server.metrics.ResidentSize;
import weir.testkit.ChildProcess;

class SupervisedRoleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Path pids;

  @BeforeEach
  void chooseFile() {
    pids = folder.resolve("pids");
  }

  private SupervisedRole supervise(String what, long residentLimit, Duration stopGrace) {
    return new SupervisedRole(
        Role.QUERY,
        () -> SupervisedProgram.command(what, pids),
        residentLimit,
        stopGrace,
        System::nanoTime,
        metrics);
  }

  private List<Long> pids() throws IOException {
    return Files.exists(pids)
        ? Files.readAllLines(pids).stream().map(Long::valueOf).toList()
        : List.of();
  }

  private long awaitPid(int count) {
    await().atMost(PATIENCE).until(() -> pids().size() >= count);
    try {
      return pids().get(count - 1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aChildThatIsKilledIsStartedAgainAndCounted() throws Exception {
    try (SupervisedRole role = supervise("obedient", 0, Duration.ofSeconds(20))) {
      long first = awaitPid(1);
      assertThat(role.state().pid()).isEqualTo(first);
      ChildProcess.kill(first);
      long second = awaitPid(2);
      assertThat(second).isNotEqualTo(first);
      ChildProcess.kill(second);
      awaitPid(3);
      assertThat(role.state().restarts()).isEqualTo(2);
      assertThat(role.state().recentEnds()).isEqualTo(2);
      assertThat(role.state().lastEnd()).isEqualTo("exit code 137");
      assertThat(metrics.get("weir.role.restarts").tag("supervised", "query").counter().count())
          .isEqualTo(2);
    }
    assertThat(Pids.isRunning(awaitPid(3))).isFalse();
    assertThat(metrics.get("weir.role.up").gauge().value()).isZero();
  }

  @Test
  void aChildIsAskedToStopAndDoesSoInOrder() throws Exception {
    SupervisedRole role = supervise("obedient", 0, PATIENCE);
    awaitPid(1);
    role.close();
    assertThat(role.state())
        .isEqualTo(new SupervisedRole.State(Role.QUERY, 0, 0, "exit code 0", 0));
  }

  @Test
  void aChildThatDoesNotStopIsKilled() throws Exception {
    SupervisedRole role = supervise("stubborn", 0, Duration.ofMillis(200));
    long pid = awaitPid(1);
    role.close();
    assertThat(Pids.isRunning(pid)).isFalse();
    assertThat(role.state().lastEnd()).isEqualTo("exit code 137");
  }

  @Test
  void aChildThatTakesTooMuchMemoryIsKilledAndStartedAgain() throws Exception {
    Assumptions.assumeTrue(
        ResidentSize.of(ProcessHandle.current().pid()) > 0,
        "this system does not say how much memory a process takes");
    try (SupervisedRole role = supervise("greedy", 120L << 20, Duration.ofMillis(100))) {
      awaitPid(2);
      assertThat(metrics.get("weir.role.memory.kills").counter().count()).isPositive();
      assertThat(role.state().restarts()).isPositive();
    }
  }

  @Test
  void aChildThatEndedItselfForAQueryIsStartedAgainAtOnceEachTime() throws Exception {
    String[] script = {"sh", "-c", "echo $$ >> " + pids + "; exit 83"};
    try (SupervisedRole role =
        new SupervisedRole(
            Role.QUERY,
            () -> new ProcessBuilder(script),
            0,
            Duration.ofSeconds(1),
            () -> 0, // so that no pause ever ends
            metrics)) {
      awaitPid(5);
      assertThat(role.state().lastEnd()).startsWith("exit code 83");
    }
  }

  @Test
  void whatCannotBeStartedIsTriedAgain() throws Exception {
    try (SupervisedRole role =
        new SupervisedRole(
            Role.ENGINE,
            () -> new ProcessBuilder(folder.resolve("missing").toString()),
            0,
            Duration.ofSeconds(1),
            System::nanoTime,
            metrics)) {
      await().atMost(PATIENCE).until(() -> role.state().restarts() >= 2);
      assertThat(role.state().lastEnd()).startsWith("could not be started");
    }
  }

  @Test
  void childrenEndWithinASecondOfTheirKilledParent() throws Exception {
    try (ChildProcess parent =
        ChildProcess.start(
            Objects.requireNonNull(SupervisedProgram.command("supervisor", pids).command()),
            folder)) {
      long child = awaitPid(1);
      assertThat(Pids.isRunning(child)).isTrue();
      parent.kill();
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofMillis(1_500)) // 0.9 s of grace, and what a busy machine adds
          .until(() -> !Pids.isRunning(child));
    }
  }
}
