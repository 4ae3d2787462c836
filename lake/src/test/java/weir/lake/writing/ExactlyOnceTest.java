package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.DuckReader;
import weir.lake.FaultyCatalog;
import weir.lake.FaultyFiles;
import weir.lake.LakeOptions;
import weir.lake.LakeSnapshot;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.lake.table.CommitResult;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.log.PartitionedLog;
import weir.log.files.Files;

/** Nothing lost, nothing twice: failing disks, lost answers, zombies. */
final class ExactlyOnceTest {
  private static final LakeOptions OPTIONS = Samples.options(1000, Duration.ZERO);

  private static DuckReader duck;

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = new ManualClock();

  @BeforeAll
  static void openDuck() throws Exception {
    duck = new DuckReader();
  }

  @AfterAll
  static void closeDuck() throws Exception {
    duck.close();
  }

  private Lake open(Path dir, Files files) throws IOException {
    return Lake.open(dir, files, OPTIONS, clock, new SimpleMeterRegistry());
  }

  private static void assertHolds(Path dir, List<String> events, List<String> bad)
      throws Exception {
    try (LakeReader reader = LakeReader.open(dir)) {
      LakeSnapshot shop = reader.snapshot("shop");
      String sql = "SELECT event_id FROM $table ORDER BY _raw_position";
      assertThat(duck.column(shop.events(), sql)).isEqualTo(events);
      assertThat(duck.column(shop.badEvents(), sql)).isEqualTo(bad);
      assertThat(shop.events().loadedTotal()).isEqualTo(events.size());
      assertThat(shop.badEvents().loadedTotal()).isEqualTo(bad.size());
    }
  }

  private static List<String> ids(IntStream numbers) {
    return numbers.mapToObj(n -> "id-" + n).toList();
  }

  /** Two batches with new columns in the second; the log is released as far as it may be. */
  private void workThrough(Lake lake, ListLog log, boolean retry) throws IOException {
    LakeWriter writer = lake.writer(PartitionedLog.of(log));
    for (int batch = 0; batch < 2; batch++) {
      if (log.durableEnd().value() < 100L * (batch + 1)) {
        for (int i = batch * 10; i < batch * 10 + 10; i++) {
          log.add(
              i % 4 == 3
                  ? Samples.bad("shop", i)
                  : Samples.event(
                      "shop",
                      i,
                      "a",
                      Samples.NOON - i % 2 * Samples.DAY,
                      Map.of("p_" + batch, 1.0)));
        }
      }
      for (int tries = 0; ; tries++) {
        try {
          writer.step();
          break;
        } catch (IOException e) {
          if (!retry || tries > 3) {
            throw e;
          }
          clock.advance(Duration.ofSeconds(5));
        }
      }
      log.releaseBefore(writer.holdsFrom().of(0));
    }
  }

  @Test
  void aCrashAtAnyFileOperationLosesAndDoublesNothing() throws Exception {
    int operations = operationsWithoutFault();
    assertThat(operations).isGreaterThan(40);
    for (int failAt = 1; failAt <= operations; failAt++) {
      Path dir = temp.resolve("crash-" + failAt);
      ListLog log = new ListLog();
      FaultyFiles files = new FaultyFiles(failAt, true);
      try (Lake lake = open(dir, files)) {
        workThrough(lake, log, false);
      } catch (IOException e) {
        assertThat(e).as("operation %d", failAt).hasStackTraceContaining("fault at operation");
      }
      try (Lake lake = open(dir, Files.system())) {
        workThrough(lake, log, false);
      }
      assertAllThere(dir);
    }
  }

  @Test
  void aFileOperationThatFailsOnceIsOvercomeWithoutARestart() throws Exception {
    int operations = operationsWithoutFault();
    for (int failAt = 1; failAt <= operations; failAt += 3) {
      Path dir = temp.resolve("once-" + failAt);
      ListLog log = new ListLog();
      FaultyFiles files = new FaultyFiles(failAt, false);
      try (Lake lake = openTwice(dir, files)) {
        workThrough(lake, log, true);
      }
      assertAllThere(dir);
    }
  }

