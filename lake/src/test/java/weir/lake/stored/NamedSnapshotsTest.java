package weir.lake.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.lake.AsOf;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.NamedSnapshot;
import weir.lake.NoSnapshotException;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.reading.LakeReader;
import weir.lake.writing.OpenLake;
import weir.log.files.Files;

/** What has a name stays, whatever is done to the tables; and goes when it has none any more. */
final class NamedSnapshotsTest {
  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private final ManualClock clock = ManualClock.atSystemTime();

  private OpenLake open(UpkeepOptions upkeep) throws IOException {
    return new OpenLake(temp.resolve("lake"), Files.system(), clock, upkeep);
  }

  private static LakeSnapshot named(OpenLake open, String name) throws Exception {
    return open.lake.reader().snapshot("shop", new AsOf.Name(name));
  }

  private static void store(OpenLake open, String csv) throws Exception {
    Path file = open.lake.storedTables().staging().resolve("input.csv");
    java.nio.file.Files.writeString(file, csv);
    open.lake
        .storedTables()
        .put("shop", "plans", new StoredInput(file, StoredInput.Format.CSV, Map.of()));
  }

  private static void assertAllThere(LakeSnapshot snapshot) throws IOException {
    List<LakeFile> files = new ArrayList<>(snapshot.events().files());
    files.addAll(snapshot.badEvents().files());
    snapshot.stored().all().forEach(table -> files.addAll(table.files()));
    assertThat(files).allMatch(file -> file.path().toFile().length() == file.bytes());
  }

  @Test
  void outlivesCompactionRetentionReplacementAndSweeps() throws Exception {
    UpkeepOptions plain = OpenLake.UPKEEP;
    UpkeepOptions keeping =
        new UpkeepOptions(
            plain.fileBytes(),
            plain.memoryBytes(),
            plain.quietDay(),
            plain.snapshotAge(),
            plain.orphanAge(),
            Optional.of(Duration.ofDays(1)),
            Optional.of(Duration.ofDays(1)));
    try (OpenLake open = open(keeping)) {
      open.appendEach(0, 8, UnaryOperator.identity());
      store(open, "plan\nfree\n");
      NamedSnapshot named = open.lake.namedSnapshots().create("shop", "train-1").orElseThrow();
      assertThat(named.rows()).isEqualTo(Map.of("bad_events", 0L, "events", 8L, "plans", 1L));
      assertThat(named.at()).isEqualTo(clock.instant());
      LakeSnapshot before = named(open, "train-1");
      store(open, "plan,price\nbig,1\n");
      assertThat(open.lake.storedTables().drop("shop", "plans"))
          .isEqualTo(new StoredTables.Dropped.Held(java.util.Set.of("train-1")));
      for (int day = 0; day < 3; day++) {
        clock.advance(Duration.ofDays(1));
        open.upkeep();
        open.append(Samples.event("shop", 100 + day, "new", Samples.NOON, Map.of("p_x", 1.0)));
        open.upkeep();
      }
      clock.advance(Duration.ofHours(1));
      open.upkeep();
      assertThat(open.read().rows()).as("all of them are old").isZero();
      LakeSnapshot after = named(open, "train-1");
      assertThat(after.events()).isEqualTo(before.events());
      assertThat(after.events().rows()).isEqualTo(8);
      assertThat(after.events().columns()).noneMatch(column -> column.name().equals("p_x"));
      assertThat(after.stored().find("plans").orElseThrow().columns()).hasSize(1);
      assertAllThere(after);
      assertThat(open.lake.namedSnapshots().list("shop")).containsExactly(named);
      assertThat(open.count("weir_lake_upkeep_failures")).isZero();

      assertThat(open.lake.namedSnapshots().delete("shop", "train-1")).isTrue();
      assertThat(open.lake.namedSnapshots().delete("shop", "train-1")).isFalse();
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      assertThat(before.events().files()).noneMatch(file -> file.path().toFile().exists());
      assertThat(open.lake.storedTables().drop("shop", "plans"))
          .isInstanceOf(StoredTables.Dropped.Gone.class);
      assertThatThrownBy(() -> named(open, "train-1"))
          .isInstanceOf(NoSnapshotException.class)
          .hasMessage("there is no snapshot train-1");
    }
  }

