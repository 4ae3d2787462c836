package weir.lake.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.LakeFile;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.SyncedFolders;
import weir.lake.rows.ParquetEngine;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.lake.table.TableFiles;
import weir.lake.writing.OpenLake;
import weir.log.files.Files;

/** What is old goes in time, and nothing else does. */
final class UpkeepTest {
  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  private OpenLake open(UpkeepOptions options) throws IOException {
    return new OpenLake(temp.resolve("lake"), Files.system(), clock, options);
  }

  private static UpkeepOptions keeping(Duration events) {
    UpkeepOptions plain = OpenLake.UPKEEP;
    return new UpkeepOptions(
        plain.fileBytes(),
        plain.memoryBytes(),
        plain.quietDay(),
        plain.snapshotAge(),
        plain.orphanAge(),
        Optional.of(events),
        Optional.of(events));
  }

  @Test
  void replacedFilesStayForTheSnapshotAgeHoweverOldTheirSnapshotIs() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.appendEach(0, 8, UnaryOperator.identity());
      List<LakeFile> replaced = open.read().files();
      clock.advance(Duration.ofMinutes(1));
      open.upkeep();
      assertThat(open.read().files()).hasSize(1);
      IcebergTable table = open.events();
      Instant compacted = clock.instant();
      assertThat(table.expireSnapshotsReplacedBefore(compacted.minusMillis(2))).isEqualTo(7);
      assertThat(replaced).allMatch(file -> file.path().toFile().exists());
      assertThat(table.expireSnapshotsReplacedBefore(compacted)).isEqualTo(1);
      assertThat(replaced).noneMatch(file -> file.path().toFile().exists());
      assertThat(open.read().rows()).isEqualTo(8);
    }
  }

  @Test
  void snapshotsAreForgottenAnHourAfterTheyWereReplaced() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.upkeep();
      clock.advance(Duration.ofMinutes(50));
      open.upkeep();
      assertThat(open.events().table().snapshots()).hasSize(9);
      clock.advance(Duration.ofMinutes(30));
      open.upkeep();
      assertThat(open.events().table().snapshots()).hasSize(1);
      assertThat(open.count("weir_lake_snapshots_expired")).isEqualTo(8);
      LakeTable read = open.read();
      assertThat(read.position()).isEqualTo(Positions.of(new Position(8)));
      assertThat(read.loadedTotal()).isEqualTo(8);
      open.append(Samples.event("shop", 8));
      assertThat(open.read().loadedTotal()).isEqualTo(9);
    }
  }

  /** Not only exceptions: a class that cannot be loaded, memory that is not there. */
  @Test
  void anErrorIsToldAndTriedAgain() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.catalog().beforeSwap =
          () -> {
            throw new NoClassDefFoundError("on purpose");
          };
      open.lake.upkeep().start();
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(open.lake.upkeep().trouble())
                  .hasValueSatisfying(
                      text -> assertThat(text).contains("compaction of shop.events")));
      open.catalog().beforeSwap = () -> {};
      clock.advance(Duration.ofMinutes(2));
      Awaitility.await().until(() -> open.read().files().size() == 1);
      Awaitility.await().until(() -> open.lake.upkeep().trouble().isEmpty());
    }
  }

  @Test
  void schemasThatNoSnapshotHasAreForgotten() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      for (int i = 0; i < 8; i++) {
        open.append(Samples.event("shop", i, "a", Samples.NOON, Map.of("p_" + i, 1.0)));
      }
      assertThat(open.events().table().schemas()).hasSizeGreaterThan(8);
      clock.advance(Duration.ofHours(3));
      open.upkeep();
      clock.advance(Duration.ofHours(3));
      open.upkeep();
      assertThat(open.events().table().schemas()).hasSize(1);
    }
  }

  @Test
  void wholeDaysAreDroppedByAgeAndCounted() throws Exception {
    long today = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    try (OpenLake open = open(keeping(Duration.ofDays(3)))) {
      for (int daysAgo = 0; daysAgo < 6; daysAgo++) {
        open.append(
            Samples.event("shop", daysAgo, "a", today - daysAgo * Samples.DAY, Map.of()),
            Samples.event("shop", 10 + daysAgo, "a", today - daysAgo * Samples.DAY, Map.of()));
      }
      open.upkeep();
      LakeTable read = open.read();
      assertThat(read.files()).hasSize(4);
      assertThat(read.expired()).isEqualTo(4);
      assertThat(read.loadedTotal()).isEqualTo(12);
      assertThat(read.position()).isEqualTo(Positions.of(new Position(6)));
      clock.advance(Duration.ofDays(2));
      open.upkeep();
      assertThat(open.read().files()).hasSize(2);
      assertThat(open.read().expired()).isEqualTo(8);
      assertThat(open.meters.get("weir_lake_expired_rows").tag("table", "events").counter().count())
          .isEqualTo(8);
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      try (Stream<Path> left = java.nio.file.Files.walk(temp)) {
        assertThat(left.filter(path -> path.toString().endsWith(".parquet"))).hasSize(2);
      }
    }
  }

  @Test
  void aTableOfWhichAllHasExpiredGoesOn() throws Exception {
    try (OpenLake open = open(keeping(Duration.ofDays(3)))) {
      open.append(Samples.event("shop", 1));
      open.upkeep();
      assertThat(open.read().files()).isEmpty();
      assertThat(open.read().position()).isEqualTo(Positions.of(new Position(1)));
      open.append(Samples.event("shop", 2));
      open.upkeep();
      assertThat(open.read().expired()).isEqualTo(1);
      clock.advance(Duration.ofDays(1));
      open.upkeep();
      assertThat(open.read().expired()).isEqualTo(2);
      assertThat(open.read().loadedTotal()).isEqualTo(2);
    }
  }

  @Test
  void whatBelongsToNoTableIsRemovedOnceItIsOld() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.append(Samples.event("shop", 1));
      IcebergTable table = open.events();
      Path location = Path.of(table.table().location());
      Path data = location.resolve("data/timestamp_day=2026-03-01/lost.parquet");
      Path manifest = location.resolve("metadata/lost-m0.avro");
      Path young = location.resolve("metadata/young-m0.avro");
      for (Path file : List.of(data, manifest, young)) {
        java.nio.file.Files.writeString(file, "x");
      }
      clock.advance(Duration.ofHours(3));
      java.nio.file.Files.setLastModifiedTime(young, FileTime.from(clock.instant()));
      open.upkeep();
      assertThat(data).doesNotExist();
      assertThat(manifest).doesNotExist();
      assertThat(young).exists();
      assertThat(open.count("weir_lake_orphans_removed")).isGreaterThanOrEqualTo(2);
      assertThat(open.read().rows()).isEqualTo(1);
    }
  }

  @Test
  void filesWhoseCommitIsNotDecidedStay() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      IcebergTable table = open.events();
      RowWriter rows = table.newWriter();
      rows.add(Samples.event("shop", 1));
      List<DataFile> files = rows.write();
      clock.advance(Duration.ofDays(7));
      open.upkeep();
      table.commit(files, Positions.START, Positions.of(new Position(1)));
      assertThat(open.read().rows()).isEqualTo(1);
      assertThat(Path.of(files.getFirst().location())).exists();
    }
  }

  @Test
  void nothingThatAnyRetainedSnapshotOrMetadataNamesIsAnOrphan() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.appendEach(0, 8, UnaryOperator.identity());
      open.upkeep();
      open.append(Samples.event("shop", 8));
      BaseTable table = (BaseTable) open.events().table();
      int removed =
          new OrphanFiles(Files.system(), tableFiles())
              .remove(table, Instant.parse("2200-01-01T00:00:00Z"));
      assertThat(removed).as("a table's first metadata files").isLessThanOrEqualTo(1);
      for (Snapshot snapshot : table.snapshots()) {
        assertThat(Path.of(snapshot.manifestListLocation())).exists();
        snapshot
            .allManifests(table.io())
            .forEach(manifest -> assertThat(Path.of(manifest.path())).exists());
        snapshot
            .addedDataFiles(table.io())
            .forEach(file -> assertThat(Path.of(file.location())).exists());
      }
      assertThat(open.read().rows()).isEqualTo(9);
    }
  }

  /** Files of a process that has none in progress. */
  private TableFiles tableFiles() throws IOException {
    return new TableFiles(
        Files.system(),
        new SyncedFolders(Files.system(), temp),
        new ParquetEngine(LakeOptions.DEFAULT));
  }

  @Test
  void aColumnThatIsNotOursStopsCompactionOfThatTable() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.events()
          .table()
          .updateSchema()
          .addColumn("theirs", org.apache.iceberg.types.Types.DateType.get())
          .commit();
      open.appendEach(0, 8, UnaryOperator.identity());
      open.upkeep();
      assertThat(open.read().files()).hasSize(8);
      assertThat(open.count("weir_lake_upkeep_failures")).isZero();
    }
  }

  @Test
  void theThreadMergesAndStops() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.lake.upkeep().start();
      open.appendEach(0, 8, UnaryOperator.identity());
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> open.read().files().size() == 1);
      assertThat(open.read().rows()).isEqualTo(8);
    }
  }
}