  private Lake openTwice(Path dir, Files files) throws IOException {
    try {
      return open(dir, files);
    } catch (IOException e) {
      return open(dir, files);
    }
  }

  private static void assertAllThere(Path dir) throws Exception {
    assertHolds(
        dir,
        ids(IntStream.range(0, 20).filter(i -> i % 4 != 3)),
        ids(IntStream.range(0, 20).filter(i -> i % 4 == 3)));
  }

  private int operationsWithoutFault() throws Exception {
    FaultyFiles recording = FaultyFiles.recording();
    try (Lake lake = open(temp.resolve("recorded"), recording)) {
      workThrough(lake, new ListLog(), false);
    }
    return recording.operations();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsReadBack() throws Exception {
    withFaultyCatalog((lake, catalog) -> {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      List<DataFile> files = write(table, 1);
      catalog.answersToLose.set(1);
      assertThat(table.commit(files, Positions.START, Positions.of(new Position(7))))
          .isEqualTo(new CommitResult.Committed(Positions.of(new Position(7))));
    });
    assertHolds(temp.resolve("lake"), List.of("id-1"), List.of());
  }

  @Test
  void aCommitThatWasLostIsMadeAgain() throws Exception {
    withFaultyCatalog((lake, catalog) -> {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      List<DataFile> files = write(table, 1);
      catalog.commitsToLose.set(1);
      assertThat(table.commit(files, Positions.START, Positions.of(new Position(7))))
          .isEqualTo(new CommitResult.Committed(Positions.of(new Position(7))));
    });
    assertHolds(temp.resolve("lake"), List.of("id-1"), List.of());
  }

  @Test
  void anOutcomeThatCannotBeReadIsUnknownAndNothingIsDeleted() throws Exception {
    withFaultyCatalog((lake, catalog) -> {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      List<DataFile> files = write(table, 1);
      catalog.answersToLose.set(1);
      catalog.refreshesToFail.set(1);
      assertThatThrownBy(() -> table.commit(files, Positions.START, Positions.of(new Position(7))))
          .isInstanceOf(OutcomeUnknownException.class);
      assertThat(Path.of(files.getFirst().location())).exists();
      assertThat(table.commit(files, Positions.START, Positions.of(new Position(7))))
          .isEqualTo(new CommitResult.Committed(Positions.of(new Position(7))));
      assertThat(table.committedUpTo()).isEqualTo(Positions.of(new Position(7)));
    });
    assertHolds(temp.resolve("lake"), List.of("id-1"), List.of());
  }

  @Test
  void aWriterGoesOnAfterAnUnknownOutcome() throws Exception {
    ListLog log = new ListLog();
    withFaultyCatalog((lake, catalog) -> {
      LakeWriter writer = lake.writer(PartitionedLog.of(log));
      log.add(Samples.event("shop", 1));
      writer.step();
      log.add(Samples.event("shop", 2));
      catalog.answersToLose.set(1);
      catalog.refreshesToFail.set(1);
      assertThatThrownBy(writer::step)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not known");
      clock.advance(Duration.ofSeconds(1));
      log.add(Samples.event("shop", 3));
      writer.step();
      assertThat(writer.holdsFrom()).isEqualTo(Positions.of(log.durableEnd()));
    });
    assertHolds(temp.resolve("lake"), ids(IntStream.range(1, 4)), List.of());
  }

  @Test
  void theSameFilesAreNotCommittedTwice() throws Exception {
    Path dir = temp.resolve("lake");
    try (Lake lake = open(dir, Files.system())) {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      List<DataFile> files = write(table, 1);
      Positions seven = Positions.of(new Position(7));
      table.commit(files, Positions.START, seven);
      assertThat(table.commit(files, Positions.START, seven))
          .isEqualTo(new CommitResult.Committed(seven));
      assertThat(table.commit(files, seven, Positions.of(new Position(9))))
          .isEqualTo(new CommitResult.Committed(Positions.of(new Position(9))));
    }
    assertHolds(dir, List.of("id-1"), List.of());
  }

  @Test
  void ofTwoWritersAtOnePositionOneSucceeds() throws Exception {
    Path dir = temp.resolve("lake");
    try (Lake one = open(dir, Files.system());
        Lake other = open(dir, Files.system())) {
      IcebergTable first = one.table("shop", TableLayout.EVENTS);
      IcebergTable second = other.table("shop", TableLayout.EVENTS);
      List<DataFile> firstFiles = write(first, 1);
      List<DataFile> secondFiles = write(second, 2);
      second.commit(secondFiles, Positions.START, Positions.of(new Position(5)));
      assertThat(first.commit(firstFiles, Positions.START, Positions.of(new Position(9))))
          .isEqualTo(new CommitResult.Conflict(Positions.of(new Position(5))));
      assertThat(first.committedUpTo()).isEqualTo(Positions.of(new Position(5)));
    }
    assertHolds(dir, List.of("id-2"), List.of());
  }

  @Test
  void aRaceBetweenCheckAndSwapEndsInConflict() throws Exception {
    Path dir = temp.resolve("lake");
    withFaultyCatalog((one, catalog) -> {
      try (Lake other = open(dir, Files.system())) {
        IcebergTable first = one.table("shop", TableLayout.EVENTS);
        IcebergTable second = other.table("shop", TableLayout.EVENTS);
        List<DataFile> firstFiles = write(first, 1);
        List<DataFile> secondFiles = write(second, 2);
        catalog.beforeSwap =
            () -> {
              catalog.beforeSwap = () -> {};
              try {
                second.commit(secondFiles, Positions.START, Positions.of(new Position(5)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            };
        assertThat(first.commit(firstFiles, Positions.START, Positions.of(new Position(9))))
            .isEqualTo(new CommitResult.Conflict(Positions.of(new Position(5))));
      }
    });
    assertHolds(dir, List.of("id-2"), List.of());
  }

  @Test
  void aCommitOfAnotherKindKeepsThePosition() throws Exception {
    Path dir = temp.resolve("lake");
    try (Lake lake = open(dir, Files.system())) {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      List<DataFile> files = write(table, 1);
      table.commit(files, Positions.START, Positions.of(new Position(7)));
      table.table().newAppend().commit();
      table.table().updateProperties().set("owner", "somebody").commit();
      table.expireSnapshotsReplacedBefore(Instant.parse("2100-01-01T00:00:00Z"));
      assertThat(table.committedUpTo()).isEqualTo(Positions.of(new Position(7)));
      List<DataFile> more = write(table, 2);
      assertThat(table.commit(more, Positions.of(new Position(7)), Positions.of(new Position(8))))
          .isEqualTo(new CommitResult.Committed(Positions.of(new Position(8))));
      assertThat(lake.loadedTotal("shop", "events")).isEqualTo(2);
    }
  }

  @Test
  void aPositionMovesWithoutFiles() throws Exception {
    try (Lake lake = open(temp.resolve("lake"), Files.system())) {
      IcebergTable table = lake.table("shop", TableLayout.EVENTS);
      table.commit(List.of(), Positions.START, Positions.of(new Position(7)));
      assertThat(table.committedUpTo()).isEqualTo(Positions.of(new Position(7)));
      assertThat(table.commit(List.of(), Positions.START, Positions.of(new Position(9))))
          .isEqualTo(new CommitResult.Conflict(Positions.of(new Position(7))));
    }
  }

  private interface Use {
    void use(Lake lake, FaultyCatalog catalog) throws Exception;
  }

  private void withFaultyCatalog(Use use) throws Exception {
    List<FaultyCatalog> catalogs = new ArrayList<>();
    try (Lake lake =
        Lake.open(
            temp.resolve("lake"),
            Files.system(),
            OPTIONS,
            clock,
            new SimpleMeterRegistry(),
            (io, create) -> {
              FaultyCatalog catalog = new FaultyCatalog(io, create);
              catalogs.add(catalog);
              return catalog;
            })) {
      use.use(lake, catalogs.getFirst());
    }
  }

  private static List<DataFile> write(IcebergTable table, int number) throws IOException {
    RowWriter rows = table.newWriter();
    rows.add(Samples.event("shop", number));
    return rows.write();
  }
}
