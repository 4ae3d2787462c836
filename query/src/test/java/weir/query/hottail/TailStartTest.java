package weir.query.hottail;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.lake.reading.LakeReader;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.MemoryLog;
import weir.log.PartitionedLog;

class TailStartTest {
  @TempDir Path dir;

  /** A log to which something comes whenever something is read. */
  private static final class BusyLog implements EventLog {
    private final MemoryLog log = new MemoryLog();

    @Override
    public Appended append(List<byte[]> batch) {
      return log.append(batch);
    }

    @Override
    public LogReader read(Position from) throws IOException {
      LogReader reader = log.read(from);
      return new LogReader() {
        @Override
        public @Nullable LogEntry next() throws IOException {
          append(List.of(event(2)));
          return reader.next();
        }

        @Override
        public Position position() {
          return reader.position();
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException, IOException {
          return reader.await(atMost);
        }

        @Override
        public void close() {
          reader.close();
        }
      };
    }

    @Override
    public Position durableEnd() {
      return log.durableEnd();
    }

    @Override
    public long bytesBetween(Position from, Position to) {
      return log.bytesBetween(from, to);
    }

    @Override
    public Position earliest() {
      return log.earliest();
    }

    @Override
    public void releaseBefore(Position position) {
      log.releaseBefore(position);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private static byte[] event(int number) {
    return new CleanRecordCodec()
        .encode(
            CleanEvent.builder()
                .set(EventColumn.EVENT, "a")
                .set(EventColumn.EVENT_ID, "id-" + number)
                .set(EventColumn.TIMESTAMP, (long) number)
                .build(new Origin("shop", "web", 1, 1, new RawPosition(number, 0))));
  }

  /** It waits for what was there, not for a moment at which nothing comes. */
  @Test
  void itHasCaughtUpThoughMoreAndMoreComes() throws Exception {
    BusyLog log = new BusyLog();
    log.append(List.of(event(1)));
    try (LakeReader lake = LakeReader.open(dir.resolve("lake"));
        HotTail tail =
            HotTail.start(
                PartitionedLog.of(log),
                LakeState.of(lake),
                new TailOptions(1L << 30, 1000, Duration.ofSeconds(1)),
                System::nanoTime,
                new SimpleMeterRegistry())) {
      assertThat(tail.caughtUp()).succeedsWithin(1, TimeUnit.MINUTES);
    }
  }
}
