package weir.log.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.EventLogContract;
import weir.log.LogReader;
import weir.log.files.Files;
import weir.log.files.MemoryFiles;

class SpareSegmentTest {
  private static final Path DIRECTORY = Path.of("/data/log");
  private static final LogOptions OPTIONS = new LogOptions(10_000, 100_000, 0, 10_000);
  private static final int FRAME = 984;
  private static final int FRAMES_OF_A_SEGMENT = 10;
  private final MemoryFiles disk = new MemoryFiles();
  private final HookedFiles files = new HookedFiles(disk);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theNextSegmentIsThereBeforeItIsNeeded() throws Exception {
    List<String> created = new ArrayList<>();
    try (EventLog log = writer(OPTIONS)) {
      append(log, FRAMES_OF_A_SEGMENT);
      files.beforeCreate(file -> created.add(file.getFileName().toString()));
      append(log, 1);
      assertThat(created).allMatch(name -> name.endsWith(".idx"));
      assertThat(disk.list(DIRECTORY)).contains("0000000000002710.log").doesNotContain("spare");
      assertThat(shown(log)).isEqualTo(FRAMES_OF_A_SEGMENT + 1);
    }
  }

  @Test
  void aLogThatFillsItsSegmentsSlowlyMakesNone() throws Exception {
    try (EventLog log = writer(OPTIONS)) {
      for (int i = 0; i < 3 * FRAMES_OF_A_SEGMENT; i++) {
        append(log, 1);
        now = now.plus(Duration.ofSeconds(61));
        assertThat(disk.list(DIRECTORY)).doesNotContain("spare");
      }
    }
  }

  @Test
  void oneThatNobodyTookIsGoneAfterAnEnd() throws Exception {
    EventLog log = writer(OPTIONS);
    append(log, FRAMES_OF_A_SEGMENT);
    assertThat(disk.list(DIRECTORY)).contains("spare");
    disk.kill();
    for (int seed = 0; seed < 20; seed++) {
      disk.crash(new Random(seed));
      try (EventLog again = writer(OPTIONS)) {
        assertThat(disk.list(DIRECTORY)).doesNotContain("spare");
        assertThat(shown(again)).isEqualTo(FRAMES_OF_A_SEGMENT);
      }
    }
    EventLog again = writer(OPTIONS);
    append(again, FRAMES_OF_A_SEGMENT);
    assertThat(disk.list(DIRECTORY)).contains("spare");
    again.close();
    assertThat(disk.list(DIRECTORY)).doesNotContain("spare");
  }

  @Test
  void itsRoomIsGivenBackBeforeTheLogIsFull() throws Exception {
    LogOptions tight = new LogOptions(10_000, 44_000, 0, 10_000);
    try (EventLog log = writer(tight)) {
      int stored = 0;
      boolean sawSpare = false;
      while (log.append(List.of(new byte[FRAME])) instanceof Appended.Stored) {
        stored++;
        sawSpare |= disk.list(DIRECTORY).contains("spare");
        assertThat(disk.usedBytes()).isLessThan(44_000 + 2_000);
      }
      assertThat(sawSpare).isTrue();
      assertThat(stored).isGreaterThan(35);
      assertThat(disk.list(DIRECTORY)).doesNotContain("spare");
    }
  }

  @Test
  void oneThatCannotBeFilledIsDoneWithout() throws Exception {
    try (EventLog log = writer(OPTIONS)) {
      files.beforeCreate(file -> {
        if (file.endsWith("spare")) {
          throw new IOException("Too many open files");
        }
      });
      append(log, 3 * FRAMES_OF_A_SEGMENT);
      assertThat(shown(log)).isEqualTo(3 * FRAMES_OF_A_SEGMENT);
    }
  }

  @Test
  void largeOnesAreFilledBesideTheAppends(@TempDir Path folder) throws Exception {
    LogOptions large = new LogOptions(8 << 20, 1 << 30, 0, 1 << 20);
    Path directory = folder.resolve("log");
    int frames = 100;
    try (EventLog log =
        EmbeddedLog.writer(Files.system(), directory, large, InstantSource.system())) {
      byte[] frame = new byte[500_000];
      for (int i = 0; i < frames; i++) {
        frame[0] = (byte) i;
        assertThat(log.append(List.of(frame.clone()))).isInstanceOf(Appended.Stored.class);
      }
      assertThat(shown(log)).isEqualTo(frames);
    }
    assertThat(Files.system().list(directory)).doesNotContain("spare");
  }

  private EventLog writer(LogOptions options) throws IOException {
    return EmbeddedLog.writer(files, DIRECTORY, options, () -> now);
  }

  private static void append(EventLog log, int frames) throws IOException {
    for (int i = 0; i < frames; i++) {
      assertThat(log.append(List.of(new byte[FRAME]))).isInstanceOf(Appended.Stored.class);
    }
  }

  private static int shown(EventLog log) throws IOException {
    try (LogReader reader = log.read(Position.START)) {
      return EventLogContract.drain(reader).size();
    }
  }
}