  @Test
  void anEmptyProjectHasSnapshotsToo() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      NamedSnapshot named = open.lake.namedSnapshots().create("shop", "zero").orElseThrow();
      assertThat(named.rows()).isEqualTo(Map.of("bad_events", 0L, "events", 0L));
      open.append(Samples.event("shop", 1));
      assertThat(open.read().rows()).isEqualTo(1);
      assertThat(open.read().loadedTotal()).isEqualTo(1);
      assertThat(named(open, "zero").events().rows()).isZero();
      assertThat(open.lake.namedSnapshots().create("shop", "zero")).isEmpty();
      assertThat(open.lake.namedSnapshots().list("nobody")).isEmpty();
      assertThatThrownBy(() -> open.lake.reader().snapshot("nobody", new AsOf.Name("zero")))
          .isInstanceOf(NoSnapshotException.class);
    }
  }

  @Test
  void timesReachBackAsFarAsSnapshotsAreKept() throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      Instant start = clock.instant();
      open.append(Samples.event("shop", 1));
      clock.advance(Duration.ofMinutes(10));
      open.append(Samples.event("shop", 2));
      clock.advance(Duration.ofMinutes(10));
      store(open, "plan\nfree\n");
      LakeReader reader = open.lake.reader();
      assertThat(rows(reader, start.plusSeconds(300))).isEqualTo(1);
      assertThat(rows(reader, start.plusSeconds(600))).isEqualTo(2);
      assertThat(rows(reader, start.minusSeconds(1))).as("nothing yet").isZero();
      assertThat(reader.snapshot("shop", new AsOf.Time(start)).stored().names()).isEmpty();
      assertThat(reader.snapshot("shop", new AsOf.Time(clock.instant())).stored().names())
          .containsExactly("plans");
      clock.advance(Duration.ofHours(2));
      open.upkeep();
      assertThatThrownBy(() -> rows(reader, start.plusSeconds(300)))
          .isInstanceOf(NoSnapshotException.class)
          .hasMessageContaining(
              "as of " + start.plusSeconds(600).truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
    }
  }

  private static long rows(LakeReader reader, Instant time) throws Exception {
    return reader.snapshot("shop", new AsOf.Time(time)).events().rows();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aCrashOnTheWayLeavesNoHalfSnapshot(int commits) throws Exception {
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      open.append(Samples.event("shop", 1));
      store(open, "plan\nfree\n");
      int[] left = {commits};
      open.catalog().beforeSwap =
          () -> {
            if (left[0]-- <= 0) {
              throw new IllegalStateException("the process ends here");
            }
          };
      assertThatThrownBy(() -> open.lake.namedSnapshots().create("shop", "half"))
          .isInstanceOf(Exception.class);
    }
    try (OpenLake open = open(OpenLake.UPKEEP)) {
      assertThat(open.lake.namedSnapshots().list("shop")).isEmpty();
      assertThatThrownBy(() -> named(open, "half")).isInstanceOf(NoSnapshotException.class);
      open.upkeep();
      assertThat(open.lake.storedTables().drop("shop", "plans"))
          .as("no tag is left on it")
          .isInstanceOf(StoredTables.Dropped.Gone.class);
      assertThat(open.lake.namedSnapshots().create("shop", "half")).isPresent();
      assertThat(named(open, "half").events().rows()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyOrderOfWorkKeepsWhatHasAName(long seed) throws Exception {
    Random random = new Random(seed);
    Map<String, LakeTable> kept = new java.util.TreeMap<>();
    int number = 0;
    OpenLake open = open(OpenLake.UPKEEP);
    try {
      for (int step = 0; step < 60; step++) {
        String at = "seed " + seed + ", step " + step;
        switch (random.nextInt(7)) {
          case 0, 1 -> open.append(Samples.event("shop", number++));
          case 2 -> open.upkeep();
          case 3 -> clock.advance(Duration.ofMinutes(random.nextInt(300)));
          case 4 -> {
            String name = "s" + step;
            open.lake.namedSnapshots().create("shop", name);
            kept.put(name, named(open, name).events());
            assertThat(kept.get(name).rows()).as(at).isEqualTo(number);
          }
          case 5 -> {
            if (!kept.isEmpty()) {
              String name = List.copyOf(kept.keySet()).get(random.nextInt(kept.size()));
              assertThat(open.lake.namedSnapshots().delete("shop", name)).as(at).isTrue();
              kept.remove(name);
            }
          }
          default -> {
            open.close();
            open = open(OpenLake.UPKEEP);
          }
        }
        for (Map.Entry<String, LakeTable> snapshot : kept.entrySet()) {
          LakeSnapshot found = named(open, snapshot.getKey());
          assertThat(found.events().files()).as(at).isEqualTo(snapshot.getValue().files());
          assertAllThere(found);
        }
      }
      assertThat(open.lake.namedSnapshots().list("shop").stream().map(NamedSnapshot::name))
          .containsExactlyElementsOf(kept.keySet());
      assertThat(open.read().rows()).isEqualTo(number);
    } finally {
      open.close();
    }
  }
}
