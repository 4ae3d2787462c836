package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.lake.DuckReader;
import weir.lake.FaultyFiles;
import weir.lake.LakeOptions;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.Samples;
import weir.lake.UpkeepOptions;
import weir.lake.reading.LakeReader;
import weir.log.PartitionedLog;
import weir.log.files.Files;

/**
 * Random batches, failing disks, restarts and zombies against a list: in the end each table holds
 * what the log held for it, once, though the log was released as early as allowed.
 */
final class LakeModelProperty {
  private static final LakeOptions OPTIONS =
      Samples.options(8, Duration.ofSeconds(1), mergedAtOnce());

  private static UpkeepOptions mergedAtOnce() {
    UpkeepOptions plain = UpkeepOptions.DEFAULT;
    return new UpkeepOptions(
        plain.fileBytes(),
        plain.memoryBytes(),
        Duration.ZERO,
        Duration.ZERO,
        plain.orphanAge(),
        plain.keepEvents(),
        plain.keepBadEvents());
  }

  private static final int ACTIONS = 30;

  private final ManualClock clock = new ManualClock();
  private List<ListLog> partitions = List.of();
  private PartitionedLog log = PartitionedLog.of(new ListLog());
  private final Map<String, List<String>> model = new HashMap<>();
  private @Nullable Lake lake;
  private @Nullable LakeWriter writer;
  private int number;

  private void partition(int count) {
    partitions = IntStream.range(0, count).mapToObj(ListLog::new).toList();
    log = PartitionedLog.of(List.copyOf(partitions));
  }

  @Property(tries = 16, shrinking = ShrinkingMode.OFF)
  void tablesHoldWhatTheLogHeldOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int partitions) throws Exception {
    LakeModelProperty fresh = new LakeModelProperty();
    fresh.partition(partitions);
    Path dir = MemoryTempDir.create();
    try {
      fresh.run(dir.resolve("lake"), new Random(seed));
    } finally {
      fresh.stop();
      delete(dir);
    }
  }

  private void run(Path dir, Random random) throws Exception {
    for (int i = 0; i < ACTIONS; i++) {
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> append(random);
        case 3 -> clock.advance(Duration.ofMillis(random.nextInt(1500)));
        case 4 -> upkeep();
        case 5 -> restart(dir, new FaultyFiles(1 + random.nextInt(60), random.nextBoolean()));
        default -> step(dir);
      }
    }
    restart(dir, Files.system());
    while (!log.earliest().covers(log.durableEnd())) {
      step(dir);
      clock.advance(Duration.ofSeconds(2));
    }
    check(dir);
  }

  private void append(Random random) {
    for (int n = random.nextInt(6); n >= 0; n--) {
      String project = random.nextInt(4) == 0 ? "menu" : "shop";
      CleanRecord record =
          random.nextInt(5) == 0
              ? Samples.bad(project, number)
              : Samples.event(
                  project,
                  number,
                  "name " + random.nextInt(3),
                  Samples.NOON - random.nextInt(3) * Samples.DAY,
                  random.nextBoolean()
                      ? Map.of("p_" + random.nextInt(5), (double) number)
                      : Map.of());
      partitions.get(random.nextInt(partitions.size())).add(record);
      String table =
          switch (record) {
            case CleanEvent ignored -> project + ".events";
            case BadEvent ignored -> project + ".bad_events";
            default -> throw new IllegalStateException("no table has " + record);
          };
      model.computeIfAbsent(table, ignored -> new ArrayList<>()).add("id-" + number++);
    }
  }

  private void restart(Path dir, Files files) throws IOException {
    stop();
    try {
      Lake opened = Lake.open(dir, files, OPTIONS, clock, new SimpleMeterRegistry());
      lake = opened;
      writer = opened.writer(log);
    } catch (IOException e) {
      stop();
    }
  }

  private void step(Path dir) throws IOException {
    LakeWriter stepping = writer;
    if (stepping == null) {
      restart(dir, Files.system());
      return;
    }
    try {
      stepping.step();
    } catch (IOException e) {
      assertThat(e).hasStackTraceContaining("fault at operation");
    }
    log.releaseBefore(stepping.holdsFrom());
  }

  private void upkeep() {
    if (lake != null) {
      lake.upkeep().step();
    }
  }

  private void stop() throws IOException {
    if (writer != null) {
      writer.close();
    }
    if (lake != null) {
      lake.close();
    }
    writer = null;
    lake = null;
  }

  private void check(Path dir) throws Exception {
    try (LakeReader reader = LakeReader.open(dir);
        DuckReader duck = new DuckReader()) {
      for (String project : List.of("menu", "shop")) {
        LakeSnapshot snapshot = reader.snapshot(project);
        check(duck, project + ".events", snapshot.events());
        check(duck, project + ".bad_events", snapshot.badEvents());
      }
    }
  }

  private void check(DuckReader duck, String name, LakeTable table) throws Exception {
    List<String> expected = model.getOrDefault(name, List.of());
    assertThat(duck.column(table, "SELECT event_id FROM $table ORDER BY _raw_position"))
        .as(name)
        .isEqualTo(expected);
    assertThat(table.loadedTotal()).isEqualTo(expected.size());
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> all = java.nio.file.Files.walk(dir)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.delete(path);
      }
    }
  }
}
