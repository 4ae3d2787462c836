package weir.lake.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.DuckReader;
import weir.lake.FaultyCatalog;
import weir.lake.FaultyFiles;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.sidecar.Sidecar;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.lake.writing.OpenLake;
import weir.log.files.Files;
import weir.testkit.Rounds;

/** Merged files hold what was in the small ones, once, whatever happens meanwhile. */
final class CompactionTest {
  private static DuckReader duck;

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  @BeforeAll
  static void openDuck() throws Exception {
    duck = new DuckReader();
  }

  @AfterAll
  static void closeDuck() throws Exception {
    duck.close();
  }

  private OpenLake open() throws IOException {
    return open(Files.system());
  }

  private OpenLake open(Files files) throws IOException {
    return new OpenLake(temp.resolve("lake"), files, clock, OpenLake.UPKEEP);
  }

  private static List<String> ids(LakeTable table) throws Exception {
    return duck.column(table, "SELECT event_id FROM $table ORDER BY _raw_position");
  }

  private static List<String> idsOf(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> "id-" + n).toList();
  }

  @Test
  void smallFilesBecomeOneThatIsSorted() throws Exception {
    try (OpenLake open = open()) {
      for (int file = 0; file < 8; file++) {
        List<CleanEvent> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          int number = i * 8 + file;
          rows.add(
              Samples.event(
                  "shop",
                  number,
                  "name " + (number * 7919) % 13,
                  Samples.NOON + (number * 104_729L) % 4001,
                  file == 3 ? Map.of("p_it's \"q\"", "ü", "p_price", 1.5) : Map.of()));
        }
        open.append(rows);
      }
      Positions before = open.read().position();
      String everything = "SELECT * EXCLUDE (_raw_position) FROM $table ORDER BY _raw_position";
      List<List<Object>> rows = duck.rows(open.read(), everything);
      open.upkeep();
      LakeTable after = open.read();
      assertThat(after.files()).hasSize(1);
      assertThat(after.position()).isEqualTo(before);
      assertThat(after.loadedTotal()).isEqualTo(4000);
      assertThat(after.rows()).isEqualTo(4000);
      assertThat(duck.rows(after, everything)).isEqualTo(rows);
      String order = "SELECT event, actor, epoch_us(timestamp) FROM $table";
      assertThat(duck.rows(after, order))
          .isEqualTo(duck.rows(after, order + " ORDER BY event, actor NULLS FIRST, timestamp"));
      assertThat(open.count("weir_lake_files_merged")).isEqualTo(8);
      assertThat(open.count("weir_lake_rows_merged")).isEqualTo(4000);
    }
  }

  @Test
  void rowsTooLongForTheMemoryAreSortedInPieces() throws Exception {
    UpkeepOptions plain = OpenLake.UPKEEP;
    UpkeepOptions narrow =
        new UpkeepOptions(
            plain.fileBytes(),
            192L << 20,
            plain.quietDay(),
            plain.snapshotAge(),
            plain.orphanAge(),
            plain.keepEvents(),
            plain.keepBadEvents());
    Map<String, Object> properties = Map.of("p_text", "long ".repeat(800));
    try (OpenLake open = new OpenLake(temp.resolve("lake"), Files.system(), clock, narrow)) {
      for (int file = 0; file < 8; file++) {
        List<CleanEvent> rows = new ArrayList<>();
        for (int i = 0; i < 7_000; i++) {
          int number = i == 99 ? 99 : i * 8 + file + 100;
          long time = Samples.NOON + (number * 104_729L) % 4001;
          rows.add(Samples.event("shop", number, "name " + number % 3, time, properties));
        }
        open.append(rows);
      }
      open.upkeep();
      LakeTable after = open.read();
      assertThat(after.files()).hasSize(1);
      assertThat(after.rows()).isEqualTo(56_000 - 7);
      String order = "SELECT event, actor, epoch_us(timestamp) FROM $table";
      assertThat(duck.rows(after, order))
          .isEqualTo(duck.rows(after, order + " ORDER BY event, actor NULLS FIRST, timestamp"));
      assertThat(duck.column(after, "SELECT count(DISTINCT event_id)::VARCHAR FROM $table"))
          .containsExactly("55993");
      assertThat(temp.resolve("lake/spill")).isEmptyDirectory();
    }
  }

  @Test
  void mergedFilesAreReadAndLeftOutByIcebergToo() throws Exception {
    try (OpenLake open = open()) {
      for (int i = 0; i < 16; i++) {
        String name = i < 8 ? "added" : "viewed";
        open.append(
            Samples.event("shop", i, name, Samples.NOON + i, Map.of("p_" + i % 3, (double) i)),
            Samples.event("shop", 100 + i, name, Samples.NOON - Samples.DAY, Map.of()));
      }
      open.upkeep();
      IcebergTable table = open.events();
      List<DataFile> files = new ArrayList<>();
      try (CloseableIterable<FileScanTask> tasks =
          table.table().newScan().includeColumnStats().planFiles()) {
        tasks.forEach(task -> files.add(task.file()));
      }
      assertThat(files).hasSize(2);
      for (DataFile file : files) {
        assertThat(file.lowerBounds().keySet()).containsExactlyInAnyOrder(1, 4, 11);
        assertThat(file.upperBounds().keySet()).containsExactlyInAnyOrder(1, 4, 11);
        assertThat(file.nullValueCounts().get(1)).isZero();
        assertThat(file.valueCounts().get(1)).isEqualTo(16);
        assertThat(file.columnSizes()).isNotEmpty();
        assertThat(file.sortOrderId()).isEqualTo(table.table().sortOrder().orderId());
        assertThat(file.fileSizeInBytes())
            .isEqualTo(java.nio.file.Files.size(Path.of(file.location())));
      }
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(table.table()).where(Expressions.equal("event", "added")).build()) {
        assertThat(rows).hasSize(16);
      }
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(table.table()).where(Expressions.equal("p_2", 5.0)).build()) {
        assertThat(rows)
            .hasSize(1)
            .first()
            .extracting(r -> r.getField("event_id"))
            .isEqualTo("id-5");
      }
      try (CloseableIterable<FileScanTask> tasks =
          table.table().newScan().filter(Expressions.equal("event", "zoomed")).planFiles()) {
        assertThat(tasks).isEmpty();
      }
    }
  }

  @Test
  void theSameEventTwiceInADayStaysOnceAndIsCounted() throws Exception {
    try (OpenLake open = open()) {
      for (int file = 0; file < 8; file++) {
        int distinct = file;
        open.append(
            Samples.event("shop", 1),
            Samples.event("shop", 1),
            Samples.event("shop", 10 + distinct));
      }
      open.upkeep();
      LakeTable after = open.read();
      assertThat(duck.column(after, "SELECT event_id FROM $table ORDER BY event_id"))
          .isEqualTo(Stream.concat(Stream.of("id-1"), idsOf(10, 18).stream()).toList());
      assertThat(after.loadedTotal()).isEqualTo(24);
      assertThat(after.duplicatesRemoved()).isEqualTo(15);
      assertThat(open.count("weir_lake_duplicates_removed")).isEqualTo(15);
      open.append(Samples.event("shop", 99));
      assertThat(open.read().duplicatesRemoved()).isEqualTo(15);
    }
  }

  @Test
  void theFirstOfDuplicatesStays() throws Exception {
    try (OpenLake open = open()) {
      for (int i = 7; i >= 0; i--) {
        CleanEvent event = Samples.event("shop", 5);
        open.append(
            CleanEvent.builder()
                .set(weir.event.EventColumn.EVENT, "e")
                .set(weir.event.EventColumn.EVENT_ID, "same")
                .set(weir.event.EventColumn.TIMESTAMP, Samples.NOON)
                .set(weir.event.EventColumn.SCREEN_WIDTH, i)
                .properties(event.properties())
                .build(Samples.origin("shop", 20 + i)));
      }
      open.upkeep();
      assertThat(duck.column(open.read(), "SELECT screen_width FROM $table")).containsExactly("0");
    }
  }

  @Test
  void badEventsWithTheSameIdAllStay() throws Exception {
    try (OpenLake open = open()) {
      IcebergTable table = open.badEvents();
      for (int i = 0; i < 8; i++) {
        RowWriter rows = table.newWriter();
        rows.add(Samples.bad("shop", 1));
        table.commit(
            rows.write(), Positions.of(new Position(i)), Positions.of(new Position(i + 1)));
      }
      open.upkeep();
      LakeTable bad = open.lake.reader().snapshot("shop").badEvents();
      assertThat(bad.files()).hasSize(1);
      assertThat(bad.rows()).isEqualTo(8);
    }
  }

  @Test
  void aDayThatRestsIsMergedMoreThoroughly() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 5, UnaryOperator.identity());
      open.upkeep();
      assertThat(open.read().files()).hasSize(5);
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertThat(ids(open.read())).isEqualTo(idsOf(0, 5));
    }
  }

  @Test
  void rowsThatAreAppendedMeanwhileStayAndOnlyTheCommitIsMadeAgain() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      onceBeforeSwap(open, () -> open.append(Samples.event("shop", 8)));
      open.upkeep();
      assertThat(open.read().files()).hasSize(2);
      assertThat(open.read().position()).isEqualTo(Positions.of(new Position(9)));
      assertThat(open.count("weir_lake_rows_merged")).isEqualTo(8);
      assertThat(ids(open.read())).isEqualTo(idsOf(0, 9));
    }
  }

  @Test
  void anAppendThatMeetsACompactionKeepsItsTotals() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 4, UnaryOperator.identity());
      open.appendEach(0, 4, UnaryOperator.identity());
      onceBeforeSwap(open, open::upkeep);
      open.append(Samples.event("shop", 4));
      LakeTable after = open.read();
      assertThat(ids(after)).isEqualTo(idsOf(0, 5));
      assertThat(after.duplicatesRemoved()).isEqualTo(4);
      assertThat(after.loadedTotal()).isEqualTo(9);
      assertThat(after.position()).isEqualTo(Positions.of(new Position(9)));
    }
  }

  @Test
  void filesThatAreGoneMeanwhileDoNotComeBack() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      onceBeforeSwap(open, () -> open.events().dropBefore(java.time.LocalDate.parse("2026-03-02")));
      open.upkeep();
      assertThat(open.read().files()).isEmpty();
      assertThat(open.read().expired()).isEqualTo(8);
      assertThat(open.count("weir_lake_compaction_conflicts")).isEqualTo(1);
      assertNoStrangers(open);
    }
  }

  @Test
  void ofTwoCompactionsAtOnceOneSucceeds() throws Exception {
    try (OpenLake open = open();
        OpenLake zombie = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      onceBeforeSwap(open, zombie::upkeep);
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertThat(ids(open.read())).isEqualTo(idsOf(0, 8));
      assertThat(open.count("weir_lake_compaction_conflicts")).isEqualTo(1);
      assertNoStrangers(open);
    }
  }

  @Test
  void aCompactionWhoseAnswerWasLostIsReadBack() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.catalog().answersToLose.set(1);
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertThat(ids(open.read())).isEqualTo(idsOf(0, 8));
      assertThat(open.count("weir_lake_rows_merged")).isEqualTo(8);
      assertNoStrangers(open);
    }
  }

  @Test
  void aCompactionThatWasLostIsMadeAgain() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.catalog().commitsToLose.set(1);
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertThat(ids(open.read())).isEqualTo(idsOf(0, 8));
    }
  }

  @Test
  void anOutcomeThatCannotBeReadDeletesNothing() throws Exception {
    for (boolean lostOnItsWay : List.of(true, false)) {
      Path dir = temp.resolve("unknown-" + lostOnItsWay);
      try (OpenLake open = new OpenLake(dir, Files.system(), clock, OpenLake.UPKEEP)) {
        open.appendEach(0, 8, UnaryOperator.identity());
        (lostOnItsWay ? open.catalog().commitsToLose : open.catalog().answersToLose).set(1);
        open.catalog().refreshesToFail.set(1);
        open.upkeep();
        assertThat(open.count("weir_lake_upkeep_failures")).isEqualTo(1);
        assertThat(open.read().files()).hasSize(lostOnItsWay ? 8 : 1);
        assertThat(ids(open.read())).isEqualTo(idsOf(0, 8));
        clock.advance(Duration.ofDays(2));
        open.upkeep();
        assertThat(open.read().files()).hasSize(1);
        assertThat(ids(open.read())).isEqualTo(idsOf(0, 8));
        clock.advance(Duration.ofDays(2));
        open.upkeep();
        assertNoStrangers(open);
      }
    }
  }

  @Test
  void aFailureIsTriedAgainLater() throws Exception {
    try (OpenLake open = open()) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.catalog().commitsToLose.set(1000);
      open.upkeep();
      assertThat(open.count("weir_lake_upkeep_failures")).isEqualTo(1);
      open.catalog().commitsToLose.set(0);
      open.upkeep();
      assertThat(open.read().files()).hasSize(8);
      clock.advance(Duration.ofMinutes(2));
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      assertNoStrangers(open);
    }
  }

  /** Two compactions, an expiry and a retention. */
  private void workThrough(OpenLake open) {
    open.upkeep();
    clock.advance(Duration.ofHours(3));
    open.upkeep();
  }

  @Test
  void aCrashAtAnyFileOperationLosesAndDoublesNothing() throws Exception {
    int operations = operationsWithoutFault();
    assertThat(operations).isGreaterThan(20);
    int stride = Rounds.of(5, 1);
    for (int failAt = 1; failAt <= operations; failAt += stride) {
      Path dir = temp.resolve("crash-" + failAt);
      fill(dir);
      FaultyFiles files = new FaultyFiles(failAt, true);
      try (OpenLake open = new OpenLake(dir, files, clock, OpenLake.UPKEEP)) {
        workThrough(open);
      } catch (IOException e) {
        assertThat(e).hasStackTraceContaining("fault at operation");
      }
      try (OpenLake open = new OpenLake(dir, Files.system(), clock, OpenLake.UPKEEP)) {
        assertThat(ids(open.read())).as("operation %d", failAt).isEqualTo(idsOf(0, 16));
        open.append(Samples.event("shop", 16));
        workThrough(open);
        assertThat(ids(open.read())).as("operation %d", failAt).isEqualTo(idsOf(0, 17));
        assertThat(open.read().loadedTotal()).isEqualTo(17);
        clock.advance(Duration.ofDays(2));
        workThrough(open);
        assertNoStrangers(open);
      }
    }
  }

  private int operationsWithoutFault() throws Exception {
    Path dir = temp.resolve("recorded");
    fill(dir);
    FaultyFiles recording = FaultyFiles.recording();
    try (OpenLake open = new OpenLake(dir, recording, clock, OpenLake.UPKEEP)) {
      workThrough(open);
      assertThat(open.read().files()).hasSize(2);
    }
    return recording.operations();
  }

  private void fill(Path dir) throws IOException {
    try (OpenLake open = new OpenLake(dir, Files.system(), clock, OpenLake.UPKEEP)) {
      for (int i = 0; i < 8; i++) {
        open.append(
            Samples.event("shop", 2 * i),
            Samples.event("shop", 2 * i + 1, "a", Samples.NOON - Samples.DAY, Map.of()));
      }
    }
  }

  /** There are no data files but those of the retained snapshots, and their sidecars. */
  private static void assertNoStrangers(OpenLake open) throws Exception {
    Path root = Path.of(open.events().table().location());
    Instant future = Instant.parse("2200-01-01T00:00:00Z");
    open.events().expireSnapshotsReplacedBefore(future);
    List<Path> live =
        open.read().files().stream()
            .flatMap(file -> Stream.of(file.path(), Sidecar.of(file.path())))
            .toList();
    try (Stream<Path> all = java.nio.file.Files.walk(root.resolve("data"))) {
      assertThat(all.filter(java.nio.file.Files::isRegularFile))
          .containsExactlyInAnyOrderElementsOf(live);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void onceBeforeSwap(OpenLake open, Step step) {
    FaultyCatalog catalog = open.catalog();
    catalog.beforeSwap =
        () -> {
          catalog.beforeSwap = () -> {};
          try {
            step.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
  }
}
