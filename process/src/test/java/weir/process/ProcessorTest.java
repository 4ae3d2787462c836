package weir.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoded;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.SegmentDecoder;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.EventTime;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.MemoryLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.files.FileHandle;

class ProcessorTest {
  private static final long AT = Rig.RECEIVED;

  @TempDir Path directory;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(directory);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private static Decoded.Event event(String id) {
    return FakeProtocol.event(id, Map.of());
  }

  @Test
  void segmentBatchBecomesCleanEventsWithTypedProperties() throws Exception {
    rig.decoders = List.of(new SegmentDecoder());
    String body =
        """
        {"batch":[
          {"type":"track","event":"Order Completed","messageId":"m-1","userId":"u-1",
           "properties":{"priceUSD":9.5,"gift":true,"items":[1,2],"note":"hi"}},
          {"type":"track","event":"Order Completed","messageId":"m-1","userId":"u-1"},
          {"type":"track","messageId":"m-2","userId":"u-1"}]}\
        """;
    rig.send(
        new RawRequest(
            new UUID(1, 2),
            "segment",
            "shop",
            "web",
            "k",
            "127.0.0.1",
            AT,
            "/v1/batch",
            "",
            3,
            List.of(new Header("content-type", "application/json")),
            body.getBytes(StandardCharsets.UTF_8)));

    List<CleanRecord> records = rig.process();

    assertThat(records).hasSize(3);
    CleanEvent event = (CleanEvent) records.get(0);
    assertThat(event.event()).isEqualTo("Order Completed");
    assertThat(event.get(EventColumn.ACTOR)).isEqualTo("u-1");
    assertThat(event.timestamp()).isEqualTo(AT);
    assertThat(event.properties())
        .isEqualTo(Map.of("p_price_usd", 9.5, "p_gift", true, "p_note", "hi"));
    assertThat(event.get(EventColumn.PROPERTIES)).isEqualTo("{\"items\":[1,2]}");
    assertThat(records.get(1)).isInstanceOf(DuplicateEvent.class);
    assertThat(((BadEvent) records.get(2)).stage()).isEqualTo("collect");
    assertThat(records)
        .extracting(record -> record.origin().rawPosition())
        .containsExactly(new RawPosition(0, 0), new RawPosition(0, 1), new RawPosition(0, 2));
  }

  @Test
  void actorIsTheAnonymousIdWithoutAUser() throws Exception {
    rig.send(rig.protocol.request("shop", "web", AT, event("a")));
    assertThat(((CleanEvent) rig.process().getFirst()).get(EventColumn.ACTOR)).isEqualTo("someone");
  }

  @Test
  void anIdThatMeansNobodyIsNobody() throws Exception {
    Decoded.Event visitor = event("a");
    visitor.columns().put(EventColumn.USER_ID, "undefined");
    Decoded.Event alone = event("b");
    alone.columns().put(EventColumn.USER_ID, "null");
    alone.columns().remove(EventColumn.ANONYMOUS_ID);
    rig.send(rig.protocol.request("shop", "web", AT, visitor, alone));
    List<CleanRecord> records = rig.process();
    CleanEvent first = (CleanEvent) records.get(0);
    assertThat(first.get(EventColumn.ACTOR)).isEqualTo("someone");
    assertThat(first.get(EventColumn.USER_ID)).isEqualTo("undefined");
    assertThat(((CleanEvent) records.get(1)).get(EventColumn.ACTOR)).isEqualTo("null");
  }

  @Test
  void statedAddressesAreKeptWithoutWhatProxiesAdd() throws Exception {
    Decoded.Event listed = event("a");
    listed.columns().put(EventColumn.IP, "203.0.113.7:4711, 10.0.0.6");
    Decoded.Event unknown = event("b");
    unknown.columns().put(EventColumn.IP, "unknown");
    rig.send(rig.protocol.request("shop", "web", AT, listed, unknown));
    assertThat(rig.process())
        .extracting(record -> ((CleanEvent) record).get(EventColumn.IP))
        .containsExactly("203.0.113.7", "unknown");
  }

  @Test
  void timesThatCannotBeAreQuarantinedWithWhatWasSent() throws Exception {
    long day = EventTime.MOST_AHEAD;
    rig.send(
        rig.protocol.request(
            "shop",
            "web",
            AT,
            FakeProtocol.event("ok", AT + day, null, Map.of()),
            FakeProtocol.event("ahead", AT + day + 1, null, Map.of("price", 2.0)),
            FakeProtocol.event("corrected", AT + 9 * day, AT + 9 * day + 5, Map.of())));
    List<CleanRecord> records = rig.process();
    assertThat(((CleanEvent) records.get(0)).timestamp()).isEqualTo(AT + day);
    BadEvent bad = (BadEvent) records.get(1);
    assertThat(bad.reason()).isEqualTo("timestamp_out_of_range");
    assertThat(bad.stage()).isEqualTo("validate");
    assertThat(bad.eventId()).isEqualTo("ahead");
    assertThat(bad.event()).isEqualTo("Tested");
    assertThat(new String(bad.payload(), StandardCharsets.UTF_8))
        .contains("\"event_id\":\"ahead\"", "\"properties\":{\"price\":2}");
    assertThat(((CleanEvent) records.get(2)).timestamp()).isEqualTo(AT - 5);
  }

