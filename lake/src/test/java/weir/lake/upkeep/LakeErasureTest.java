package weir.lake.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.Positions;
import weir.lake.DuckReader;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.table.IcebergTable;
import weir.lake.writing.OpenLake;
import weir.log.files.Files;

/** What bears a mark goes, in one commit or not at all; everything else stays as it is. */
final class LakeErasureTest {
  private static final String MARK = "import 20260131-100000-4f2a9c";
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

  private static CleanEvent event(int number, @Nullable String version) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, "name " + number % 7)
        .set(EventColumn.EVENT_ID, "id-" + number)
        .set(EventColumn.TIMESTAMP, Samples.NOON + number % 3 * Samples.DAY)
        .set(EventColumn.ACTOR, "actor " + number % 11)
        .set(EventColumn.LIBRARY_VERSION, version)
        .properties(Map.of("p_price", number / 2.0))
        .build(Samples.origin("shop", number));
  }

  /** A third without a version, one of the import, one of a library that the import kept. */
  private static List<CleanEvent> mixed(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> event(n, n % 3 == 0 ? null : n % 3 == 1 ? MARK : "1.2 " + MARK))
        .toList();
  }

  private static long erase(OpenLake open, String commit) throws IOException {
    return open.lake.erasure().erase("shop", MARK, commit, (done, all) -> {});
  }

  private static List<String> ids(OpenLake open) throws Exception {
    return duck.column(
        open.read(), "SELECT event_id FROM $table ORDER BY substr(event_id, 4)::int");
  }

  private static List<String> idsOf(IntStream numbers) {
    return numbers.mapToObj(n -> "id-" + n).toList();
  }

  @Test
  void oneImportGoesInOneCommitAndTheRestStaysSorted() throws Exception {
    try (OpenLake open = open()) {
      open.append(mixed(0, 300));
      open.append(IntStream.range(300, 400).mapToObj(n -> event(n, "import 2")).toList());
      open.append(IntStream.range(400, 500).mapToObj(n -> event(n, MARK)).toList());
      open.append(IntStream.range(500, 510).mapToObj(n -> event(n, "x" + MARK)).toList());
      Positions position = open.read().position();
      String rest =
          "SELECT * FROM $table WHERE coalesce(library_version, '') NOT IN ('"
              + MARK
              + "', '1.2 "
              + MARK
              + "') ORDER BY _raw_position";
      List<List<Object>> before = duck.rows(open.read(), rest);
      List<String> found = new ArrayList<>();
      List<Long> received = new ArrayList<>();
      open.lake
          .erasure()
          .find(
              "shop",
              MARK,
              new LakeErasure.Found() {
                @Override
                public void event(String eventId, long receivedAt) {
                  found.add(eventId);
                  received.add(receivedAt);
                }

                @Override
                public void progress(int done, int all) {}
              });
      assertThat(found).hasSize(300).contains("id-1", "id-2", "id-400").doesNotContain("id-0");
      assertThat(received).contains(Samples.NOON + 1, Samples.NOON + 499);
      assertThat(open.lake.erasure().count("shop", MARK).events()).isEqualTo(300);
      long snapshots = snapshots(open);
      assertThat(erase(open, "undo 1")).isEqualTo(300);
      assertThat(snapshots(open)).isEqualTo(snapshots + 1);
      LakeTable after = open.read();
      assertThat(after.position()).isEqualTo(position);
      assertThat(after.loadedTotal()).isEqualTo(510);
      assertThat(after.erased()).isEqualTo(300);
      assertThat(after.rows()).isEqualTo(210);
      assertThat(duck.rows(after, rest)).isEqualTo(before);
      assertThat(open.lake.erasure().count("shop", MARK).events()).isZero();
      for (LakeFile file : after.files()) {
        LakeTable one = new LakeTable(after.columns(), List.of(file), position, 0);
        assertThat(duck.column(one, "SELECT event FROM $table"))
            .as("a file without some rows is still sorted")
            .isSorted();
      }
      assertThat(erase(open, "undo 1")).as("done before").isZero();
      assertThat(erase(open, "undo 2")).as("there is nothing left").isZero();
      open.append(mixed(600, 610));
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      assertThat(open.read().erased()).as("carried by every commit").isEqualTo(300);
      assertThat(open.read().rows()).isEqualTo(220);
    }
  }

  private static long snapshots(OpenLake open) throws IOException {
    IcebergTable table = open.events();
    table.state();
    long count = 0;
    for (Snapshot ignored : table.table().snapshots()) {
      count++;
    }
    return count;
  }

  @Test
  void aCommitThatIsLostChangesNothingAndALostAnswerIsReadBack() throws Exception {
    try (OpenLake open = open()) {
      open.append(mixed(0, 30));
      List<String> kept = idsOf(IntStream.range(0, 30).filter(n -> n % 3 == 0));
      open.catalog().commitsToLose.set(1);
      open.catalog().refreshesToFail.set(1000);
      assertThatThrownBy(() -> erase(open, "undo 1")).isInstanceOf(OutcomeUnknownException.class);
      open.catalog().refreshesToFail.set(0);
      assertThat(ids(open)).hasSize(30);
      assertThat(erase(open, "undo 1")).isEqualTo(20);
      assertThat(ids(open)).isEqualTo(kept);
      open.append(mixed(30, 60));
      open.catalog().answersToLose.set(1);
      assertThat(erase(open, "undo 2")).isEqualTo(20);
      assertThat(open.read().erased()).isEqualTo(40);
    }
    try (OpenLake open = open()) {
      open.append(mixed(60, 90));
      open.catalog().answersToLose.set(1);
      open.catalog().refreshesToFail.set(1000);
      assertThatThrownBy(() -> erase(open, "undo 3")).isInstanceOf(OutcomeUnknownException.class);
      open.catalog().refreshesToFail.set(0);
      assertThat(erase(open, "undo 3")).as("it was done").isZero();
      assertThat(open.read().erased()).isEqualTo(60);
      assertThat(open.read().rows()).isEqualTo(30);
    }
  }

  @Test
  void appendsAndMergesThatComeBetweenLoseNothing() throws Exception {
    try (OpenLake open = open()) {
      open.append(mixed(0, 30));
      int[] swaps = {0};
      open.catalog().beforeSwap =
          () -> {
            if (swaps[0]++ == 0) {
              between(() -> open.append(mixed(30, 60)));
            }
          };
      assertThat(erase(open, "undo 1")).as("those that were there").isEqualTo(20);
      open.catalog().beforeSwap = () -> {};
      assertThat(open.read().rows()).isEqualTo(40);
      assertThat(open.read().loadedTotal()).isEqualTo(60);

      for (int i = 60; i < 90; i += 5) {
        open.append(mixed(i, i + 5));
      }
      int[] merges = {0};
      open.catalog().beforeSwap =
          () -> {
            if (merges[0]++ == 0) {
              clock.advance(Duration.ofMinutes(5));
              open.upkeep();
            }
          };
      erase(open, "undo 2");
      open.catalog().beforeSwap = () -> {};
      assertThat(ids(open)).isEqualTo(idsOf(IntStream.range(0, 90).filter(n -> n % 3 == 0)));
      assertThat(open.read().erased()).isEqualTo(60);
      assertThat(open.read().duplicatesRemoved()).isZero();
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void between(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
