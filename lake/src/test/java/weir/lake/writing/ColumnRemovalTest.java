package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.DuckReader;
import weir.lake.LakeColumn;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.table.CommitResult;
import weir.lake.table.IcebergTable;
import weir.lake.table.RowWriter;
import weir.log.files.Files;

/** Columns go for good in one commit, whatever else is committed meanwhile. */
final class ColumnRemovalTest {
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
    return new OpenLake(temp.resolve("lake"), Files.system(), clock, OpenLake.UPKEEP);
  }

  private static List<CleanEvent> events(int from, int to, Map<String, Object> properties) {
    return IntStream.range(from, to)
        .mapToObj(n -> Samples.event("shop", n, "e", Samples.NOON + n, properties))
        .toList();
  }

  private static List<String> properties(OpenLake open) throws IOException {
    return open.read().columns().stream()
        .map(LakeColumn::name)
        .filter(name -> name.startsWith("p_"))
        .toList();
  }

  @Test
  void theyGoInOneCommitAndOneOfTheSameNameIsAnother() throws Exception {
    try (OpenLake open = open()) {
      open.append(events(0, 10, Map.of("p_a", 1.0, "p_b", "b", "p_c", true)));
      LakeTable before = open.read();
      String metadata = open.events().table().currentSnapshot().manifestListLocation();
      assertThat(open.lake.dropColumns("shop", Set.of("p_a", "p_c", "p_none")))
          .containsExactly("p_a", "p_c");
      assertThat(properties(open)).containsExactly("p_b");
      assertThat(open.read().files()).isEqualTo(before.files());
      assertThat(open.read().position()).isEqualTo(before.position());
      assertThat(open.events().table().currentSnapshot().manifestListLocation())
          .isEqualTo(metadata);
      assertThat(open.lake.dropColumns("shop", Set.of("p_a"))).isEmpty();
      open.append(events(10, 12, Map.of("p_a", "text")));
      assertThat(properties(open)).containsExactly("p_b", "p_a");
      assertThat(duck.column(open.read(), "SELECT count(p_a) || ' ' || max(p_a) FROM $table"))
          .containsExactly("2 text");
      assertThat(duck.column(before, "SELECT sum(p_a) FROM $table")).containsExactly("10.0");
    }
  }

  /** A writer and a compaction that have begun before go on as if nothing had been. */
  @Test
  void whatIsUnderWayStays() throws Exception {
    try (OpenLake open = open()) {
      open.append(events(0, 10, Map.of("p_a", 1.0, "p_b", "b")));
      IcebergTable table = open.events();
      RowWriter writer = table.newWriter();
      events(10, 20, Map.of("p_b", "c", "p_d", 4.0)).forEach(writer::add);
      open.lake.dropColumns("shop", Set.of("p_a"));
      List<DataFile> files = writer.write();
      assertThat(table.commit(files, Positions.of(new Position(1)), Positions.of(new Position(2))))
          .isInstanceOf(CommitResult.Committed.class);
      assertThat(properties(open)).containsExactly("p_b", "p_d");
      assertThat(duck.column(open.read(), "SELECT count(*) || ' ' || count(p_b) FROM $table"))
          .containsExactly("20 20");
    }
  }

  @Test
  void anAnswerThatIsLostOrNeverComesIsLookedFor() throws Exception {
    try (OpenLake open = open()) {
      open.append(events(0, 10, Map.of("p_a", 1.0, "p_b", "b")));
      open.catalog().answersToLose.set(1);
      assertThat(open.lake.dropColumns("shop", Set.of("p_a"))).containsExactly("p_a");
      assertThat(properties(open)).containsExactly("p_b");
      open.catalog().commitsToLose.set(1);
      assertThat(open.lake.dropColumns("shop", Set.of("p_b"))).containsExactly("p_b");
      assertThat(properties(open)).isEmpty();
    }
  }

  @Test
  void columnsOfEveryEventStay() throws Exception {
    try (OpenLake open = open()) {
      assertThat(open.lake.dropColumns("shop", Set.of("p_a"))).isEmpty();
      open.append(events(0, 1, Map.of("p_a", 1.0)));
      assertThatThrownBy(() -> open.lake.dropColumns("shop", Set.of("p_a", "event")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(properties(open)).containsExactly("p_a");
    }
  }
}
