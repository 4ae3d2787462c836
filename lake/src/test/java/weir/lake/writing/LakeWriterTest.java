package weir.lake.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.BadEvent;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.Positions;
import weir.lake.DuckReader;
import weir.lake.LakeFile;
import weir.lake.LakeOptions;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.ListLog;
import weir.lake.ManualClock;
import weir.lake.Samples;
import weir.lake.table.WriterSupersededException;
import weir.log.PartitionedLog;
import weir.log.files.Files;

final class LakeWriterTest {
  @TempDir Path temp;

  private final ListLog log = new ListLog();
  private final ManualClock clock = new ManualClock();
  private Lake lake;
  private LakeWriter writer;
  private DuckReader duck;

  @BeforeEach
  void open() throws Exception {
    lake = openLake();
    writer = lake.writer(PartitionedLog.of(log));
    duck = new DuckReader();
  }

  @AfterEach
  void close() throws Exception {
    duck.close();
    writer.close();
    lake.close();
  }

  private Lake openLake() throws IOException {
    return Lake.open(
        temp.resolve("lake"),
        Files.system(),
        LakeOptions.DEFAULT.committedEvery(Duration.ofSeconds(1)),
        clock,
        new SimpleMeterRegistry());
  }

  private void restart() throws Exception {
    writer.close();
    lake.close();
    lake = openLake();
    writer = lake.writer(PartitionedLog.of(log));
  }

  private void readAndCommit() throws IOException {
    writer.step();
    clock.advance(Duration.ofSeconds(2));
    writer.step();
  }

  private List<String> ids(LakeTable table) throws Exception {
    return duck.column(table, "SELECT event_id FROM $table ORDER BY _raw_position");
  }

