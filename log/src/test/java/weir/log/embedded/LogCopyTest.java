package weir.log.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.files.Files;

class LogCopyTest {
  private static final LogOptions OPTIONS = new LogOptions(64 << 10, 64 << 20, 0, 1 << 20);

  @TempDir Path temp;

  /** A log that is appended to, numbers in order, and released behind, all from a seed. */
  private final class Busy implements AutoCloseable {
    private final EventLog log;
    private final Random random;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean mayRelease = new AtomicBoolean(true);
    private final AtomicLong stored = new AtomicLong();
    private final Thread thread;

    Busy(Path dir, long seed) throws IOException {
      this.log = EmbeddedLog.writer(Files.system(), dir, OPTIONS, InstantSource.system());
      this.random = new Random(seed);
      this.thread = Thread.ofPlatform().name("busy-log").start(this::run);
    }

    private void run() {
      try {
        while (!over.get()) {
          List<byte[]> batch = new ArrayList<>();
          for (int i = random.nextInt(20); i >= 0; i--) {
            int length = Long.BYTES + random.nextInt(3_000);
            batch.add(ByteBuffer.allocate(length).putLong(stored.get() + batch.size()).array());
          }
          if (log.append(batch) instanceof Appended.Stored) {
            stored.addAndGet(batch.size());
          }
          if (random.nextInt(10) == 0 && mayRelease.get()) {
            log.releaseBefore(new Position(Math.max(0, log.durableEnd().value() - 300_000)));
          }
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException, InterruptedException {
      over.set(true);
      thread.join();
      log.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCopyHoldsEverythingFromItsFirstToItsLastCall(long seed) throws Exception {
    Path live = temp.resolve("live");
    Path copied = temp.resolve("copied");
    java.nio.file.Files.createDirectories(copied);
    Position earliest;
    long known;
    try (Busy busy = new Busy(live, seed)) {
      Awaitility.await().until(() -> busy.stored.get() > 1_500);
      busy.mayRelease.set(false);
      LogCopy copy = LogCopy.hold(live, temp.resolve("holding"));
      earliest = busy.log.earliest();
      long then = busy.stored.get();
      Awaitility.await().until(() -> busy.stored.get() > then + 1_000);
      known = busy.stored.get();
      List<LogCopy.Part> parts = copy.upToPublishedEnd();
      busy.mayRelease.set(true);
      long later = busy.stored.get();
      Awaitility.await().until(() -> busy.stored.get() > later + 500);
      for (LogCopy.Part part : parts) {
        try (var in = java.nio.file.Files.newInputStream(part.source())) {
          java.nio.file.Files.write(
              copied.resolve(part.name()), in.readNBytes(Math.toIntExact(part.bytes())));
        }
      }
    }
    try (EventLog log =
            EmbeddedLog.writer(Files.system(), copied, OPTIONS, InstantSource.system());
        LogReader reader = log.read(Position.START)) {
      assertThat(log.earliest().isBefore(earliest) || log.earliest().equals(earliest)).isTrue();
      long next = -1;
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        assertThat(entry).isInstanceOf(LogEntry.Frame.class);
        long number = ByteBuffer.wrap(((LogEntry.Frame) entry).payload()).getLong();
        assertThat(next == -1 || number == next).isTrue();
        next = number + 1;
      }
      assertThat(next).isGreaterThanOrEqualTo(known);
      assertThat(log.append(List.of(new byte[] {1}))).isInstanceOf(Appended.Stored.class);
    }
  }
}
