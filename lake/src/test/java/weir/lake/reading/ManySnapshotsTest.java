package weir.lake.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.FaultyFiles;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.writing.OpenLake;

/** A table whose upkeep stood still for a year: 400 event names, 2,000 snapshots. */
class ManySnapshotsTest {
  private static final int NAMES = 400;
  private static final int SNAPSHOTS = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  @Test
  void theyAreReadAndForgottenWithBoundedWork() throws Exception {
    FaultyFiles files = FaultyFiles.recording();
    try (OpenLake open = new OpenLake(temp.resolve("lake"), files, clock, OpenLake.UPKEEP)) {
      List<CleanRecord> rows = new ArrayList<>();
      for (int i = 0; i < NAMES; i++) {
        rows.add(Samples.event("shop", i, "event " + i, Samples.NOON, Map.of()));
      }
      open.append(rows);
      addSnapshots(((BaseTable) open.events().table()).operations());
      assertThat(open.events().table().snapshots()).hasSize(SNAPSHOTS + 1);

      try (LakeReader reader = LakeReader.open(temp.resolve("lake"))) {
        LakeTable read = reader.snapshot("shop").events();
        assertThat(read.rows()).isEqualTo(NAMES);
        assertThat(read.position()).isEqualTo(Positions.of(new Position(1)));
        assertThat(read.files()).hasSize(1);
      }

      clock.advance(Duration.ofHours(3));
      int before = files.operations();
      open.upkeep();
      assertThat(open.events().table().snapshots()).hasSize(1);
      assertThat(open.count("weir_lake_snapshots_expired")).isEqualTo(SNAPSHOTS);
      assertThat(files.operations() - before)
          .as("files touched: each one's list of manifests, once to read it and once to delete it")
          .isLessThan(2 * SNAPSHOTS + 100);
      clock.advance(Duration.ofHours(3));
      int forgotten = files.operations();
      open.upkeep();
      assertThat(files.operations() - forgotten).as("and then no more").isLessThan(60);
      assertThat(open.read().rows()).isEqualTo(NAMES);
      assertThat(open.read().loadedTotal()).isEqualTo(NAMES);
      open.append(Samples.event("shop", NAMES));
      assertThat(open.read().rows()).isEqualTo(NAMES + 1);
    }
  }

  /** As commits leave them that change no file: each with the state of the one before. */
  private static void addSnapshots(TableOperations operations) throws IOException {
    TableMetadata base = operations.current();
    Snapshot last = base.currentSnapshot();
    TableMetadata.Builder grown = TableMetadata.buildFrom(base);
    for (int i = 0; i < SNAPSHOTS; i++) {
      Path list = Path.of(last.manifestListLocation());
      Path copy = Files.copy(list, list.resolveSibling("snap-" + (i + 1) + "-1-made-up.avro"));
      ObjectNode json = (ObjectNode) JSON.readTree(SnapshotParser.toJson(last));
      json.put("parent-snapshot-id", last.snapshotId())
          .put("snapshot-id", i + 1L)
          .put("manifest-list", copy.toString())
          .put("sequence-number", last.sequenceNumber() + 1)
          .put("timestamp-ms", last.timestampMillis() + 1);
      last = SnapshotParser.fromJson(json.toString());
      grown.addSnapshot(last);
    }
    operations.commit(
        base, grown.setBranchSnapshot(last.snapshotId(), SnapshotRef.MAIN_BRANCH).build());
  }
}
