package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.event.EventColumn;
import weir.event.EventHash;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;
import weir.testkit.TestData;

/** Requests of every protocol, split by their events: the parts are what the whole is. */
class SplitTest {
  private static final int LARGEST = 3_000;

  /**
   * A protocol's batches.
   *
   * @param around what stands before and behind the events, and says something of all of them
   * @param events of which $I is another number in each
   */
  record Batches(
      Decoder decoder,
      String path,
      String query,
      String type,
      String[][] around,
      String... events) {
    @Override
    public String toString() {
      return decoder.protocol() + " " + path + " " + type;
    }
  }

  /** What any list may hold, of whatever protocol. */
  private static final List<String> ODD =
      List.of(
          "7",
          "-0.5e3",
          "null",
          "true",
          "\"text\"",
          "[]",
          "[{}]",
          "{}",
          "{\"\\ud800\":1}",
          "{\"a\":\"\\udc00\\ud83d\\ude00\"}",
          "{\"a\":" + "[".repeat(400) + "]".repeat(400) + "}",
          "{\"x\":\"" + "y".repeat(LARGEST) + "\"}");

  static Stream<Batches> protocols() {
    String[][] segment = {
      {"[", "]"},
      {"{\"batch\":[", "]}"},
      {
        "{\"sentAt\":\"2026-01-10T12:00:00Z\",\"batch\":[",
        "],\"context\":{\"app\":{\"name\":\"a\"}}}"
      },
      {
        "{\"x\":{\"batch\":[1]},\"\\ud800\":[2],\"context\":{\"ip\":\"1.2.3.4\"},\"batch\" : [",
        "] }"
      },
      {"\ufeff {\"context\":{\"a\":1},\"context\":{\"b\":2},\"batch\":[", "],\"sentAt\":\"x\"}"}
    };
    String[] calls = {
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\"m-$I\"}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":$I,\"messageId\":null}",
      "{\"type\":\"page\",\"anonymousId\":\"a\",\"messageId\":$I,\"properties\":{\"a\":[1,{\"b\":2}]}}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"messageId\":\" \"}",
      "{\"messageId\":\"null\",\"type\":\"identify\",\"userId\":\"u\",\"traits\":{\"\\ud800\":\"\\udfff\"}}",
      "{\"messageId\":\"\\ud800$I\",\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"timestamp\":\"x\"}",
      "{\"messageId\":\"b-$I\",\"type\":\"track\"}",
      "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"context\":{\"app\":{\"name\":\"own\"}}}"
    };
    return Stream.of(
        new Batches(
            new SegmentDecoder(LARGEST), "/v1/batch", "", "application/json", segment, calls),
        new Batches(
            new SegmentDecoder(LARGEST),
            "/v1/import",
            "",
            "application/x-ndjson",
            new String[][] {
              {"", ""}, {"\ufeff\r\n \n", "\n\n"}, {"{\"type\":\"nothing\"\n", "\n\u0000"}
            },
            calls),
        new Batches(
            new ClickstreamDecoder(LARGEST),
            "/collect",
            "appId=shop&upload_timestamp=1768046400000&platform=Web",
            "application/json",
            new String[][] {{"[", "]"}, {" \n[ ", " ] "}},
            "{\"event_type\":\"view\",\"event_id\":\"c-$I\",\"unique_id\":\"a\",\"timestamp\":1768046398123}",
            "{\"event_type\":\"view\",\"device_id\":\"a\",\"attributes\":{\"_session_id\":\"s\"}}",
            "{\"event_type\":\"view\",\"event_id\":$I,\"user\":{\"_user_id\":{\"value\":\"u\"}}}",
            "{\"event_type\":\"view\",\"event_id\":{},\"unique_id\":\"a\",\"timestamp\":\"never\"}"),
        new Batches(
            new PostHogDecoder(LARGEST),
            "/batch",
            "_=1768046400000",
            "application/json",
            new String[][] {
              {"[", "]"},
              {"{\"api_key\":\"k\",\"batch\":[", "],\"sent_at\":\"2026-01-10T12:00:00Z\"}"},
              {"{\"historical_migration\":true,\"batch\":7,\"batch\":[", "],\"\\udc00\":{}}"}
            },
            "{\"event\":\"e\",\"uuid\":\"p-$I\",\"distinct_id\":\"d\",\"properties\":{\"$lib\":\"web\"}}",
            "{\"event\":\"e\",\"properties\":{\"distinct_id\":\"d\",\"$insert_id\":\"i-$I\"}}",
            "{\"event\":\"e\",\"properties\":{\"distinct_id\":\"d\",\"$insert_id\":\"i\",\"$insert_id\":$I}}",
            "{\"properties\":{\"$insert_id\":\"i-$I\",\"distinct_id\":\"d\"},\"uuid\":\"\",\"event\":\"$set\"}",
            "{\"event\":\"e\",\"distinct_id\":\"d\",\"offset\":$I,\"properties\":{\"$insert_id\":null}}",
            "{\"event\":\"e\",\"distinct_id\":\"d\",\"timestamp\":\"never\",\"properties\":{\"$insert_id\":\"t-$I\"}}",
            "{\"uuid\":\"q-$I\"}"),
        new Batches(
            new RakamDecoder(LARGEST),
            "/event/batch",
            "",
            "application/json",
            new String[][] {
              {"{\"api\":{\"api_key\":\"k\",\"upload_time\":1768046400000},\"events\":[", "]}"},
              {"{\"events\":[", "],\"api\":{\"a\":[1]},\"more\":{\"events\":[3]}}"}
            },
            "{\"collection\":\"view\",\"properties\":{\"_user\":\"u\",\"n\":$I}}",
            "{\"collection\":\"\",\"properties\":{}}",
            "{\"collection\":\"view\",\"properties\":{\"_time\":\"never\"}}"),
        new Batches(
            new SnowplowDecoder(LARGEST),
            "/com.snowplowanalytics.snowplow/tp2",
            "",
            "application/json",
            new String[][] {
              {"{\"schema\":\"iglu:s\",\"data\":[", "]}"},
              {"{\"\\ud800\":1,\"data\": [\n", "\n] , \"b\":{}}"}
            },
            "{\"e\":\"pv\",\"eid\":\"s-$I\",\"url\":\"https://a/\",\"dtm\":\"1768046398123\",\"aid\":\"KEY\"}",
            "{\"e\":\"se\",\"se_ac\":\"act\",\"eid\":$I,\"eid\":\"\"}",
            "{\"e\":\"ue\",\"ue_pr\":\"{\\\"schema\\\":1}\",\"eid\":\"u-$I\"}",
            "{\"e\":\"ue\",\"ue_pr\":\"{\\\"schema\\\":\\\"iglu:com.snowplowanalytics.snowplow/unstruct_event/"
                + "jsonschema/1-0-0\\\",\\\"data\\\":{\\\"schema\\\":\\\"iglu:c/n/jsonschema/1-0-0\\\","
                + "\\\"data\\\":{\\\"\\ud800\\\":1}}}\"}",
            "{\"e\":\"pp\",\"ttm\":\"never\"}",
            "{\"e\":\"xx\",\"eid\":[1]}"),
        new Batches(
            new Ga4Decoder(LARGEST),
            "/mp/collect",
            "api_secret=k&measurement_id=G-1",
            "application/json",
            new String[][] {
              {"{\"client_id\":\"a\",\"timestamp_micros\":\"1768046398123000\",\"events\":[", "]}"},
              {
                "{\"events\":[",
                "],\"user_id\":\"u\",\"device\":{\"language\":\"en\"},\"\\ud800\":1}"
              },
              {"{\"events\":[", "]}"}
            },
            "{\"name\":\"view_item\",\"params\":{\"session_id\":\"s\",\"n\":$I}}",
            "{\"name\":\"view_item\",\"timestamp_micros\":\"never\"}",
            "{\"name\":\"\"}"),
        new Batches(
            new CloudEventsDecoder(LARGEST),
            "/ce",
            "",
            "application/cloudevents-batch+json",
            new String[][] {{"[", "]"}, {"\ufeff[\r\n", "\r\n]\t"}},
            "{\"specversion\":\"1.0\",\"id\":\"e-$I\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":1}}",
            "{\"specversion\":\"1.0\",\"id\":$I,\"source\":\"/s\",\"type\":\"t\",\"time\":\"never\"}",
            "{\"specversion\":\"1.0\",\"id\":\"e-$I\",\"type\":\"t\",\"data_base64\":\"e30=\"}",
            "{\"specversion\":\"1.0\",\"id\":{},\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}"),
        new Batches(
            WebhookDecoderTest.decoder(WebhookTemplate.PLAIN.mapping()),
            "/hook",
            "",
            "application/json",
            new String[][] {{"[", "]"}},
            "{\"event\":\"e\",\"id\":\"$I\"}"));
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void partsAreTheWhole(Batches batches) {
    int several = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      RawRequest sent = request(batches, random, body(batches, random));
      try {
        Splitting.check(batches.decoder, sent, random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + new String(sent.body(), UTF_8), e);
      }
      Outline outline =
          batches.decoder.outline(RequestHead.of(sent), Splitting.body(batches.decoder, sent));
      several += outline.spans().map(EventSpans::count).orElse(9) > 1 ? 1 : 0;
    }
    assertThat(several).isGreaterThan(1_000);
  }

  private static byte[] body(Batches batches, Random random) {
    String[] around = batches.around[random.nextInt(batches.around.length)];
    String between = batches.type.contains("nd") ? "\n" : random.nextBoolean() ? "," : " ,\n ";
    StringBuilder body = new StringBuilder(around[0]);
    int count = random.nextInt(25);
    boolean odd = random.nextBoolean();
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "" : between);
      String event =
          odd && random.nextInt(4) == 0
              ? ODD.get(random.nextInt(ODD.size()))
              : batches.events[random.nextInt(batches.events.length)];
      body.append(event.replace("$I", String.valueOf(random.nextInt(10_000))));
    }
    return body.append(around[1]).toString().getBytes(UTF_8);
  }

  /** Compressed, or wrapped as the protocol's clients do it, or as it is. */
  private static RawRequest request(Batches batches, Random random, byte[] body) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("content-type", batches.type));
    headers.add(new Header("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"));
    String query = batches.query;
    byte[] sent = body;
    boolean wraps =
        batches.decoder instanceof PostHogDecoder || batches.decoder instanceof ClickstreamDecoder;
    String path = batches.path;
    switch (random.nextInt(4)) {
      case 0 -> {
        headers.add(new Header("content-encoding", "gzip"));
        sent = zipped(body);
      }
      case 1 -> sent = wraps ? Base64.getEncoder().encode(zipped(body)) : body;
      case 2 -> {
        if (batches.decoder instanceof PostHogDecoder && random.nextBoolean()) {
          path = "/e";
          query += "&data=" + Base64.getUrlEncoder().encodeToString(body);
          sent = new byte[0];
        } else if (batches.decoder instanceof PostHogDecoder) {
          sent = ("data=" + Base64.getUrlEncoder().encodeToString(body)).getBytes(UTF_8);
        }
      }
      default -> {}
    }
    return raw(batches.decoder, path, query, headers, sent);
  }

  private static RawRequest raw(
      Decoder decoder, String path, String query, List<Header> headers, byte[] body) {
    return new RawRequest(
        new UUID(1, 2),
        decoder.protocol(),
        "shop",
        "s",
        "KEY",
        "192.0.2.7",
        1_796_068_759_500_000L,
        path,
        query,
        0,
        headers,
        body);
  }

  private static byte[] zipped(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  @Property(tries = 60)
  void madeRequests(@ForAll long seed) {
    Random random = new Random(seed);
    EventGenerator events = new EventGenerator(seed, Instant.parse("2026-01-10T12:00:00Z"));
    List<GeneratedEvent> some =
        Stream.generate(events::next).limit(1 + random.nextInt(random.nextInt(700) + 1)).toList();
    Decoder decoder = new SegmentDecoder();
    List<Header> headers = List.of(new Header("content-type", "application/json"));
    RawRequest sent = raw(decoder, "/v1/batch", "", headers, EventGenerator.batch(some));
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
      Splitting.check(segment, raw(segment, "/v1/batch", "", json, batch), random);
    }
  }

  /** A client's real body: base64 of gzip. */
  @Test
  void aRealClientsRequest() throws IOException {
    Path folder = TestData.folder("shop-events");
    byte[] body = Files.readAllBytes(folder.resolve("request-body.txt"));
    String query = Files.readString(folder.resolve("request-query.txt")).strip();
    Decoder decoder = new ClickstreamDecoder(SegmentDecoder.MAX_EVENT_BYTES);
    RawRequest sent = raw(decoder, "/collect", query, List.of(), body);
    Outline outline = decoder.outline(RequestHead.of(sent), Splitting.body(decoder, sent));

    assertThat(outline.spans().orElseThrow().count()).isGreaterThan(100);
    for (int seed = 0; seed < 3; seed++) {
      Splitting.check(decoder, sent, new Random(seed));
    }
  }

  @Test
  void whatAllEventsShareIsInEachPart() {
    String body =
        "{\"sentAt\":\"2026-01-10T12:00:00Z\",\"batch\":[ {\"messageId\":\"a\"} , 7 ,{\"messageId\":\"b\"}"
            + " ],\"context\":{}}";
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
            zipped(calls.getBytes(UTF_8)));
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

  /** Wherever a copy comes from: another client, another protocol, another batch. */
  @Test
  void oneIdIsInOnePartition() {
    Decoder decoder = new CloudEventsDecoder(LARGEST);
    String id = "/s e-1";
    int partition = EventHash.of("shop", id).partition(12);
    String event = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/s\",\"type\":\"t\"}";
    List<Header> type = List.of(new Header("content-type", "application/cloudevents-batch+json"));
    RawRequest alone = raw(decoder, "/ce", "", type, ("[" + event + "]").getBytes(UTF_8));
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
