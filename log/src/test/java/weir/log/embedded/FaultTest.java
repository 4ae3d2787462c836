package weir.log.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.LogFailedException;
import weir.log.LogLockedException;
import weir.log.LogReader;
import weir.log.Seekable;
import weir.log.files.Files;
import weir.log.files.MemoryFiles;

class FaultTest {
  private static final Path DIRECTORY = Path.of("/data/log");
  private static final LogOptions OPTIONS = new LogOptions(100_000, 1_000_000, 0, 100_000);
  private static final String LONG = "x".repeat(900);
  private final MemoryFiles files = new MemoryFiles();

  @Test
  void aFailedFsyncLosesItsBatchAndNothingElse() throws Exception {
    EventLog log = writer();
    append(log, "a");
    files.failSyncs(n -> n == 0);
    assertThatThrownBy(() -> append(log, "b")).isInstanceOf(LogFailedException.class);
    append(log, "c");
    assertThat(shown(log)).containsExactly("a", "c");
    assertThat(shown(EmbeddedLog.reader(files, DIRECTORY))).containsExactly("a", "c");
    files.crash(new Random(7));
    try (EventLog again = writer()) {
      assertThat(shown(again)).containsExactly("a", "c");
    }
  }

  @Test
  void aFailedFsyncInAnEmptySegmentGetsANewFile() throws Exception {
    EventLog log = writer();
    files.failSyncs(n -> n == 0);
    assertThatThrownBy(() -> append(log, "a")).isInstanceOf(LogFailedException.class);
    append(log, "b");
    for (int seed = 0; seed < 20; seed++) {
      files.crash(new Random(seed));
      try (EventLog again = writer()) {
        assertThat(shown(again)).containsExactly("b");
      }
    }
  }

  @Test
  void aDiskThatSyncsNoMoreFailsAppendsUntilItSyncsAgain() throws Exception {
    EventLog log = writer();
    append(log, "a");
    files.failSyncs(n -> true);
    assertThatThrownBy(() -> append(log, "b")).isInstanceOf(LogFailedException.class);
    assertThatThrownBy(() -> append(log, "c")).isInstanceOf(LogFailedException.class);
    assertThat(shown(log)).containsExactly("a");
    files.failSyncs(n -> false);
    append(log, "d");
    assertThat(shown(log)).containsExactly("a", "d");
    for (int seed = 0; seed < 20; seed++) {
      files.crash(new Random(seed));
      try (EventLog again = writer()) {
        assertThat(shown(again)).containsExactly("a", "d");
      }
    }
  }

  @Test
  void aSegmentThatCannotBeBegunOnceIsBegunLater() throws Exception {
    HookedFiles hooked = new HookedFiles(files);
    EventLog log = small(hooked);
    hooked.beforeCreate(file -> {
      throw new FileSystemException(file.toString(), null, "Too many open files");
    });
    append(log, LONG);
    assertThatThrownBy(() -> append(log, LONG)).isInstanceOf(LogFailedException.class);
    hooked.beforeCreate(file -> {});
    append(log, LONG);
    assertThat(shown(log)).containsExactly(LONG, LONG);
  }

  @Test
  void aReleaseBesideASegmentThatIsOnlyBegunLeavesItsPredecessor() throws Exception {
    HookedFiles hooked = new HookedFiles(files);
    EventLog log = small(hooked);
    append(log, LONG);
    Position end = log.durableEnd();
    EventLog elsewhere = EmbeddedLog.reader(hooked, DIRECTORY);
    hooked.afterCreate(file -> {
      elsewhere.releaseBefore(end);
      files.failSyncs(n -> true);
    });
    assertThatThrownBy(() -> append(log, LONG)).isInstanceOf(LogFailedException.class);
    files.failSyncs(n -> false);
    assertThat(shown(elsewhere)).containsExactly(LONG);
    for (int seed = 0; seed < 50; seed++) {
      files.crash(new Random(seed));
      try (EventLog again = writer()) {
        assertThat(again.durableEnd()).isEqualTo(end);
      }
    }
  }

  private static EventLog small(Files on) throws IOException {
    LogOptions options = new LogOptions(1_000, 1_000_000, 0, 100_000);
    return EmbeddedLog.writer(on, DIRECTORY, options, InstantSource.system());
  }

  @Test
  void framesThatOnlyThePageCacheHasAreWrittenAgain() throws Exception {
    EventLog log = writer();
    append(log, "a");
    files.failSyncs(n -> true);
    files.powerOffAfter(2);
    assertThatThrownBy(() -> append(log, "b")).isInstanceOf(LogFailedException.class);
    files.failSyncs(n -> false);
    files.powerOffAfter(1_000);
    files.kill();
    EventLog again = writer();
    assertThat(shown(again)).containsExactly("a", "b");
    for (int seed = 0; seed < 20; seed++) {
      files.crash(new Random(seed));
      try (EventLog after = writer()) {
        assertThat(shown(after)).containsExactly("a", "b");
      }
    }
  }

