package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.decode.ContentEncoding;
import weir.decode.ContentEncodingException;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.decode.RawRequest;
import weir.decode.SegmentDecoder;
import weir.decode.WebhookDecoder;
import weir.decode.WebhookTemplate;
import weir.event.EventColumn;
import weir.event.EventHash;
import weir.log.LogFailedException;

/** A raw log of several partitions behind the door. */
@Timeout(60)
class PartitionsTest {
  private static final int PARTITIONS = 5;

  private final List<HeldLog> logs = Stream.generate(HeldLog::new).limit(PARTITIONS).toList();

  @AfterEach
  void letGo() {
    logs.forEach(HeldLog::letGo);
  }

  private Door door() throws IOException {
    List<Decoder> decoders = new ArrayList<>(Decoders.all(SegmentDecoder.MAX_EVENT_BYTES));
    decoders.add(WebhookDecoder.atDoor(SegmentDecoder.MAX_EVENT_BYTES));
    return new Door(logs, Door.options(), decoders);
  }

  private static String call(String id) {
    return "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"" + id + "\"}";
  }

  private static String batch(List<String> ids) {
    return ids.stream()
        .map(PartitionsTest::call)
        .collect(Collectors.joining(",", "{\"batch\":[", "],\"context\":{\"ip\":\"192.0.2.1\"}}"));
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "e-" + i).toList();
  }

  private static int partition(String id) {
    return EventHash.of("shop", id).partition(PARTITIONS);
  }

  /** How often each id is stored; each is found to be in its partition alone. */
  private Map<String, Integer> stored() throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (RawRequest request : Door.stored(logs.get(partition))) {
        for (Decoded decoded : decoded(request)) {
          String id = String.valueOf(((Decoded.Event) decoded).columns().get(EventColumn.EVENT_ID));
          assertThat(partition(id)).isEqualTo(partition);
          counts.merge(id, 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  private static List<Decoded> decoded(RawRequest request) {
    List<Decoded> all = new ArrayList<>();
    try {
      byte[] body =
          ContentEncoding.of(request.header("content-encoding")).decode(request.body(), 1 << 30);
      new SegmentDecoder().decode(request, body, all::add);
    } catch (ContentEncodingException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  @Test
  void everyCopyOfAnEventMeetsTheOthers() throws IOException {
    List<String> all = new ArrayList<>(ids(0, 2_000));
    Random random = new Random(5);
    try (Door one = door();
        Door other = door()) {
      for (int round = 0; round < 2; round++) {
        Collections.shuffle(all, random);
        for (int at = 0; at < all.size(); ) {
          int end = Math.min(all.size(), at + 1 + random.nextInt(60));
          Door door = random.nextBoolean() ? one : other;
          HttpResponse<String> answer = door.post("/v1/batch", batch(all.subList(at, end)));
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(answer.body()).contains("\"accepted\":" + (end - at));
          at = end;
        }
      }
    }
    assertThat(stored()).hasSize(2_000).allSatisfy((id, count) -> assertThat(count).isEqualTo(2));
  }

  @Test
  void compressedAndLargeBodies() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(batch(ids(0, 30_000)).getBytes(UTF_8));
    }
    try (Door door = door()) {
      byte[] body = zipped.toByteArray();
      assertThat(door.post("/v1/batch", body, "Content-Encoding", "gzip").statusCode())
          .isEqualTo(200);
      assertThat(door.post("/v1/batch", batch(ids(30_000, 40_000))).statusCode()).isEqualTo(200);
    }
    assertThat(stored()).hasSize(40_000);
  }

  @Test
  void eventsWithoutIdsGetTheOnesOfTheWholeRequest() throws IOException {
    String calls =
        Stream.generate(() -> Door.track("e")).limit(50).collect(Collectors.joining(",", "[", "]"));
    try (Door door = door()) {
      assertThat(door.post("/v1/batch", calls).statusCode()).isEqualTo(200);
    }
    assertThat(stored()).hasSize(50);
    assertThat(logs.stream().flatMap(PartitionsTest::requests).map(RawRequest::id).distinct())
        .hasSize(1);
  }

  private static Stream<RawRequest> requests(HeldLog log) {
    try {
      return Door.stored(log).stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRequestForOnePartitionIsStoredAsItCame() throws IOException {
    List<String> ofOne = ids(0, 100).stream().filter(id -> partition(id) == 3).toList();
    String body = " " + batch(ofOne) + "\n";
    try (Door door = door()) {
      assertThat(door.post("/v1/batch", body).statusCode()).isEqualTo(200);
      assertThat(door.post("/v1/track", call(ofOne.getFirst())).statusCode()).isEqualTo(200);
    }
    assertThat(Door.stored(logs.get(3)))
        .extracting(request -> new String(request.body(), UTF_8))
        .containsExactly(body, call(ofOne.getFirst()));
    assertThat(stored()).hasSize(ofOne.size());
  }

  @Test
  void answersOnceEveryPartIsStored() throws Exception {
    logs.get(2).hold();
    try (Door door = door();
        ExecutorService client = Executors.newSingleThreadExecutor()) {
      Future<HttpResponse<String>> answer =
          client.submit(() -> door.post("/v1/batch", batch(ids(0, 100))));
      for (int partition : List.of(0, 1, 3, 4)) {
        await().until(() -> !Door.stored(logs.get(partition)).isEmpty());
      }
      assertThat(answer.isDone()).isFalse();
      assertThat(Door.stored(logs.get(2))).isEmpty();
      logs.get(2).letGo();
      assertThat(answer.get().statusCode()).isEqualTo(200);
    }
    assertThat(stored()).hasSize(100);
  }

  @Test
  void whatIsStoredInPartIsSentAgain() throws IOException {
    logs.get(1).full("bound");
    try (Door door = door()) {
      HttpResponse<String> partly = door.post("/v1/batch", batch(ids(0, 100)));
      assertThat(partly.statusCode()).isEqualTo(503);
      assertThat(partly.body()).contains("partly_stored");
      assertThat(partly.headers().firstValue("retry-after")).isPresent();
      Map<String, Integer> some = stored();
      assertThat(some).hasSizeBetween(50, 99);
      assertThat(door.collector.problem())
          .hasValueSatisfying(
              why -> assertThat(why).contains("partition 1 of the raw log is full (bound)"));
      String elsewhere =
          call(ids(0, 100).stream().filter(id -> partition(id) != 1).findFirst().orElseThrow());
      assertThat(door.post("/v1/track", elsewhere).statusCode()).isEqualTo(200);
      assertThat(door.collector.problem()).as("what others store mends nothing").isPresent();

      logs.get(1).full(null);
      assertThat(door.post("/v1/batch", batch(ids(0, 100))).statusCode()).isEqualTo(200);
      assertThat(stored())
          .hasSize(100)
          .allSatisfy(
              (id, n) -> assertThat(n).isGreaterThanOrEqualTo(some.containsKey(id) ? 2 : 1));
      assertThat(door.collector.problem()).isEmpty();
    }
  }

  @Test
  void aPartitionThatFailsIsNoSuccess() throws IOException {
    logs.get(0).fail(new LogFailedException("no fsync", new IOException("EIO")));
    logs.get(1).full("bound");
    try (Door door = door()) {
      HttpResponse<String> failed = door.post("/v1/batch", batch(ids(0, 100)));
      assertThat(failed.statusCode()).isEqualTo(503);
      assertThat(failed.body()).contains("log_failed");
      logs.get(0).fail(null);
      logs.forEach(log -> log.full("bound"));
      HttpResponse<String> full = door.post("/v1/batch", batch(ids(0, 100)));
      assertThat(full.statusCode()).isEqualTo(503);
      assertThat(full.body()).contains("log_full", "nothing was stored");
    }
  }

  /** What waits for one partition leaves less room for all, and nothing is stored in part. */
  @Test
  void tooMuchWaits() throws Exception {
    logs.forEach(HeldLog::hold);
    CollectorOptions options = Door.options().withSizes(1_000_000, 10_000_000, 2_000_000);
    String filler = "\"sentAt\":\"" + "y".repeat(700_000) + "\",";
    try (Door door = new Door(logs, options, Decoders.all(SegmentDecoder.MAX_EVENT_BYTES));
        ExecutorService client = Executors.newSingleThreadExecutor()) {
      String body = batch(ids(0, 40)).replaceFirst("\\{", "{" + filler);
      HttpResponse<String> refused = door.post("/v1/batch", body);
      assertThat(refused.statusCode()).isEqualTo(429);
      String small = batch(ids(0, 40));
      Future<HttpResponse<String>> waits = client.submit(() -> door.post("/v1/batch", small));
      logs.forEach(HeldLog::letGo);
      assertThat(waits.get().statusCode()).isEqualTo(200);
    }
    assertThat(stored()).hasSize(40).allSatisfy((id, n) -> assertThat(n).isEqualTo(1));
  }

  /** Only what is certainly not stored is given back to a key's quota. */
  @Test
  void quotasCountWhatIsStored() throws IOException {
    logs.get(1).full("bound");
    long lost = ids(0, 100).stream().filter(id -> partition(id) == 1).count();
    try (Door door = door()) {
      WriteKey key =
          new WriteKey("key-1", "shop", "web", true, KeyRules.parse("{\"monthly_quota\":1000}"));
      door.ring = new KeyRing(List.of(key));
      assertThat(door.post("/v1/batch", batch(ids(0, 100))).statusCode()).isEqualTo(503);
      assertThat(door.usage.events("key-1")).isEqualTo(100 - lost);
    }
  }

  /** Their ids are known when they are decoded: all of one webhook meet in one partition. */
  @Test
  void webhooksGoWhole() throws IOException {
    Webhook webhook =
        new Webhook(
            "address",
            new WriteKey("wh_1", "shop", "services", true),
            WebhookTemplate.PLAIN,
            List.of(),
            "rk");
    try (Door door = door()) {
      door.ring =
          new KeyRing(List.of(new WriteKey("key-1", "shop", "web", true)), List.of(webhook));
      String body = "[{\"id\":1},{\"id\":2},{\"id\":3}]";
      for (int i = 0; i < 3; i++) {
        assertThat(door.post("/hook/address", body).statusCode()).isEqualTo(200);
      }
    }
    assertThat(Door.stored(logs.get(partition("wh_1"))))
        .hasSize(3)
        .allSatisfy(request -> assertThat(request.events()).isEqualTo(3));
  }

  @Test
  void badEventsAreInTheAnswerByTheirPlaceInTheRequest() throws IOException {
    String calls =
        "[" + call("a") + ",7," + call("b") + ",{\"messageId\":\"c\"}," + call("d") + "]";
    try (Door door = door()) {
      assertThat(door.post("/v1/batch", calls).body())
          .contains("\"accepted\":5", "{\"index\":1,", "{\"index\":3,");
    }
    assertThat(logs.stream().flatMap(PartitionsTest::requests).mapToInt(RawRequest::events).sum())
        .isEqualTo(5);
  }
}
