package weir.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogReader;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;
import weir.metadata.WriteKey;
import weir.server.api.LiveEvents.Sent;

class EventViewerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-01-08T00:00:00Z");
  private static final LogOptions SMALL = new LogOptions(64 << 10, 1L << 30, 0, 16 << 20);

  @TempDir Path folder;
  private EventLog raw;
  private EventLog clean;
  private EventViewer viewer;

  @BeforeEach
  void open() throws IOException {
    raw = EmbeddedLog.writer(Files.system(), folder.resolve("raw"), SMALL, () -> NOW);
    clean =
        EmbeddedLog.writer(
            Files.system(), folder.resolve("clean"), LogOptions.defaults(), () -> NOW);
    viewer = over(raw);
  }

  private EventViewer over(EventLog rawLog) {
    return new EventViewer(
        "http://127.0.0.1:8080",
        new Tracker("/m.js", "/m.1.js", "sha384-x", Optional.of("/seen")),
        project -> List.of(new WriteKey("wk_" + project, project, "web")),
        rawLog,
        clean,
        1 << 20,
        () -> NOW);
  }

  @AfterEach
  void close() throws IOException {
    raw.close();
    clean.close();
  }

  @Test
  void setupNamesTheCollectorAndTheProjectsKeys() throws IOException {
    assertThat(JSON.readTree(viewer.setup("shop")))
        .isEqualTo(
            JSON.readTree(
                """
                {"project":"shop","collector":"http://127.0.0.1:8080",
                 "tracker":{"path":"/m.js","version_path":"/m.1.js","integrity":"sha384-x",
                   "events_path":"/seen"},
                 "write_keys":[{"source":"web","write_key":"wk_shop"}]}
                """));
  }

  @Test
  void anEmptyLogHasNothingAndAPositionToAskOnFrom() throws IOException {
    JsonNode first = recent(Optional.empty(), 50);
    assertThat(first.path("events")).isEmpty();
    append(event("shop", 1, Map.of()));
    JsonNode next = recent(position(first), 50);
    assertThat(names(next)).containsExactly("event 1");
    assertThat(next.path("skipped").asBoolean()).isFalse();
    assertThat(recent(position(next), 50).path("events")).isEmpty();
  }

  @Test
  void everyDecisionOfTheProjectIsShownAndNoneOfAnother() throws IOException {
    append(
        event("shop", 1, Map.of("p_price", 9.5, "p_gift", true)),
        event("other", 2, Map.of()),
        new BadEvent(
            origin("shop", 3), "id", null, "segment", "decode", "no_name", "name it", new byte[2]),
        new DuplicateEvent(origin("shop", 4), "id-1"),
        new DroppedEvent(origin("shop", 5), null, "bot"));
    JsonNode events = recent(Optional.empty(), 50).path("events");
    assertThat(events.findValuesAsText("decision"))
        .containsExactly("event", "bad", "duplicate", "dropped");
    assertThat(events.get(0).path("clean"))
        .isEqualTo(
            JSON.readTree(
                """
                {"event":"event 1","event_id":"id-1","timestamp":"1970-01-01T00:00:01Z",
                 "received_at":"1970-01-01T00:00:00.000001Z",
                 "processed_at":"1970-01-01T00:00:00.000002Z","source":"web",
                 "_raw_position":"0000000000000001-000000","asn":"9007199254740993",
                 "p_price":9.5,"p_gift":true}
                """));
    assertThat(events.get(1).path("message").asText()).isEqualTo("name it");
    assertThat(events.get(3).path("reason").asText()).isEqualTo("bot");
  }

  @Test
  void onlyTheNewestAreShownAndThatOthersWereSkipped() throws IOException {
    JsonNode first = recent(Optional.empty(), 50);
    for (int i = 0; i < 100; i++) {
      append(event("shop", i, Map.of()));
    }
    JsonNode page = recent(position(first), 3);
    assertThat(names(page)).containsExactly("event 97", "event 98", "event 99");
    assertThat(page.path("skipped").asBoolean()).isTrue();
  }

  @Test
  void howeverMuchThereIsOnlyItsEndIsRead() throws IOException {
    JsonNode first = recent(Optional.empty(), 50);
    Map<String, Object> large = Map.of("p_text", "x".repeat(100_000));
    for (int i = 0; i < 80; i++) {
      append(event("shop", i, large));
    }
    JsonNode page = recent(position(first), 500);
    assertThat(names(page)).endsWith("event 79").hasSizeBetween(1, 42);
    assertThat(page.path("skipped").asBoolean()).isTrue();
    assertThat(recent(position(page), 500).path("events")).isEmpty();
  }

  @Test
  void manyLookAtOnceAndEachSeesItsOwnProject() throws Exception {
    for (int i = 0; i < 40; i++) {
      append(event("shop", i, Map.of("p_text", "x".repeat(i))), event("other", i, Map.of()));
    }
    Map<String, String> alone =
        Map.of(
            "shop", viewer.recent("shop", Optional.empty(), 500),
            "other", viewer.recent("other", Optional.empty(), 500));
    List<Callable<String>> looks = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String project = i % 2 == 0 ? "shop" : "other";
      looks.add(() -> viewer.recent(project, Optional.empty(), 500));
    }
    try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
      List<Future<String>> seen = readers.invokeAll(looks);
      for (int i = 0; i < seen.size(); i++) {
        assertThat(seen.get(i).get()).isEqualTo(alone.get(i % 2 == 0 ? "shop" : "other"));
      }
    }
  }

  @Test
  void aPositionThatNeverWasCountsAsNone() throws IOException {
    append(event("shop", 1, Map.of()));
    for (String after : List.of("nonsense", "00000000ffffffff", "-1", "0000000000000003")) {
      assertThat(recent(Optional.of(after), 50).path("events").size()).isLessThanOrEqualTo(1);
    }
    assertThat(names(recent(Optional.of("00000000ffffffff"), 50))).containsExactly("event 1");
  }

  @Test
  void whatWasSentIsShownByItsPosition() throws Exception {
    String body = "{\"batch\":[ {\"event\" : \"a\"}, {\"event\":\"b\",\"n\":1.50} ]}";
    long position = store("shop", body, 2);
    assertThat(viewer.sent("shop", new RawPosition(position, 1)))
        .isInstanceOfSatisfying(
            Sent.Held.class,
            held -> {
              JsonNode json = read(held.json());
              assertThat(json.path("event").asText()).isEqualTo("{\"event\":\"b\",\"n\":1.50}");
              assertThat(json.path("index").asInt()).isEqualTo(1);
              assertThat(json.path("headers").path("user-agent").asText()).isEqualTo("curl");
              assertThat(json.path("truncated").asBoolean()).isFalse();
            });
  }

  @Test
  void positionsOfOthersAndOfNothingAreUnknown() throws Exception {
    long position = store("shop", "{\"batch\":[{}]}", 1);
    assertThat(viewer.sent("other", new RawPosition(position, 0))).isInstanceOf(Sent.Unknown.class);
    assertThat(viewer.sent("shop", new RawPosition(position, 1))).isInstanceOf(Sent.Unknown.class);
    assertThat(viewer.sent("shop", new RawPosition(position + 1, 0)))
        .isInstanceOf(Sent.Unknown.class);
    assertThat(viewer.sent("shop", new RawPosition(1L << 40, 0))).isInstanceOf(Sent.Unknown.class);
  }

  @Test
  void whatTheRawLogHasGivenBackIsReleased() throws Exception {
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      positions.add(store("shop", "{\"text\":\"" + "x".repeat(60_000) + "\"}", 1));
    }
    raw.releaseBefore(raw.durableEnd());
    assertThat(viewer.sent("shop", new RawPosition(positions.getFirst(), 0)))
        .isInstanceOf(Sent.Released.class);
    assertThat(viewer.sent("shop", new RawPosition(positions.get(1), 0)))
        .isInstanceOf(Sent.Released.class);
  }

  @Test
  void ofALongEventTheBeginningIsShown() throws Exception {
    long position = store("shop", "{\"text\":\"" + "x".repeat(300_000) + "\"}", 1);
    assertThat(viewer.sent("shop", new RawPosition(position, 0)))
        .isInstanceOfSatisfying(
            Sent.Held.class,
            held -> {
              assertThat(read(held.json()).path("truncated").asBoolean()).isTrue();
              assertThat(read(held.json()).path("event").asText()).hasSize(256 << 10);
            });
  }

  /** However many ask, one request is in memory at a time. */
  @Test
  void oneRequestIsOpenedAtATime() throws Exception {
    long position = store("shop", "{\"batch\":[{\"a\":1}]}", 1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    EventViewer slow =
        over(
            new SlowLog(
                raw,
                () -> {
                  asked.countDown();
                  goOn.await();
                }));
    CompletableFuture<Sent> first =
        CompletableFuture.supplyAsync(() -> sent(slow, position), Thread::startVirtualThread);
    asked.await();
    assertThat(sent(slow, position)).isEqualTo(new Sent.Busy());
    goOn.countDown();
    assertThat(first.get()).isInstanceOf(Sent.Held.class);
    assertThat(sent(slow, position)).isInstanceOf(Sent.Held.class);
  }

  @Test
  void aRequestBeyondTheCollectorsLimitIsNotDecoded() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[(1 << 20) + 1]);
    }
    long position =
        store("shop", bomb.toByteArray(), List.of(new Header("content-encoding", "gzip")), 1);
    assertThat(sent(viewer, position))
        .isInstanceOfSatisfying(
            Sent.Held.class,
            held ->
                assertThat(read(held.json()).path("event").asText().length())
                    .isLessThan(bomb.size() + 1));
  }

  private static Sent sent(EventViewer viewer, long position) {
    try {
      return viewer.sent("shop", new RawPosition(position, 0));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private long store(String project, String body, int events) throws IOException {
    return store(
        project,
        body.getBytes(StandardCharsets.UTF_8),
        List.of(new Header("user-agent", "curl")),
        events);
  }

  private long store(String project, byte[] body, List<Header> headers, int events)
      throws IOException {
    RawRequest request =
        new RawRequest(
            new UUID(1, 2),
            "segment",
            project,
            "web",
            "wk",
            "127.0.0.1",
            1,
            "/v1/batch",
            "",
            events,
            headers,
            body);
    Position before = raw.durableEnd();
    assertThat(raw.append(List.of(new RawRequestCodec().encode(request))))
        .isInstanceOf(Appended.Stored.class);
    try (LogReader reader = raw.read(before)) {
      return java.util.Objects.requireNonNull(reader.next()).position().value();
    }
  }

  private void append(CleanRecord... records) throws IOException {
    CleanRecordCodec codec = new CleanRecordCodec();
    List<byte[]> frames = new ArrayList<>();
    for (CleanRecord each : records) {
      frames.add(codec.encode(each));
    }
    assertThat(clean.append(frames)).isInstanceOf(Appended.Stored.class);
  }

  private static Origin origin(String project, int number) {
    return new Origin(project, "web", 1, 2, new RawPosition(number, 0));
  }

  private static CleanEvent event(String project, int number, Map<String, Object> properties) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, "event " + number)
        .set(EventColumn.EVENT_ID, "id-" + number)
        .set(EventColumn.TIMESTAMP, 1_000_000L)
        .set(EventColumn.ASN, (1L << 53) + 1)
        .properties(new java.util.TreeMap<>(properties).descendingMap())
        .build(origin(project, number));
  }

  private JsonNode recent(Optional<String> after, int limit) throws IOException {
    return JSON.readTree(viewer.recent("shop", after, limit));
  }

  private static Optional<String> position(JsonNode page) {
    return Optional.of(page.path("position").asText());
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("events").forEach(event -> names.add(event.path("event").asText()));
    return names;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