  @Test
  void badDecodersStopNothingAndTheNumbersStay() throws Exception {
    rig.send(
        rig.protocol.request(
            "shop",
            "web",
            AT,
            2,
            () -> {
              throw new IllegalStateException("broken");
            }),
        rig.protocol.request("shop", "web", AT, 3, () -> FakeProtocol.of(event("one"))),
        rig.protocol.request(
            "shop", "web", AT, 1, () -> FakeProtocol.of(event("two"), event("three"))),
        rig.protocol.request("shop", "web", AT, 0, List::of),
        rig.protocol.request(
            "shop", "web", AT, FakeProtocol.event("odd", Map.of("n", new Object()))),
        rig.protocol.request(
            "shop",
            "web",
            AT,
            new Decoded.Event(
                Map.of(EventColumn.EVENT, 5L), null, true, Map.of(), Decoded.Person.UNKNOWN)),
        rig.protocol.request("shop", "web", AT, event("last")));
    List<CleanRecord> records = rig.process();
    assertThat(records.stream().map(ProcessorTest::shown))
        .containsExactly(
            "decoder_failed",
            "decoder_failed",
            "one",
            "decoder_failed",
            "decoder_failed",
            "two",
            "decoder_failed",
            "decoder_failed",
            "last");
    assertThat(((BadEvent) records.get(0)).payload()).isNotEmpty();
    assertThat(((BadEvent) records.get(1)).message()).contains("with event 0");
    assertThat(rig.metrics.counter("weir_process_decoder_mismatches").count()).isEqualTo(2);
    assertThat(rig.metrics.counter("weir_process_decoder_failures").count()).isEqualTo(3);
  }

  @Test
  void unknownProtocolIsQuarantined() throws Exception {
    rig.send(rig.protocol.request("shop", "web", AT, event("a"), event("b")));
    rig.decoders = List.of();
    assertThat(rig.process().stream().map(ProcessorTest::shown))
        .containsExactly("unknown_protocol", "unknown_protocol");
  }

  @Test
  void unreadableFrameBecomesOneBadEventAndOnlyOnce() throws Exception {
    rig.send(rig.protocol.request("shop", "web", AT, event("a")));
    Position junk = ((weir.log.Appended.Stored) rig.raw.append(List.of(new byte[70_000]))).first();
    for (int start = 0; start < 3; start++) {
      List<CleanRecord> records = rig.process();
      assertThat(records.stream().map(ProcessorTest::shown))
          .containsExactly("a", "frame_unreadable");
      BadEvent bad = (BadEvent) records.get(1);
      assertThat(bad.origin().project()).isEqualTo("default");
      assertThat(bad.origin().rawPosition())
          .isEqualTo(new RawPosition(junk.value(), Integer.MAX_VALUE));
      assertThat(bad.payload()).hasSize(64 << 10);
    }
    rig.send(rig.protocol.request("shop", "web", AT, event("b")));
    assertThat(rig.process().stream().map(ProcessorTest::shown))
        .containsExactly("a", "frame_unreadable", "b");
  }

  @Test
  void damagedStretchOfTheRawLogBecomesOneBadEventAndOnlyOnce() throws Exception {
    Path folder = Path.of("/data/raw");
    rig.raw = EmbeddedLog.writer(rig.files, folder, Rig.SMALL, rig.clock);
    rig.send(rig.protocol.request("shop", "web", AT, event("a")));
    Position second = rig.send(rig.protocol.request("shop", "web", AT, event("b"), event("c")));
    rig.send(rig.protocol.request("shop", "web", AT, event("d")));
    rig.raw.close();
    flipByteAt(
        folder.resolve("0000000000000000.log"), "body of 00000000-0000-0000-0000-000000000002");
    rig.raw = EmbeddedLog.writer(rig.files, folder, Rig.SMALL, rig.clock);
    for (int start = 0; start < 2; start++) {
      List<CleanRecord> records = rig.process();
      assertThat(records.stream().map(ProcessorTest::shown))
          .containsExactly("a", "log_damaged", "d");
      assertThat(records.get(1).origin().rawPosition())
          .isEqualTo(new RawPosition(second.value(), Integer.MAX_VALUE));
    }
    rig.raw.close();
  }

