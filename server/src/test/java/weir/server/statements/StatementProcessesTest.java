package weir.server.statements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.door.ProcessHalt;

/** With shells for processes: they say that they serve, and read until they are told to end. */
class StatementProcessesTest {
  private static final String SERVES = "echo 1 secret; head -c 1 > /dev/null";
  @TempDir Path folders;
  private final AtomicLong ticker = new AtomicLong(1);
  private final Map<String, AtomicInteger> starts = new ConcurrentHashMap<>();
  private Optional<StatementProcesses> started = Optional.empty();

  private StatementProcesses processes() {
    if (started.isEmpty()) {
      start(8, SERVES);
    }
    return started.orElseThrow();
  }

  private void start(int most, String script) {
    started = Optional.of(make(most, script));
  }

  private StatementProcesses make(int most, String script) {
    return StatementProcesses.start(
        new StatementProcesses.Options(
            (project, folder) -> {
              starts.computeIfAbsent(project, name -> new AtomicInteger()).incrementAndGet();
              return new ProcessBuilder("sh", "-c", script);
            },
            folders,
            most,
            Duration.ofMinutes(5),
            0,
            Duration.ofSeconds(30)),
        ticker::get);
  }

  @AfterEach
  void stop() throws Exception {
    processes().close();
  }

  private Statements.Place open(String project, String key) throws Exception {
    return processes().open(project, key).get(60, TimeUnit.SECONDS);
  }

  private long pid(String project) {
    return processes().states().stream()
        .filter(state -> state.project().equals(project))
        .mapToLong(Statements.State::pid)
        .sum();
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  @Test
  void aProjectHasOneProcessAndEachItsOwn() throws Exception {
    List<CompletableFuture<Statements.Place>> together =
        List.of(
            processes().open("a", "k"),
            processes().open("a", "l"),
            processes().open("b", "m"),
            processes().open("a", "k"));
    for (CompletableFuture<Statements.Place> place : together) {
      assertThat(place.get(60, TimeUnit.SECONDS).address().token()).isEqualTo("secret");
    }
    assertThat(starts.get("a")).hasValue(1);
    assertThat(starts.get("b")).hasValue(1);
    assertThat(pid("a")).isPositive().isNotEqualTo(pid("b"));
  }

  @Test
  void whoWasAloneInAProcessThatEndedIsToBlameAndWaits() throws Exception {
    Statements.Place bomb = open("a", "bomber");
    ticker.addAndGet(Duration.ofSeconds(1).toNanos());
    kill(pid("a"));
    assertThat(bomb.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.TOO_EXPENSIVE);
    bomb.close();
    CompletableFuture<Statements.Place> next = processes().open("a", "bomber");
    assertThat(open("a", "other").address().port()).as("others do not wait").isEqualTo(1);
    assertThat(open("b", "somebody").address().port()).isEqualTo(1);
    next.get(60, TimeUnit.SECONDS).close();
    assertThat(starts.get("a")).hasValue(2);
  }

  @Test
  void nobodyIsToBlameWhereTheEngineCannotBeLoaded() throws Exception {
    start(8, "trap 'exit " + ProcessHalt.UNLOADABLE + "' TERM; echo 1 secret; sleep 60 & wait");
    Statements.Place innocent = open("a", "k");
    ticker.addAndGet(Duration.ofSeconds(1).toNanos());
    ProcessHandle.of(pid("a")).orElseThrow().destroy();
    assertThat(innocent.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.AGAIN);
    innocent.close();
    assertThat(open("a", "k").address().port()).as("does not wait").isEqualTo(1);
  }

  @Test
  void whoHasJustComeMayHaveMetTheEndOfAnother() throws Exception {
    Statements.Place late = open("a", "late");
    kill(pid("a"));
    assertThat(late.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.ONCE_MORE);
    late.close();
    CompletableFuture<Statements.Place> again = processes().open("a", "late");
    assertThat(again.get(60, TimeUnit.SECONDS).address().port()).as("does not wait").isEqualTo(1);
  }

  @Test
  void whereSeveralWereInItNobodyIsToBlame() throws Exception {
    Statements.Place one = open("a", "k");
    Statements.Place two = open("a", "l");
    ticker.addAndGet(Duration.ofSeconds(1).toNanos());
    Statements.Place late = open("a", "m");
    kill(pid("a"));
    assertThat(one.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.LOST);
    assertThat(two.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.LOST);
    assertThat(late.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.AGAIN);
    open("a", "k").close();
  }

  @Test
  void aProcessThatSaysThatItEndsGetsNobodyMore() throws Exception {
    Statements.Place bomb = open("a", "bomber");
    Statements.Place other = open("a", "other");
    long before = pid("a");
    bomb.ending(true);
    Statements.Place again = open("a", "other");
    assertThat(pid("a")).isNotEqualTo(before);
    kill(before);
    assertThat(other.lost().get(60, TimeUnit.SECONDS)).isEqualTo(Statements.Fate.AGAIN);
    again.close();
  }

  @Test
  void aProcessThatNobodyAsksEnds() throws Exception {
    Statements.Place place = open("a", "k");
    ticker.addAndGet(Duration.ofMinutes(6).toNanos());
    long pid = pid("a");
    place.close();
    ticker.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
    assertThat(pid("a")).isEqualTo(pid);
    ticker.addAndGet(2);
    await().until(() -> pid("a") == 0 && ProcessHandle.of(pid).isEmpty());
    await().untilAsserted(() -> assertThat(folders).isEmptyDirectory());
    open("a", "k").close();
    assertThat(starts.get("a")).hasValue(2);
  }

  @Test
  void theOneThatIsIdleForLongestMakesRoom() throws Exception {
    start(2, SERVES);
    Statements.Place busy = open("a", "k");
    open("b", "k").close();
    open("c", "k").close();
    await().until(() -> pid("b") == 0);
    assertThat(pid("a")).isPositive();
    assertThat(pid("c")).isPositive();
    open("d", "k");
    open("e", "k").close();
    assertThat(pid("a")).as("what runs is not ended for others").isPositive();
    busy.close();
  }

  @Test
  void aProcessThatCannotStartIsTriedAgain() throws Exception {
    start(8, "exit 7");
    for (int i = 0; i < 2; i++) {
      CompletableFuture<Statements.Place> place = processes().open("a", "k");
      assertThat(place)
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(Statements.UnavailableException.class);
    }
    assertThat(starts.get("a")).hasValue(2);
  }

  @Test
  void aClosedProjectsProcessEndsWhateverRunsInItAndNoneStartsAgain() throws Exception {
    Statements.Place busy = open("a", "k");
    open("b", "k").close();
    long pid = pid("a");
    processes().end("a");
    await().until(() -> ProcessHandle.of(pid).isEmpty());
    assertThat(processes().states()).extracting(Statements.State::project).containsExactly("b");
    busy.close();
    assertThat(processes().open("a", "k"))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("the project a is closed");
    await().untilAsserted(() -> assertThat(folders).isDirectoryNotContaining("glob:**/a-*"));
    assertThat(pid("b")).isPositive();
  }

  @Test
  void allEndWithTheEngine() throws Exception {
    open("a", "k");
    open("b", "k").close();
    List<Long> pids = List.of(pid("a"), pid("b"));
    processes().close();
    assertThat(pids).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
    assertThat(processes().open("a", "k"))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(Statements.UnavailableException.class);
  }
}
