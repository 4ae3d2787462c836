package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
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
import weir.query.RowLimit;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;

/** Queries over the lake and the tail together, while both change. */
class HotTailTest {
  private static final String PROJECT = "shop";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long NOON =
      Instant.parse("2026-03-01T12:00:00Z").getEpochSecond() * 1_000_000;

  @TempDir Path dir;

  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private EventLog log;
  private LakeReader reader;
  private Path lakeDir;
  private TailOptions tailOptions = new TailOptions(64L << 20, 50, Duration.ofMillis(20));
  private @Nullable HotTail tail;
  private @Nullable DuckDbEngine engine;
  private final AtomicInteger merges = new AtomicInteger();
  private int appended;

  @BeforeEach
  void open() throws Exception {
    lakeDir = dir.resolve("lake");
    log =
        keep(
            EmbeddedLog.writer(
                Files.system(),
                dir.resolve("clean"),
                new LogOptions(16 << 10, 1 << 30, 0, 1 << 20),
                InstantSource.system()));
    reader = keep(LakeReader.open(lakeDir));
    start();
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.add(part);
    return part;
  }

  /** Starts what the query process has; it sees the log as another process does. */
  private void start() throws Exception {
    Path spill = java.nio.file.Files.createDirectories(dir.resolve("spill"));
    EventLog followed = keep(EmbeddedLog.reader(Files.readOnly(), dir.resolve("clean")));
    HotTail started =
        HotTail.start(
            PartitionedLog.of(followed),
            LakeState.of(reader),
            tailOptions,
            System::nanoTime,
            new SimpleMeterRegistry());
    tail = started;
    DuckDbEngine running =
        new DuckDbEngine(
            new DuckDbOptions(spill, 256L << 20, 1L << 30, 2, 2),
            LakeSource.of(reader, lakeDir),
            started,
            List.of());
    started.onDrop(running::dropUnusedTail);
    engine = running;
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

  private LakeOptions lakeOptions(Duration interval) {
    LakeOptions usual = LakeOptions.DEFAULT;
    return new LakeOptions(
        200,
        interval,
        interval,
        usual.pendingBytes(),
        usual.heldLogBytes(),
        usual.engineMemoryBytes(),
        usual.engineThreads(),
        usual.upkeep());
  }

  private Lake lake(Duration commitInterval) throws Exception {
    return Lake.open(
        lakeDir,
        Files.system(),
        lakeOptions(commitInterval),
        InstantSource.system(),
        new SimpleMeterRegistry());
  }

  private Origin origin(int number) {
    return new Origin(PROJECT, "web", NOON + number, NOON + number, new RawPosition(number, 0));
  }

  /** Event number n says so, and has a property column that no event 40 numbers earlier had. */
  private CleanEvent event(int number) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, number % 3 == 0 ? "Product Viewed" : "Purchase")
        .set(EventColumn.EVENT_ID, "id-" + number)
        .set(EventColumn.TIMESTAMP, NOON + number)
        .set(EventColumn.ACTOR, "u" + number % 7)
        .properties(
            Map.of("p_number", (double) number, "p_late_" + number / 40, "x", "p_plan", "free"))
        .build(origin(number));
  }

  private void append(int count) throws Exception {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(codec.encode(event(++appended)));
    }
    log.append(frames);
  }

  private List<@Nullable Object> row(String sql) throws QueryException {
    return row(Access.to(PROJECT), sql);
  }

  private List<@Nullable Object> row(Access access, String sql) throws QueryException {
    DuckDbEngine running = java.util.Objects.requireNonNull(engine);
    return TestEngine.on(
        running,
        () -> {
          try (QueryRows rows =
              running.run(new Query(access, sql, List.of()), TestEngine.deadline())) {
            assertThat(rows.next()).isTrue();
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 0; i < rows.columns().size(); i++) {
              row.add(rows.value(i));
            }
            return row;
          }
        });
  }

  private long number(String sql) throws QueryException {
    return ((Number) java.util.Objects.requireNonNull(row(sql).getFirst())).longValue();
  }

  @Test
  void anEventIsThereBeforeTheLakeHasIt() throws Exception {
    append(5);
    await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 5);
    assertThat(row("select count(*), max(number), min(late_0) from purchase"))
        .containsExactly(4L, 5.0, "x");
    assertThat(row("select event_id, source, received_at from events order by timestamp desc"))
        .containsExactly("id-5", "web", Instant.parse("2026-03-01T12:00:00.000005Z"));
    CleanRecord bad =
        new BadEvent(
            origin(6),
            "id-6",
            null,
            "segment",
            "validate",
            "too_old",
            "it is too old",
            "{}".getBytes(StandardCharsets.UTF_8));
    log.append(List.of(codec.encode(bad)));
    await().atMost(PATIENCE).until(() -> number("select count(*) from bad_events") == 1);
    assertThat(row("select reason, payload, event_id from bad_events"))
        .containsExactly("too_old", "{}", "id-6");
    assertThat(number("select count(*) from events")).isEqualTo(5);
  }

  /** The sessions of seven actors whose events come in turn: a gap of 31 minutes parts them. */
  @Test
  void sessionsEndAfterHalfAnHourWithoutAnEvent() throws Exception {
    append(14);
    List<byte[]> later = new ArrayList<>();
    long halfAnHour = TimeUnit.MINUTES.toMicros(30);
    for (long minutes : new long[] {0, 30, 61, 62}) {
      later.add(
          codec.encode(
              CleanEvent.builder()
                  .set(EventColumn.EVENT, minutes == 61 ? "Back" : "Purchase")
                  .set(EventColumn.EVENT_ID, "late-" + minutes)
                  .set(EventColumn.TIMESTAMP, NOON + 1 + TimeUnit.MINUTES.toMicros(minutes))
                  .set(EventColumn.ACTOR, "guest")
                  .build(origin(15 + (int) minutes))));
    }
    log.append(later);
    await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 18);
    assertThat(number("select count(*) from sessions")).isEqualTo(9);
    assertThat(
            row(
                "select events, duration_seconds, first_event, started_at from sessions"
                    + " where actor = 'guest' and session = 2"))
        .containsExactly(2L, 60.0, "Back", Instant.parse("2026-03-01T13:01:00.000001Z"));
    assertThat(number("select max(duration_seconds) * 1000000 from sessions where session = 1"))
        .isEqualTo(halfAnHour);
  }

  @Test
  void columnsThatOnlyTheTailOrOnlyTheLakeHasAreThere() throws Exception {
    append(40);
    try (Lake lake = lake(Duration.ofHours(1));
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      writer.flush().get(1, TimeUnit.MINUTES);
      append(40);
      await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 80);
      assertThat(row("select count(late_0), count(late_1), count(late_2), count(*) from purchase"))
          .containsExactly(26L, 27L, 1L, 54L);
      assertThat(row("select count(p_late_0), count(p_late_1), count(p_late_2) from events"))
          .containsExactly(39L, 40L, 1L);
    }
  }

  /** Whoever sees that somebody was identified sees all that he did before as his, at any time. */
  @Test
  void aMergeIsSeenTogetherWithTheEventThatMadeIt() throws Exception {
    int persons = 150;
    String wrong =
        "select count(*) from events e join events i on i.kind = 'identify'"
            + " and i.anonymous_id = e.anonymous_id where e.person_id <> i.user_id";
    String known = "select count(*) from events where kind = 'identify'";
    try (Lake lake = lake(Duration.ofMillis(50));
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      Thread sender =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (int i = 0; i < persons; i++) {
                  visitAndIdentify(i);
                }
              });
      while (number(known) < persons) {
        assertThat(number(wrong)).isZero();
      }
      sender.join();
      assertThat(number(wrong)).isZero();
      assertThat(number("select count(distinct person_id) from events")).isEqualTo(persons);
      stop();
      start();
      await().atMost(PATIENCE).until(() -> number(known) == persons);
      assertThat(number(wrong)).isZero();
      assertThat(number("select count(*) from identities")).isEqualTo(persons);
    }
  }

  private void visitAndIdentify(int person) {
    CleanEvent.Builder visit =
        CleanEvent.builder()
            .set(EventColumn.EVENT, "Visited")
            .set(EventColumn.EVENT_ID, "visit-" + person)
            .set(EventColumn.TIMESTAMP, NOON)
            .set(EventColumn.ANONYMOUS_ID, "a" + person)
            .set(EventColumn.ACTOR, "a" + person);
    CleanEvent.Builder identify =
        CleanEvent.builder()
            .set(EventColumn.EVENT, "identified")
            .set(EventColumn.KIND, "identify")
            .set(EventColumn.EVENT_ID, "identify-" + person)
            .set(EventColumn.TIMESTAMP, NOON + 1)
            .set(EventColumn.ANONYMOUS_ID, "a" + person)
            .set(EventColumn.USER_ID, "u" + person)
            .set(EventColumn.ACTOR, "u" + person);
    try {
      log.append(List.of(codec.encode(visit.build(origin(2 * person)))));
      log.append(List.of(codec.encode(identify.build(origin(2 * person + 1)))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void memoryIsGivenBackOnceTheLakeHasIt() throws Exception {
    append(500);
    await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 500);
    HotTail following = java.util.Objects.requireNonNull(tail);
    assertThat(following.bytes()).isPositive();
    try (Lake lake = lake(Duration.ofHours(1));
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      writer.flush().get(1, TimeUnit.MINUTES);
      await().atMost(PATIENCE).until(() -> following.bytes() == 0);
      assertThat(number("select count(*) from events")).isEqualTo(500);
    }
  }

  @Test
  void aFullTailWaitsForTheLakeAndMissesNothing() throws Exception {
    stop();
    tailOptions = new TailOptions(100_000, 50, Duration.ofMillis(20));
    start();
    append(3_000);
    await().atMost(PATIENCE).until(() -> java.util.Objects.requireNonNull(tail).bytes() > 100_000);
    assertThat(number("select count(*) from events")).isLessThan(3_000);
    try (Lake lake = lake(Duration.ZERO);
        LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
      writer.start();
      await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 3_000);
      append(10);
      await().atMost(PATIENCE).until(() -> number("select count(*) from events") == 3_010);
    }
  }

  /**
   * At every moment a query sees the first so many events: none is missing, none there twice. So
   * does a limited key that may see them all, while files are committed and merged.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyQuerySeesABeginningOfTheLog(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    AtomicInteger most = new AtomicInteger();
    int total = 4_000;
    for (int part = 0; part < 4; part++) {
      Duration interval = Duration.ofMillis(random.nextInt(300));
      tailOptions = tailOptions.keeping(Duration.ofMillis(part * random.nextInt(700)));
      stop();
      start();
      try (Lake lake = lake(interval);
          LakeWriter writer = lake.writer(PartitionedLog.of(log))) {
        writer.start();
        int upTo = total * (part + 1) / 4;
        CompletableFuture<Void> load =
            CompletableFuture.runAsync(() -> load(lake, writer, random.split(), upTo));
        while (!load.isDone() || most.get() < upTo) {
          look(most);
          if (random.nextInt(40) == 0) {
            stop();
            start();
            await().atMost(PATIENCE).until(() -> look() >= most.get());
          }
        }
        load.join();
      }
    }
    assertThat(most.get()).isEqualTo(total);
    assertThat(appended).isEqualTo(total);
    assertThat(merges.get()).isPositive();
  }

  private void load(Lake lake, LakeWriter writer, SplittableRandom random, int upTo) {
    try {
      while (appended < upTo) {
        append(Math.min(upTo - appended, 1 + random.nextInt(20)));
        if (random.nextInt(10) == 0) {
          log.releaseBefore(writer.holdsFrom().of(0));
        }
        if (random.nextInt(10) == 0 && lake.upkeep().step()) {
          merges.incrementAndGet();
        }
        java.util.concurrent.locks.LockSupport.parkNanos(random.nextInt(5_000_000));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void look(AtomicInteger most) throws QueryException {
    int seen = look();
    assertThat(seen).isGreaterThanOrEqualTo(most.get());
    if (seen % 5 == 0) {
      int limited = look(Access.to(PROJECT).limitedTo(new RowLimit("plan", "free")));
      assertThat(limited).isGreaterThanOrEqualTo(seen);
      seen = limited;
    }
    most.set(seen);
  }

  private int look() throws QueryException {
    return look(Access.to(PROJECT));
  }

  private int look(Access access) throws QueryException {
    List<@Nullable Object> seen =
        row(
            access,
            "select count(*), count(distinct event_id), coalesce(max(p_number), 0)::bigint"
                + " from events where event is not null");
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
    assertThat(seen.get(2)).isEqualTo(seen.get(0));
    return ((Long) java.util.Objects.requireNonNull(seen.get(0))).intValue();
  }
}
