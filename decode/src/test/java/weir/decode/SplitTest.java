package weir.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.event.EventColumn;
import weir.event.EventHash;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;
import weir.testkit.Rounds;
import weir.testkit.TestData;

/** Requests of every protocol, split by their events: the parts are what the whole is. */
class SplitTest {
  private static final int LARGEST = 3_000;
  private static final int ROUNDS = Rounds.of(400, 2_000);

  @ParameterizedTest
  @MethodSource("weir.decode.ProtocolBatches#all")
  void partsAreTheWhole(ProtocolBatches batches) {
    int several = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      RawRequest sent = batches.request(random);
      try {
        Splitting.check(batches.decoder(), sent, random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + new String(sent.body(), UTF_8), e);
      }
      Outline outline =
          batches.decoder().outline(RequestHead.of(sent), Splitting.body(batches.decoder(), sent));
      several += outline.spans().map(EventSpans::count).orElse(9) > 1 ? 1 : 0;
    }
    assertThat(several).isGreaterThan(ROUNDS / 2);
  }

  /** Door, outline and decoder say the same of whatever comes, and nobody throws. */
  @ParameterizedTest
  @MethodSource("weir.decode.ProtocolBatches#all")
  void hostileBodies(ProtocolBatches batches) {
    String[] around = batches.around()[0];
    List<String> lists =
        List.of(
            "",
            "7,".repeat(99_999) + "{}",
            "7,".repeat(100_000) + "{}",
            "{},/* no */{}",
            "{},{}]]",
            "{},{},",
            "[".repeat(600) + "]".repeat(600) + ",{}",
            "{\"a\":" + "[".repeat(600) + "]".repeat(600) + "},{}",
            "{\"\\ud800\":1},{\"\\udfff\":\"\\ud800\"},{}",
            "{},\u0000,{}",
            "{},NaN,{}",
            "{},'x'",
            "{}\u00a0,{}",
            "\ufeff{},{}",
            "{\"a\":1,\"a\":2,\"messageId\":\"x\",\"messageId\":\"y\"},{}",
            "\"" + "x".repeat(200_000) + "\",{}",
            "1e999999999,-0,{}");
    for (String list : lists) {
      String body = around[0] + list + around[1];
      List<String> variants =
          body.length() > 100_000
              ? List.of(body)
              : List.of(body, body + around[1], around[0] + body, " " + body + "\n", "");
      for (String each : variants) {
        List<Header> headers = List.of(new Header("content-type", batches.type()));
        for (byte[] bytes : List.of(each.getBytes(UTF_8), each.getBytes(ISO_8859_1))) {
          RawRequest sent =
              ProtocolBatches.raw(
                  batches.decoder(), batches.path(), batches.query(), headers, bytes);
          Splitting.check(batches.decoder(), sent, new Random(each.length()));
        }
      }
    }
  }

  @Property(tries = 60)
  void madeRequests(@ForAll long seed) {
    Random random = new Random(seed);
    EventGenerator events = new EventGenerator(seed, Instant.parse("2026-01-10T12:00:00Z"));
    List<GeneratedEvent> some =
        Stream.generate(events::next).limit(1 + random.nextInt(random.nextInt(700) + 1)).toList();
    Decoder decoder = new SegmentDecoder();
    List<Header> headers = List.of(new Header("content-type", "application/json"));
    RawRequest sent =
        ProtocolBatches.raw(decoder, "/v1/batch", "", headers, EventGenerator.batch(some));
    Splitting.check(decoder, sent, random);
  }

  /** Events of real shops, in batches of any size; some come without their ids. */
  @Test
  void realRequests() throws IOException {
    Path file = TestData.folder("shop-events").resolve("events.ndjson.gz");
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      lines = reader.lines().toList();
    }
    Random random = new Random(7);
    Decoder segment = new SegmentDecoder();
    int at = 0;
    while (at < lines.size()) {
      int end = Math.min(lines.size(), at + 1 + random.nextInt(400));
      List<String> some = lines.subList(at, end);
      at = end;
      String calls =
          String.join(
              ",",
              some.stream()
                  .map(line ->
                      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":"
                          + (random.nextInt(3) == 0 ? null : random.nextInt(1 << 30))
                          + ",\"properties\":"
                          + line
                          + "}")
                  .toList());
      List<Header> json = List.of(new Header("content-type", "application/json"));
      byte[] batch =
          ("{\"batch\":[" + calls + "],\"sentAt\":\"2026-01-10T12:00:00Z\"}").getBytes(UTF_8);
      Splitting.check(segment, ProtocolBatches.raw(segment, "/v1/batch", "", json, batch), random);
    }
  }

  /** A client's real body: base64 of gzip. */
  @Test
  void aRealClientsRequest() throws IOException {
    Path folder = TestData.folder("shop-events");
    byte[] body = Files.readAllBytes(folder.resolve("request-body.txt"));
    String query = Files.readString(folder.resolve("request-query.txt")).strip();
    Decoder decoder = new ClickstreamDecoder(SegmentDecoder.MAX_EVENT_BYTES);
    RawRequest sent = ProtocolBatches.raw(decoder, "/collect", query, List.of(), body);
    Outline outline = decoder.outline(RequestHead.of(sent), Splitting.body(decoder, sent));

    assertThat(outline.spans().orElseThrow().count()).isGreaterThan(100);
    for (int seed = 0; seed < Rounds.of(1, 5); seed++) {
      Splitting.check(decoder, sent, new Random(seed));
    }
  }

  @Test
  void whatAllEventsShareIsInEachPart() {
    String body =
        "\ufeff \n{\"sentAt\":\"2026-01-10T12:00:00Z\",\"batch\":[ {\"messageId\":\"a\"} , 7 ,{\"messageId\":\"b\"}"
            + " ],\"context\":{}} \r\n\t";
    EventSpans spans =
        new SegmentDecoder()
            .outline(new RequestHead("/v1/batch", "", null), body.getBytes(UTF_8))
            .spans()
            .orElseThrow();

    assertThat(new String(spans.part(new int[] {0, 2}), UTF_8))
        .isEqualTo(
            "{\"sentAt\":\"2026-01-10T12:00:00Z\",\"batch\":[{\"messageId\":\"a\"},{\"messageId\":\"b\"}"
                + "],\"context\":{}}");
    assertThat(spans.id(0)).isEqualTo("a");
    assertThat(spans.id(1)).isNull();
  }

  @Test
  void aPartIsNotCompressedAnyMore() {
    String calls = "[{\"messageId\":\"a\"},{\"messageId\":\"b\"},{\"messageId\":\"c\"}]";
    Decoder decoder = new SegmentDecoder();
    List<Header> headers =
        List.of(new Header("content-encoding", "gzip"), new Header("user-agent", "u"));
    RawRequest sent =
        new RawRequest(
            new UUID(1, 2),
            "segment",
            "shop",
            "s",
            "k",
            "a",
            1,
            "/v1/batch",
            "q",
            3,
            headers,
            ProtocolBatches.zipped(calls.getBytes(UTF_8)));
    Optional<EventSpans> spans =
        decoder.outline(RequestHead.of(sent), calls.getBytes(UTF_8)).spans();

    List<RequestParts.Part> parts = RequestParts.of(sent, spans, 12);

    assertThat(parts)
        .hasSizeGreaterThan(1)
        .allSatisfy(part -> {
          assertThat(part.request().headers()).containsExactly(new Header("user-agent", "u"));
          assertThat(part.request().id()).isEqualTo(sent.id());
          assertThat(part.request().query()).isEqualTo("q");
        });
    assertThat(RequestParts.of(sent, spans, 1).getFirst().request()).isSameAs(sent);
  }

  /** A log that takes the request takes its parts, too. */
  @Test
  void aLargePartOfACompressedBodyIsCompressed() {
    EventGenerator events = new EventGenerator(3, Instant.parse("2026-01-10T12:00:00Z"));
    byte[] batch = EventGenerator.batch(Stream.generate(events::next).limit(2_000).toList());
    Decoder decoder = new SegmentDecoder();
    List<Header> headers = List.of(new Header("content-encoding", "gzip"));
    RawRequest sent =
        ProtocolBatches.raw(decoder, "/v1/batch", "", headers, ProtocolBatches.zipped(batch));
    RawRequest whole =
        new RawRequest(
            sent.id(),
            sent.protocol(),
            "shop",
            "s",
            "k",
            "a",
            1,
            "/v1/batch",
            "",
            2_000,
            headers,
            sent.body());

    List<RequestParts.Part> parts =
        RequestParts.of(whole, decoder.outline(RequestHead.of(whole), batch).spans(), 2);

    assertThat(parts)
        .hasSize(2)
        .allSatisfy(part -> {
          assertThat(part.request().header("content-encoding")).isEqualTo("zstd");
          assertThat(part.request().body().length).isLessThan(sent.body().length);
        });
    for (int seed = 0; seed < 3; seed++) {
      Splitting.check(decoder, sent, new Random(seed));
    }
  }

  /** Wherever a copy comes from: another client, another protocol, another batch. */
  @Test
  void oneIdIsInOnePartition() {
    Decoder decoder = new CloudEventsDecoder(LARGEST);
    String id = "/s e-1";
    int partition = EventHash.of("shop", id).partition(12);
    String event = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/s\",\"type\":\"t\"}";
    List<Header> type = List.of(new Header("content-type", "application/cloudevents-batch+json"));
    RawRequest alone =
        ProtocolBatches.raw(decoder, "/ce", "", type, ("[" + event + "]").getBytes(UTF_8));
    RawRequest one =
        new RawRequest(
            alone.id(),
            alone.protocol(),
            "shop",
            "s",
            "k",
            "a",
            1,
            "/ce",
            "",
            1,
            type,
            alone.body());

    List<RequestParts.Part> parts =
        RequestParts.of(one, decoder.outline(RequestHead.of(one), one.body()).spans(), 12);

    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().partition()).isEqualTo(partition);
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(parts.getFirst().request(), one.body(), decoded::add);
    assertThat(((Decoded.Event) decoded.getFirst()).columns())
        .containsEntry(EventColumn.EVENT_ID, id);
  }
}