  private static List<String> idsOf(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> "id-" + n).toList();
  }

  @Test
  void committedEventsAreReadBackAsTheyWere() throws Exception {
    for (int i = 0; i < 100; i++) {
      log.add(Samples.event("shop", i));
    }
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    assertThat(events.files()).hasSize(1);
    assertThat(events.rows()).isEqualTo(100);
    assertThat(events.position()).isEqualTo(Positions.of(log.durableEnd()));
    assertThat(events.loadedTotal()).isEqualTo(100);
    assertThat(ids(events)).isEqualTo(idsOf(0, 100));
    assertThat(
            duck.rows(
                events,
                "SELECT event, actor, epoch_us(timestamp), value, is_bot, screen_width, asn,"
                    + " source, _raw_position, kind FROM $table WHERE event_id = 'id-9'"))
        .containsExactly(
            List.of(
                "name 2",
                "actor 9",
                String.valueOf(Samples.NOON + 9),
                "4.5",
                "false",
                "9",
                String.valueOf(9L << 33),
                "web",
                "0000000000000009-000003",
                "null"));
  }

  @Test
  void filesAreSortedByEventActorAndTime() throws Exception {
    for (int i = 0; i < 5000; i++) {
      log.add(Samples.event("shop", (i * 7919) % 5000));
    }
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    List<List<Object>> asStored =
        duck.rows(events, "SELECT event, actor, epoch_us(timestamp) FROM $table");
    assertThat(asStored)
        .isEqualTo(
            duck.rows(
                events,
                "SELECT event, actor, epoch_us(timestamp) FROM $table"
                    + " ORDER BY event, actor NULLS FIRST, timestamp"));
  }

  @Test
  void nothingIsCommittedBeforeItIsTime() throws Exception {
    log.add(Samples.event("shop", 1));
    writer.step();
    assertThat(lake.reader().snapshot("shop").events().files()).isEmpty();
    assertThat(writer.holdsFrom()).isEqualTo(Positions.START);
    clock.advance(Duration.ofSeconds(1));
    writer.step();
    assertThat(lake.reader().snapshot("shop").events().rows()).isEqualTo(1);
    assertThat(writer.holdsFrom()).isEqualTo(Positions.of(log.durableEnd()));
  }

  @Test
  void propertiesBecomeColumnsAsTheyCome() throws Exception {
    log.add(Samples.event("shop", 1, "a", Samples.NOON, Map.of("p_price", 1.5)));
    readAndCommit();
    log.add(Samples.event("shop", 2, "a", Samples.NOON, Map.of("p_new", true, "p_text", "ü")));
    log.add(Samples.event("shop", 3, "a", Samples.NOON, Map.of("p_price", 2.5)));
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    assertThat(
            duck.rows(
                events, "SELECT event_id, p_price, p_new, p_text FROM $table ORDER BY event_id"))
        .containsExactly(
            List.of("id-1", "1.5", "null", "null"),
            List.of("id-2", "null", "true", "ü"),
            List.of("id-3", "2.5", "null", "null"));
  }

  @Test
  void aValueOfAnotherTypeThanItsColumnGoesIntoProperties() throws Exception {
    log.add(Samples.event("shop", 1, "a", Samples.NOON, Map.of("p_price", 1.5)));
    readAndCommit();
    log.add(Samples.event("shop", 2, "a", Samples.NOON, Map.of("p_price", "che\"ap\n")));
    log.add(Samples.event("shop", 3, "a", Samples.NOON, Map.of("P_UPPER", 7.0)));
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    assertThat(
            duck.rows(
                events,
                "SELECT p_price, properties->>'p_price', properties->>'P_UPPER' FROM $table"
                    + " ORDER BY event_id"))
        .containsExactly(
            List.of("1.5", "null", "null"),
            List.of("null", "che\"ap\n", "null"),
            List.of("null", "null", "7.0"));
  }

  @Test
  void aBatchOfManyDaysHasAFileForEach() throws Exception {
    for (int i = 0; i < 180; i++) {
      log.add(Samples.event("shop", i, "a", Samples.NOON - i * Samples.DAY, Map.of()));
    }
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    assertThat(events.files()).hasSize(180);
    assertThat(events.files().stream().map(LakeFile::day).distinct()).hasSize(180);
    assertThat(ids(events)).isEqualTo(idsOf(0, 180));
  }

  @Test
  void badEventsHaveATableOfTheirOwn() throws Exception {
    log.add(Samples.bad("shop", 1));
    log.add(Samples.event("shop", 2));
    log.add(new DuplicateEvent(Samples.origin("shop", 3), "id-2"));
    log.add(new DroppedEvent(Samples.origin("shop", 4), null, "bot"));
    readAndCommit();
    LakeSnapshot shop = lake.reader().snapshot("shop");
    assertThat(ids(shop.events())).containsExactly("id-2");
    assertThat(
            duck.rows(
                shop.badEvents(),
                "SELECT event_id, event, stage, reason, payload, epoch_us(received_at) FROM"
                    + " $table"))
        .containsExactly(
            List.of(
                "id-1",
                "null",
                "validate",
                "timestamp_too_old",
                "{\"n\":1}",
                String.valueOf(Samples.NOON + 1)));
  }

  @Test
  void aPayloadThatIsNoTextIsKeptWhole() throws Exception {
    byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, (byte) 0xff};
    log.add(
        new BadEvent(
            Samples.origin("shop", 1),
            null,
            null,
            "segment",
            "decode",
            "decoder_failed",
            "it is compressed",
            gzip));
    readAndCommit();
    String payload =
        (String)
            duck.rows(lake.reader().snapshot("shop").badEvents(), "SELECT payload FROM $table")
                .getFirst()
                .getFirst();
    assertThat(payload).startsWith("data:;base64,");
    assertThat(Base64.getDecoder().decode(payload.substring(payload.indexOf(',') + 1)))
        .isEqualTo(gzip);
  }

  @Test
  void projectsAreApart() throws Exception {
    log.add(Samples.event("shop", 1));
    log.add(Samples.event("menu", 2));
    readAndCommit();
    assertThat(lake.reader().projects()).containsExactly("menu", "shop");
    assertThat(ids(lake.reader().snapshot("shop").events())).containsExactly("id-1");
    assertThat(ids(lake.reader().snapshot("menu").events())).containsExactly("id-2");
    assertThat(lake.reader().snapshot("other").events().files()).isEmpty();
  }

  @Test
  void aRestartGoesOnWhereEachTableStands() throws Exception {
    log.add(Samples.bad("shop", 0));
    readAndCommit();
    log.add(Samples.event("shop", 1));
    readAndCommit();
    log.releaseBefore(writer.holdsFrom().of(0));
    log.add(Samples.event("shop", 2));
    log.add(Samples.bad("shop", 3));
    writer.step();
    restart();
    readAndCommit();
    LakeSnapshot shop = lake.reader().snapshot("shop");
    assertThat(ids(shop.events())).containsExactly("id-1", "id-2");
    assertThat(ids(shop.badEvents())).containsExactly("id-0", "id-3");
    assertThat(lake.loadedTotal("shop", "events")).isEqualTo(2);
    assertThat(lake.loadedTotal("shop", "bad_events")).isEqualTo(2);
  }

  @Test
  void aProjectSeenButNotCommittedBeforeACrashLosesNothing() throws Exception {
    for (int i = 0; i < 3; i++) {
      log.add(Samples.event("shop", i));
    }
    writer.step();
    log.add(Samples.event("late", 9));
    clock.advance(Duration.ofMillis(999));
    writer.step();
    clock.advance(Duration.ofMillis(1));
    writer.step();
    assertThat(lake.reader().snapshot("shop").events().rows()).isEqualTo(3);
    assertThat(lake.reader().snapshot("late").events().rows()).isZero();
    log.releaseBefore(writer.holdsFrom().of(0));
    restart();
    readAndCommit();
    assertThat(ids(lake.reader().snapshot("late").events())).containsExactly("id-9");
    assertThat(ids(lake.reader().snapshot("shop").events())).isEqualTo(idsOf(0, 3));
  }

  @Test
  void anotherLogIsRefused() throws Exception {
    log.add(Samples.event("shop", 1));
    readAndCommit();
    assertThatThrownBy(() -> lake.writer(PartitionedLog.of(new ListLog())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shop.events");
  }

  @Test
  void anOlderWriterStopsWhenANewerHasCommitted() throws Exception {
    log.add(Samples.event("shop", 1));
    readAndCommit();
    LakeWriter older = writer;
    log.add(Samples.event("shop", 2));
    older.step();
    try (Lake second = openLake()) {
      writer = second.writer(PartitionedLog.of(log));
      readAndCommit();
      clock.advance(Duration.ofSeconds(5));
      assertThatThrownBy(older::step).isInstanceOf(WriterSupersededException.class);
      log.add(Samples.event("shop", 3));
      readAndCommit();
    }
    assertThat(ids(lake.reader().snapshot("shop").events())).isEqualTo(idsOf(1, 4));
  }

  @Test
  void flushCommitsWithoutWaiting() throws Exception {
    writer.start();
    for (int i = 0; i < 50; i++) {
      log.add(Samples.event("shop", i));
    }
    writer.flush().get(20, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(ids(lake.reader().snapshot("shop").events())).isEqualTo(idsOf(0, 50));
  }

  @Test
  void whatCannotBeATextInParquetStillComesBack() throws Exception {
    String odd = "a\0b\ud800c\"'\\\u2028" + "x".repeat(10_000) + "😀";
    log.add(Samples.event("shop", 1, odd, Samples.NOON, Map.of("p_it's \"q\"", odd)));
    readAndCommit();
    LakeTable events = lake.reader().snapshot("shop").events();
    String expected = odd.replace('\ud800', '?');
    assertThat(duck.rows(events, "SELECT event, \"p_it's \"\"q\"\"\" FROM $table"))
        .containsExactly(List.of(expected, expected));
  }
}
