package weir.query.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.lake.LakeFile;
import weir.lake.LakeOptions;
import weir.lake.LakeTable;
import weir.lake.UpkeepOptions;
import weir.lake.reading.LakeReader;
import weir.lake.sidecar.Sidecar;
import weir.lake.sidecar.SidecarMaker;
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
import weir.query.duckdb.DuckDbEngine;
import weir.query.duckdb.DuckDbOptions;
import weir.query.duckdb.TestEngine;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;
import weir.query.insight.Insights;
import weir.testkit.Rounds;

/**
 * Questions that are asked again and again while events come, actors are merged and parted, files
 * are committed and merged, and the engine starts anew: the answer from what is kept is always that
 * of a statement over all events.
 */
final class KeptEventsTest {
  private static final String PROJECT = "shop";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Shortly before another month begins. */
  private static final Instant START = Instant.parse("2026-02-28T20:00:00Z");

  private static final InstantSource NOW = InstantSource.fixed(START.plus(Duration.ofDays(1)));
  private static final int ROUNDS = Rounds.of(30, 60);
  private static final List<String> NAMES = List.of("Viewed", "Added", "Bought", "Left");

  /** Numbers that are none, or not sent as such. */
  private static final List<String> OTHERS =
      List.of(
          "{\"number\":\"7\"}",
          "{\"number\":\"many\"}",
          "{\"number\":true}",
          "{\"number\":[30]}",
          "{\"numbers\":30}");

  @TempDir Path dir;

  private long memory = 16L << 20;
  private RowDisk disk = RowDisk.NONE;
  private boolean wasOnDisk;

  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable HotTail tail;
  private @Nullable DuckDbEngine engine;
  private @Nullable KeptEvents kept;
  private @Nullable Insights keptInsights;
  private SplittableRandom random = new SplittableRandom();
  private int sent;
  private long besides;
  private long nanos;

  @AfterEach
  void close() throws Exception {
    stop();
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.add(part);
    return part;
  }

  private void start(LakeReader reader) throws Exception {
    Path spill = java.nio.file.Files.createDirectories(dir.resolve("spill"));
    EventLog followed = keep(EmbeddedLog.reader(Files.readOnly(), dir.resolve("clean")));
    HotTail following =
        HotTail.start(
            PartitionedLog.of(followed),
            LakeState.of(reader),
            new TailOptions(64L << 20, 30, Duration.ofMillis(5)),
            System::nanoTime,
            new SimpleMeterRegistry());
    DuckDbEngine running =
        new DuckDbEngine(
            new DuckDbOptions(spill, 256L << 20, 1L << 30, 2, 2),
            LakeSource.of(reader, dir.resolve("lake")),
            following,
            List.of());
    following.onDrop(running::dropUnusedTail);
    tail = following;
    engine = running;
    KeptEvents keeping = new KeptEvents(running.events(), memory, disk, 8, () -> nanos);
    kept = keeping;
    keptInsights = new Insights(running, NOW, Optional.of(keeping));
  }

