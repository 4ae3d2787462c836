package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.lake.DuckReader;
import weir.lake.FaultyFiles;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.reading.LakeReader;
import weir.log.files.Files;
import weir.testkit.Rounds;

/**
 * A reader that counts all the time, files opened and all, while rows are appended, merged, expired
 * and dropped, snapshots forgotten, orphans removed, disks fail and the writer restarts: each
 * snapshot holds exactly what was appended up to its position, less what it says has gone.
 */
final class CountingTest {
  private static final int ROUNDS = Rounds.of(30, 60);
  private static final int DAYS = 4;

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();
  private final AtomicBoolean done = new AtomicBoolean();
  private final List<Integer> rowsUpTo = new ArrayList<>(List.of(0));
  private int number;

  private static final UpkeepOptions UPKEEP =
      new UpkeepOptions(
          64L << 20,
          64L << 20,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Optional.of(Duration.ofDays(2)),
          Optional.empty());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everySnapshotHoldsWhatWasAppendedUpToItsPosition(long seed) throws Exception {
    Path dir = temp.resolve("lake");
    Random random = new Random(seed);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> counting = threads.submit(() -> count(dir));
      try {
        work(dir, random);
      } finally {
        done.set(true);
      }
      assertThat(counting.get()).as("seed %d", seed).isPositive();
    }
  }

  private void work(Path dir, Random random) throws IOException {
    OpenLake open = new OpenLake(dir, Files.system(), clock, UPKEEP);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        switch (random.nextInt(10)) {
          case 0 -> {
            open.close();
            boolean fails = random.nextInt(3) == 0;
            int failAt = 1 + random.nextInt(40);
            open =
                new OpenLake(
                    dir, fails ? new FaultyFiles(failAt, false) : Files.system(), clock, UPKEEP);
          }
          case 1 -> clock.advance(Duration.ofMinutes(2));
          case 2, 3 -> open.lake.upkeep().step();
          default -> append(open, random);
        }
      }
      clock.advance(Duration.ofMinutes(2));
      open.upkeep();
    } finally {
      open.close();
    }
  }

  /** Some rows of some days; every tenth one is there already. */
  private void append(OpenLake open, Random random) throws IOException {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    List<CleanEvent> rows = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      int id = number++ % 10 == 9 ? random.nextInt(number) : number;
      long time = now - id % DAYS * Samples.DAY;
      rows.add(Samples.event("shop", id, "name " + id % 3, time, Map.of("p_" + id % 4, 1.0)));
    }
    synchronized (rowsUpTo) {
      rowsUpTo.add(rowsUpTo.getLast() + rows.size());
    }
    try {
      open.append(rows);
    } catch (IOException e) {
      assertThat(e).hasStackTraceContaining("fault at operation");
      synchronized (rowsUpTo) {
        rowsUpTo.removeLast();
      }
    }
  }

  private int count(Path dir) throws Exception {
    int counted = 0;
    try (LakeReader reader = LakeReader.open(dir);
        DuckReader duck = new DuckReader()) {
      while (!done.get()) {
        Instant began = clock.instant();
        LakeTable table = reader.snapshot("shop").events();
        long rows;
        try {
          String sql = "SELECT count(event_id) FROM $table";
          rows = Long.parseLong(String.valueOf(duck.column(table, sql).getFirst()));
        } catch (SQLException e) {
          // time flies here: only a query that took longer than the snapshot age may fail
          assertThat(clock.instant()).isAfterOrEqualTo(began.plus(UPKEEP.snapshotAge()));
          continue;
        }
        long appended;
        synchronized (rowsUpTo) {
          appended = rowsUpTo.get((int) table.position().of(0).value());
        }
        assertThat(table.loadedTotal()).isEqualTo(appended);
        assertThat(rows).isEqualTo(table.rows());
        assertThat(rows).isEqualTo(appended - table.duplicatesRemoved() - table.expired());
        counted++;
      }
    }
    return counted;
  }
}
