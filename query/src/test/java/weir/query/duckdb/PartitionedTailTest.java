package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.lake.LakeOptions;
import weir.lake.reading.LakeReader;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;
import weir.query.Access;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;

/** Lake and tail over a clean log of several partitions, which are written as they come. */
class PartitionedTailTest {
  private static final int PARTITIONS = 3;
  private static final String PROJECT = "shop";
  private static final long NOON =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path dir;

  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<EventLog> partitions = new ArrayList<>();
  private final int[] appended = new int[PARTITIONS];
  private @Nullable HotTail tail;
  private @Nullable DuckDbEngine engine;

  private <T extends AutoCloseable> T keep(T part) {
    opened.add(part);
    return part;
  }

  private Path folder(int partition) {
    return dir.resolve("clean-" + partition);
  }

  @AfterEach
  void close() throws Exception {
    stop();
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private void stop() {
    if (tail != null) {
      tail.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  private void start(LakeReader lake) throws Exception {
    Path spill = java.nio.file.Files.createDirectories(dir.resolve("spill"));
    List<EventLog> followed = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      followed.add(keep(EmbeddedLog.reader(Files.readOnly(), folder(i), i)));
    }
    HotTail started =
        HotTail.start(
            PartitionedLog.of(followed),
            LakeState.of(lake),
            new TailOptions(64L << 20, 50, Duration.ofMillis(20)),
            System::nanoTime,
            new SimpleMeterRegistry());
    tail = started;
    DuckDbEngine running =
        new DuckDbEngine(
            new DuckDbOptions(spill, 256L << 20, 1L << 30, 2, 2),
            LakeSource.of(lake, dir.resolve("lake")),
            started,
            List.of());
    started.onDrop(running::dropUnusedTail);
    engine = running;
  }

  /**
   * At every moment a query sees of each partition the first so many events: none is missing, none
   * there twice, and none that was seen is gone; while partitions are loaded at their own pace,
   * files merged and logs released, and after a new start.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyQuerySeesABeginningOfEachPartition(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < PARTITIONS; i++) {
      LogOptions options = new LogOptions(16 << 10, 1 << 30, 0, 1 << 20);
      partitions.add(
          keep(EmbeddedLog.writer(Files.system(), folder(i), i, options, InstantSource.system())));
    }
    PartitionedLog log = PartitionedLog.of(partitions);
    LakeReader reader = keep(LakeReader.open(dir.resolve("lake")));
    Map<String, Long> seen = new TreeMap<>();
    start(reader);
    for (int part = 0; part < 3; part++) {
      try (Lake lake = lake(Duration.ofMillis(random.nextInt(300)));
          LakeWriter writer = lake.writer(log)) {
        writer.start();
        SplittableRandom own = random.split();
        CompletableFuture<Void> load =
            CompletableFuture.runAsync(() -> load(lake, writer, log, own));
        while (!load.isDone()) {
          look(seen);
          if (random.nextInt(40) == 0) {
            restart(reader, seen);
          }
        }
        load.join();
        awaitEverything(seen);
      }
      restart(reader, seen);
    }
  }

  private void restart(LakeReader reader, Map<String, Long> seen) throws Exception {
    stop();
    start(reader);
    Objects.requireNonNull(tail).caughtUp().join();
    look(seen);
  }

  private void awaitEverything(Map<String, Long> seen) throws QueryException {
    long all = 0;
    for (int each : appended) {
      all += each;
    }
    while (seen.values().stream().mapToLong(Long::longValue).sum() < all) {
      look(seen);
    }
  }

  private Lake lake(Duration interval) throws Exception {
    LakeOptions usual = LakeOptions.DEFAULT;
    LakeOptions options =
        new LakeOptions(
            200,
            interval,
            interval,
            usual.pendingBytes(),
            usual.heldLogBytes(),
            usual.engineMemoryBytes(),
            usual.engineThreads(),
            usual.upkeep());
    return Lake.open(
        dir.resolve("lake"),
        Files.system(),
        options,
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private void load(Lake lake, LakeWriter writer, PartitionedLog log, SplittableRandom random) {
    try {
      for (int i = 0; i < 150; i++) {
        append(random.nextInt(PARTITIONS), 1 + random.nextInt(20));
        if (random.nextInt(10) == 0) {
          log.releaseBefore(writer.holdsFrom());
        }
        if (random.nextInt(10) == 0) {
          lake.upkeep().step();
        }
        LockSupport.parkNanos(random.nextInt(5_000_000));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void append(int partition, int count) throws Exception {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = ++appended[partition];
      RawPosition raw = new RawPosition(partition, new Position(number), 0);
      frames.add(
          codec.encode(
              CleanEvent.builder()
                  .set(EventColumn.EVENT, "Purchase")
                  .set(EventColumn.EVENT_ID, partition + "-" + number)
                  .set(EventColumn.TIMESTAMP, NOON + number)
                  .set(EventColumn.ACTOR, "u" + number % 7)
                  .build(new Origin(PROJECT, "web", NOON + number, NOON + number, raw))));
    }
    partitions.get(partition).append(frames);
  }

  private void look(Map<String, Long> seen) throws QueryException {
    DuckDbEngine running = Objects.requireNonNull(engine);
    String sql =
        "select split_part(event_id, '-', 1), count(*), count(distinct event_id),"
            + " max(split_part(event_id, '-', 2)::bigint) from events group by all";
    Map<String, Long> now =
        TestEngine.on(
            running,
            () -> {
              Map<String, Long> counts = new TreeMap<>();
              try (QueryRows rows =
                  running.run(
                      new Query(Access.to(PROJECT), sql, List.of()), TestEngine.deadline())) {
                while (rows.next()) {
                  String partition = Objects.requireNonNull((String) rows.value(0));
                  assertThat(rows.value(2))
                      .as("distinct of %s", partition)
                      .isEqualTo(rows.value(1));
                  assertThat(rows.value(3)).as("last of %s", partition).isEqualTo(rows.value(1));
                  counts.put(partition, (Long) Objects.requireNonNull(rows.value(1)));
                }
              }
              return counts;
            });
    seen.forEach((partition, count) ->
        assertThat(now.getOrDefault(partition, 0L)).isGreaterThanOrEqualTo(count));
    seen.putAll(now);
  }
}