  private void stop() {
    if (kept != null) {
      besides += kept.filesBeside();
    }
    if (tail != null) {
      tail.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whatIsKeptAnswersAsAllEventsDo(long seed) throws Exception {
    compareWhileEventsChange(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void whatHasNoRoomInMemoryAnswersAsWell(long seed) throws Exception {
    memory = 200_000;
    disk = new RowDisk(dir, 1L << 30, 1, () -> nanos);
    compareWhileEventsChange(seed);
    assertThat(wasOnDisk).isTrue();
  }

  private void compareWhileEventsChange(long seed) throws Exception {
    random = new SplittableRandom(seed);
    EventLog log =
        keep(
            EmbeddedLog.writer(
                Files.system(),
                dir.resolve("clean"),
                new LogOptions(64 << 10, 1 << 30, 0, 1 << 20),
                InstantSource.system()));
    LakeReader reader = keep(LakeReader.open(dir.resolve("lake")));
    Lake lake =
        keep(
            Lake.open(
                dir.resolve("lake"),
                Files.system(),
                options(),
                InstantSource.system(),
                new SimpleMeterRegistry()));
    LakeWriter writer = keep(lake.writer(PartitionedLog.of(log)));
    writer.start();
    start(reader);
    long counted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String done = change(log, lake, writer, reader);
      await().atMost(Duration.ofMinutes(1)).until(() -> events() == sent);
      for (int i = random.nextInt(3); i >= 0; i--) {
        String[] question = KeptQuestions.ALL.get(random.nextInt(KeptQuestions.ALL.size()));
        compare("seed " + seed + " round " + round + " after " + done, question);
        counted++;
        wasOnDisk |= disk.bytes() > 0;
      }
      if (done.equals("restart")) {
        counted = 0;
      }
    }
    assertThat(Objects.requireNonNull(kept).counted()).isGreaterThan(counted / 2);
    assertThat(besides + kept.filesBeside()).isPositive();
  }

  /** Does something to the events or their files. */
  private String change(EventLog log, Lake lake, LakeWriter writer, LakeReader reader)
      throws Exception {
    nanos += random.nextInt(3) * 100_000_000_000L;
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> {
        writer.flush().get(1, TimeUnit.MINUTES);
        return "commit";
      }
      case 3 -> {
        writer.flush().get(1, TimeUnit.MINUTES);
        while (lake.upkeep().step()) {
          nanos++;
        }
        return "merged files";
      }
      case 4 -> {
        if (random.nextBoolean()) {
          stop();
          start(reader);
          return "restart";
        }
        return "nothing";
      }
      case 5, 6 -> {
        return changeSidecar(reader);
      }
      default -> {
        List<byte[]> frames = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
          frames.add(codec.encode(event()));
        }
        log.append(frames);
        return "events";
      }
    }
  }

  /** Loses, damages, swaps or makes sidecars of files that are there. */
  private String changeSidecar(LakeReader reader) throws Exception {
    LakeTable table = reader.snapshot(PROJECT).events();
    List<LakeFile> files = table.files();
    if (files.isEmpty()) {
      return "nothing";
    }
    Path one = Sidecar.of(files.get(random.nextInt(files.size())).path());
    Path other = Sidecar.of(files.get(random.nextInt(files.size())).path());
    switch (random.nextInt(6)) {
      case 0 -> java.nio.file.Files.deleteIfExists(one);
      case 1 -> {
        if (java.nio.file.Files.exists(one)) {
          byte[] bytes = java.nio.file.Files.readAllBytes(one);
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          java.nio.file.Files.write(one, bytes);
        }
      }
      case 2 -> {
        if (java.nio.file.Files.exists(one) && !one.equals(other)) {
          java.nio.file.Files.copy(one, other, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      default -> {
        try (SidecarMaker maker = new SidecarMaker(Files.system())) {
          for (LakeFile file : files) {
            maker.make(file, table.columns());
          }
        }
      }
    }
    return "changed sidecars";
  }

  private static LakeOptions options() {
    UpkeepOptions upkeep = UpkeepOptions.DEFAULT;
    LakeOptions usual = LakeOptions.DEFAULT;
    return new LakeOptions(
        100_000,
        Duration.ofHours(1),
        Duration.ofHours(1),
        usual.pendingBytes(),
        usual.heldLogBytes(),
        usual.engineMemoryBytes(),
        usual.engineThreads(),
        new UpkeepOptions(
            upkeep.fileBytes(),
            upkeep.memoryBytes(),
            Duration.ZERO,
            upkeep.snapshotAge(),
            upkeep.orphanAge(),
            upkeep.keepEvents(),
            upkeep.keepBadEvents()));
  }

  /** An event of one of a few visitors, or that one is a user, or an own person again. */
  private CleanEvent event() {
    int number = ++sent;
    int visitor = random.nextInt(12);
    long at = START.plusSeconds(600L * random.nextInt(60)).getEpochSecond() * 1_000_000;
    CleanEvent.Builder event =
        CleanEvent.builder()
            .set(EventColumn.EVENT_ID, "id-" + number)
            .set(EventColumn.TIMESTAMP, at);
    switch (random.nextInt(25)) {
      case 0 ->
          event
              .set(EventColumn.EVENT, "identified")
              .set(EventColumn.KIND, "identify")
              .set(EventColumn.ANONYMOUS_ID, "a" + visitor)
              .set(EventColumn.USER_ID, "u" + random.nextInt(4))
              .set(EventColumn.ACTOR, "u" + random.nextInt(4));
      case 1 ->
          event
              .set(EventColumn.EVENT, "aliased")
              .set(EventColumn.KIND, random.nextInt(4) == 0 ? "alias" : "other")
              .set(EventColumn.USER_ID, "a" + visitor)
              .set(EventColumn.ACTOR, "a" + visitor)
              .properties(Map.of("p_previous_id", "a" + visitor));
      default -> {
        String color = "color " + at / 600_000_000 % 5;
        event.set(EventColumn.EVENT, NAMES.get(random.nextInt(NAMES.size())));
        if (random.nextInt(6) > 0) {
          event.properties(Map.of("p_color", color, "p_number", (double) random.nextInt(40)));
        } else {
          event
              .properties(Map.of("p_color", color))
              .set(EventColumn.PROPERTIES, OTHERS.get(random.nextInt(OTHERS.size())));
        }
        if (random.nextInt(20) > 0) {
          event.set(
              EventColumn.ACTOR, random.nextInt(3) == 0 ? "u" + random.nextInt(4) : "a" + visitor);
        }
      }
    }
    return event.build(new Origin(PROJECT, "web", at, at, new RawPosition(number, 0)));
  }

  private long events() throws QueryException {
    DuckDbEngine running = Objects.requireNonNull(engine);
    return TestEngine.on(
        running,
        () -> {
          try (QueryRows rows =
              running.run(
                  new Query(Access.to(PROJECT), "select count(*) from events", List.of()),
                  TestEngine.deadline())) {
            rows.next();
            return ((Number) Objects.requireNonNull(rows.value(0))).longValue();
          }
        });
  }

  private void compare(String when, String[] question) throws Exception {
    ObjectNode body = (ObjectNode) JSON.readTree(question[1]);
    if (random.nextBoolean()) {
      Instant from = START.plusSeconds(600L * random.nextInt(30));
      body.put("from", from.toString());
      body.put("to", from.plusSeconds(600L * (1 + random.nextInt(40))).toString());
    }
    DuckDbEngine running = Objects.requireNonNull(engine);
    ObjectNode expected = ask(new Insights(running, NOW), question[0], body);
    Insights asked = Objects.requireNonNull(keptInsights);
    ask(asked, question[0], body); // some are kept only when they are asked again
    ObjectNode found = ask(asked, question[0], body);
    assertThat(found).as("%s: %s %s", when, question[0], body).isEqualTo(expected);
  }

  private ObjectNode ask(Insights insights, String kind, ObjectNode body) throws Exception {
    byte[] answer =
        TestEngine.on(
            Objects.requireNonNull(engine),
            () ->
                insights.answer(
                    kind,
                    Access.to(PROJECT),
                    body.toString().getBytes(StandardCharsets.UTF_8),
                    TestEngine.deadline()));
    ObjectNode json = (ObjectNode) JSON.readTree(answer);
    json.remove("stats");
    return json;
  }
}