  private void flipByteAt(Path file, String text) throws IOException {
    try (FileHandle handle = rig.files.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(handle.size()));
      handle.read(bytes, 0);
      String all = new String(bytes.array(), StandardCharsets.ISO_8859_1);
      handle.write(ByteBuffer.wrap(new byte[] {'!'}), all.indexOf(text));
    }
  }

  @Test
  void goesOnAfterEverythingWasReleased() throws Exception {
    Position last = Position.START;
    for (int round = 0; round < 5; round++) {
      List<RawRequest> requests = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        requests.add(
            rig.protocol.request("shop", "web", AT, event(round + "-" + i), event("same")));
      }
      rig.send(requests.toArray(RawRequest[]::new));
      try (Processor processor = rig.start()) {
        assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
      }
      ProcessState state = rig.openState();
      state.duplicates().close();
      Position clean = state.duplicates().holdsFrom();
      assertThat(clean).isEqualTo(rig.clean.durableEnd());
      rig.clean.releaseBefore(clean);
      List<CleanRecord> held = Rig.records(rig.clean);
      assertThat(held.size()).isLessThan(round == 0 ? 41 : 60);
      Position end = rig.clean.durableEnd();
      rig.process();
      assertThat(rig.clean.durableEnd()).as("nothing is decided again").isEqualTo(end);
      assertThat(last).isLessThan(end);
      last = end;
    }
    double events = rig.metrics.counter("weir_process_events", "decision", "event").count();
    assertThat(events).isEqualTo(5 * 20 + 1);
  }

  @Test
  void holdsTheRequestOfTheLastEventAndTheCleanLogFromTheCheckpoint() throws Exception {
    Position first = rig.send(rig.protocol.request("shop", "web", AT, event("a")));
    Position second = rig.send(rig.protocol.request("shop", "web", AT, event("b")));
    try (Processor processor = rig.start()) {
      assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
      assertThat(processor.holdsRawFrom()).isEqualTo(second).isGreaterThan(first);
      assertThat(processor.holdsCleanFrom()).isEqualTo(Position.START);
      assertThat(processor.position()).isEqualTo(rig.raw.durableEnd());
    }
    rig.options = Rig.options(1_000, Duration.ZERO);
    try (Processor processor = rig.start()) {
      assertThat(processor.holdsCleanFrom()).isEqualTo(rig.clean.durableEnd());
      rig.send(rig.protocol.request("shop", "web", AT, event("c")));
      assertThat(processor.awaitCaughtUp(Rig.LONG)).isTrue();
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(processor.holdsCleanFrom()).isEqualTo(rig.clean.durableEnd()));
    }
  }

  @Test
  void refusesToGuessWhereToGoOn() throws Exception {
    rig.clean = new MemoryLog();
    rig.send(rig.protocol.request("shop", "web", AT, event("a")));
    rig.process();
    rig.clean.releaseBefore(rig.clean.durableEnd());
    rig.database.jdbi().useHandle(handle -> handle.execute("DELETE FROM process_position"));
    assertThatThrownBy(rig::start).isInstanceOf(IOException.class).hasMessageContaining("meta.db");
  }

  @Test
  void waitsWhileTheCleanLogIsFullAndEndsQuicklyThen() throws Exception {
    MemoryLog clean = new MemoryLog(2_000);
    rig.clean = clean;
    rig.options = Rig.options(5, Duration.ofHours(1));
    for (int i = 0; i < 60; i++) {
      rig.send(rig.protocol.request("shop", "web", AT, event("id-" + i)));
    }
    List<CleanRecord> seen = new ArrayList<>();
    try (Processor processor = rig.start()) {
      Position upTo = Position.START;
      while (seen.size() < 30) {
        Position before = upTo;
        Awaitility.await().until(() -> before.isBefore(clean.durableEnd()));
        upTo = clean.durableEnd();
        seen.addAll(Rig.records(clean).stream().filter(r -> !seen.contains(r)).toList());
        clean.releaseBefore(upTo);
      }
      assertThat(processor.ended()).isNotDone();
    }
    assertThat(seen.stream().map(ProcessorTest::shown).distinct()).hasSameSizeAs(seen);
  }

  @Test
  void failureEndsTheProcessorAndSaysWhy() throws Exception {
    rig.files.failSyncs(n -> true);
    try (Processor processor = rig.start()) {
      rig.send(rig.protocol.request("shop", "web", AT, event("a")));
      Awaitility.await().until(() -> processor.ended().isCompletedExceptionally());
      assertThatThrownBy(() -> processor.ended().join()).hasRootCauseInstanceOf(IOException.class);
    }
    rig.files.kill();
    rig.files.failSyncs(n -> false);
    rig.clean = rig.openClean();
  }

  @Test
  void requestOfManyEventsGoesThroughInBoundedBatches() throws Exception {
    rig.options = Rig.options(100, Duration.ofHours(1));
    Decoded[] events = new Decoded[5_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = event("e" + i);
    }
    rig.send(rig.protocol.request("shop", "web", AT, events));
    List<CleanRecord> records = rig.process();
    assertThat(records).hasSize(5_000);
    assertThat(Set.copyOf(records.stream().map(ProcessorTest::shown).toList())).hasSize(5_000);
  }

  static String shown(CleanRecord record) {
    return switch (record) {
      case CleanEvent event -> event.eventId();
      case BadEvent bad -> bad.reason();
      case DuplicateEvent duplicate -> "duplicate " + duplicate.eventId();
      case weir.event.DroppedEvent dropped -> "dropped " + dropped.reason();
    };
  }
}
