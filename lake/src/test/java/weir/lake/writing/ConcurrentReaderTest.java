package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.log.PartitionedLog;
import weir.log.files.Files;

/** Readers beside a committing writer see whole commits only, and no locks. */
final class ConcurrentReaderTest {
  private static final int COMMITS = 60;

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  @Test
  void readersSeeWholeCommitsOnly() throws Exception {
    Path dir = temp.resolve("lake");
    AtomicBoolean done = new AtomicBoolean();
    LakeOptions options = Samples.options(10, Duration.ZERO);
    ListLog log = new ListLog();
    Callable<Integer> reading =
        () -> {
          int snapshots = 0;
          long before = 0;
          try (LakeReader reader = LakeReader.open(dir)) {
            while (!done.get()) {
              LakeTable events = reader.snapshot("shop").events();
              assertThat(events.rows()).isGreaterThanOrEqualTo(before);
              assertThat(events.loadedTotal()).isEqualTo(events.rows());
              assertThat(events.position().of(0).value()).isEqualTo(events.rows() * 10);
              before = events.rows();
              snapshots++;
            }
          }
          return snapshots;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> one = threads.submit(reading);
      Future<Integer> two = threads.submit(reading);
      try (Lake lake =
              Lake.open(
                  dir, Files.system(), options, new ManualClock(), new SimpleMeterRegistry());
          LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
        for (int i = 0; i < COMMITS; i++) {
          log.add(Samples.event("shop", i));
          writer.step();
        }
        assertThat(lake.reader().snapshot("shop").events().rows()).isEqualTo(COMMITS);
      } finally {
        done.set(true);
      }
      assertThat(one.get()).isPositive();
      assertThat(two.get()).isPositive();
    }
  }

  @Test
  void aReaderBeforeTheFirstWriterSeesEmptyTables() throws Exception {
    Path dir = temp.resolve("lake");
    try (LakeReader reader = LakeReader.open(dir)) {
      assertThat(reader.snapshot("shop").events().files()).isEmpty();
      assertThat(reader.projects()).isEmpty();
      assertThat(dir).doesNotExist();
      try (Lake lake =
          Lake.open(
              dir,
              Files.system(),
              LakeOptions.DEFAULT,
              new ManualClock(),
              new SimpleMeterRegistry())) {
        lake.table("shop", TableLayout.EVENTS);
        assertThat(reader.projects()).containsExactly("shop");
      }
    }
  }
}