  @Test
  void aFullDiskIsFullAndNothingOfTheBatchStays() throws Exception {
    Files blind = new CarelessFiles(files, false, false);
    for (int seed = 0; seed < 300; seed++) {
      EventLog log = EmbeddedLog.writer(blind, DIRECTORY, OPTIONS, InstantSource.system());
      Position before = log.durableEnd();
      files.capacity(files.usedBytes() + 500);
      byte[] frame = new byte[100];
      assertThat(log.append(List.of(frame, frame, frame, frame, frame)))
          .isInstanceOf(Appended.Full.class);
      assertThat(log.durableEnd()).isEqualTo(before);
      files.crash(new Random(seed));
      files.capacity(Long.MAX_VALUE);
      try (EventLog again = writer()) {
        assertThat(again.durableEnd()).isEqualTo(before);
        append(again, "b");
      }
    }
  }

  @Test
  void theReserveIsLeftToOthers() throws Exception {
    LogOptions options = new LogOptions(100_000, 1_000_000, 10_000, 100_000);
    try (EventLog log = EmbeddedLog.writer(files, DIRECTORY, options, InstantSource.system())) {
      files.capacity(files.usedBytes() + 10_500);
      append(log, "a");
      assertThat(log.append(List.of(new byte[1_000])))
          .isInstanceOfSatisfying(
              Appended.Full.class, full -> assertThat(full.why()).contains("10000"));
    }
  }

  @Test
  void aRealDiskFillsUp(@TempDir Path mount) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount.toString()) == 0,
        "mounting a tmpfs needs root");
    try (EventLog log =
        EmbeddedLog.writer(Files.system(), mount.resolve("log"), OPTIONS, InstantSource.system())) {
      int stored = 0;
      while (log.append(List.of(new byte[3_000])) instanceof Appended.Stored) {
        stored++;
      }
      assertThat(stored).isBetween(60, 85);
      assertThat(shown(log)).hasSize(stored);
      log.releaseBefore(log.durableEnd());
      assertThat(log.append(List.of(new byte[3_000]))).isInstanceOf(Appended.Stored.class);
    } finally {
      assertThat(run("umount", mount.toString())).isZero();
    }
  }

  @Test
  void frameAndBatchBoundsAreClear() throws Exception {
    try (EventLog log = writer()) {
      assertThatThrownBy(() -> log.append(List.of(new byte[100_001])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("100001");
      byte[] most = new byte[100_000];
      assertThatThrownBy(() -> log.append(List.of(most, most, most, most, most)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at once");
      log.append(List.of(most, most, most, most));
      assertThat(shown(log)).hasSize(4);
    }
  }

  @Test
  void aZombieAppendsNothing() throws Exception {
    EventLog zombie = writer();
    append(zombie, "a");
    files.kill();
    try (EventLog log = writer()) {
      assertThatThrownBy(() -> append(zombie, "b")).isInstanceOf(IOException.class);
      append(log, "c");
      assertThat(shown(log)).containsExactly("a", "c");
      assertThatThrownBy(this::writer).isInstanceOf(LogLockedException.class);
    }
  }

  @Test
  void positionsAreFoundByTime() throws Exception {
    Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
    Instant start = now[0];
    try (EventLog log = EmbeddedLog.writer(files, DIRECTORY, OPTIONS, () -> now[0])) {
      for (int i = 0; i < 100; i++) {
        log.append(List.of(new byte[4_000]));
        now[0] = now[0].plusSeconds(1);
      }
      for (Seekable index :
          List.of((Seekable) log, (Seekable) EmbeddedLog.reader(files, DIRECTORY))) {
        assertThat(index.positionAt(start.minusSeconds(5))).isEqualTo(Position.START);
        for (int i = 0; i < 100; i++) {
          long frame = i * 4_016L;
          assertThat(index.positionAt(start.plusSeconds(i)).value())
              .isBetween(Math.max(0, frame - 100_000), frame);
        }
      }
      for (String name : files.list(DIRECTORY)) {
        if (name.endsWith(".idx")) {
          files.delete(DIRECTORY.resolve(name));
        }
      }
      assertThat(((Seekable) log).positionAt(start.plusSeconds(60)).value())
          .isBetween(100_000L, 60 * 4_016L);
    }
  }

  @Test
  void aReaderOfALogThatIsNotYetThereWaits() throws Exception {
    EventLog reader = EmbeddedLog.reader(files, DIRECTORY);
    assertThat(reader.durableEnd()).isEqualTo(Position.START);
    assertThatThrownBy(() -> append(reader, "a"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("opened for reading");
    try (LogReader follower = reader.read(Position.START);
        EventLog log = writer()) {
      assertThat(follower.next()).isNull();
      append(log, "a");
      assertThat(follower.await(Duration.ofSeconds(5))).isTrue();
      assertThat(EventLogContract.text(follower.next())).isEqualTo("a");
    }
  }

  private EventLog writer() throws IOException {
    return EmbeddedLog.writer(files, DIRECTORY, OPTIONS, InstantSource.system());
  }

  private static void append(EventLog log, String text) throws IOException {
    assertThat(log.append(List.of(text.getBytes(UTF_8)))).isInstanceOf(Appended.Stored.class);
  }

  private static List<String> shown(EventLog log) throws IOException {
    try (LogReader reader = log.read(Position.START)) {
      return EventLogContract.drain(reader).stream().map(EventLogContract::text).toList();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
