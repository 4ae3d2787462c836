package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class SegmentDecoderTest {
  private final SegmentDecoder decoder = new SegmentDecoder();

  private List<Decoded> decode(String path, String contentType, String body) {
    return SegmentRequests.decode(path, contentType, body);
  }

  private Decoded.Event one(String path, String body) {
    return SegmentRequests.one(path, body);
  }

  private String malformed(String path, String body) {
    return malformed(path, body.getBytes(UTF_8));
  }

  private String malformed(String path, byte[] body) {
    return ((Inspection.Malformed) decoder.inspect(new RequestHead(path, "", null), body))
        .message();
  }

  private List<String> reasons(@Nullable String contentType, String body) {
    return ((Inspection.Readable)
            decoder.inspect(new RequestHead("/v1/batch", "", contentType), body.getBytes(UTF_8)))
        .quarantined().stream().map(bad -> bad.index() + " " + bad.reason()).toList();
  }

  /** Wherever a half pair is escaped, it costs no event: U+FFFD stands in its place. */
  @Test
  void halfPairsInNamesAreMendedAsInValues() {
    for (String half : List.of("\\ud800", "\\udc00", "\\udfff\\ud83d", "\\ud83d\\u0041")) {
      String mended = half.endsWith("41") ? "\uFFFDA" : "\uFFFD".repeat(half.length() / 6);
      String event =
          """
          {"type":"track","event":"e%1$s","userId":"u","properties":
           {"a%1$s":"v%1$s","n":{"x%1$s":1}},"c%1$s":2,"context":{"d%1$s":3}}
          """
              .formatted(half)
              .replace("\n", "");
      for (String body :
          List.of(
              "[" + event + ",{\"type\":\"track\",\"event\":\"next\",\"userId\":\"u\"}]",
              "{\"b%s\":1,\"batch\":[%s,{\"type\":\"track\",\"event\":\"next\",\"userId\":\"u\"}]}"
                  .formatted(half, event))) {
        List<Decoded> both = decode("/v1/batch", "application/json", body);
        assertThat(both).as(body).hasSize(2);
        Decoded.Event first = (Decoded.Event) both.getFirst();
        assertThat(first.columns()).containsEntry(EventColumn.EVENT, "e" + mended);
        assertThat(first.properties()).containsEntry("a" + mended, "v" + mended);
        assertThat(((Decoded.Event) both.getLast()).columns())
            .containsEntry(EventColumn.EVENT, "next");
      }
    }
    Decoded.Event whole =
        one(
            "/v1/track",
            "{\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"\\ud83d\\ude00\":1}}");
    assertThat(whole.properties()).containsKey("\uD83D\uDE00");
  }

  @Test
  void aByteOrderMarkBeforeABodyIsNoPartOfIt() {
    String event = "{\"type\":\"track\",\"event\":\"a\",\"userId\":\"u\"}";
    assertThat(one("/v1/track", "\ufeff" + event).columns()).containsEntry(EventColumn.EVENT, "a");
    assertThat(one("/v1/batch", "\ufeff{\"batch\":[" + event + "]}").columns())
        .containsEntry(EventColumn.EVENT, "a");
    assertThat(reasons("application/x-ndjson", "\ufeff" + event + "\n" + event)).isEmpty();
    assertThat(malformed("/v1/track", "\ufeff".getBytes(UTF_8))).contains("empty");
    assertThat(malformed("/v1/track", (event + "\ufeff").getBytes(UTF_8))).isNotEmpty();
  }

  @Test
  void aBatchGivesItsEventsWhatTheyLack() {
    List<Decoded> decoded =
        decode(
            "/v1/import",
            "application/json",
            """
            {"batch":[{"type":"track","event":"a","userId":"u","context":{"locale":"fr"}},
                      {"type":"track","event":"b","userId":"u","sentAt":"2026-01-02T00:00:00Z"}],
             "sequence":4,"sentAt":"2026-01-01T00:00:00Z","writeKey":"K",
             "context":{"locale":"en","library":{"name":"analytics-java"}}}
            """);

    Decoded.Event a = (Decoded.Event) decoded.get(0);
    Decoded.Event b = (Decoded.Event) decoded.get(1);
    assertThat(a.columns())
        .containsEntry(EventColumn.LOCALE, "fr")
        .containsEntry(EventColumn.LIBRARY, "analytics-java")
        .containsEntry(EventColumn.PLATFORM, "server");
    assertThat(b.columns()).containsEntry(EventColumn.LOCALE, "en");
    assertThat(a.properties()).containsExactly(Map.entry("_sequence", 4.0));
    assertThat(a.sentAt()).isEqualTo(1_767_225_600_000_000L);
    assertThat(b.sentAt()).isEqualTo(1_767_312_000_000_000L);
    assertThat(a.correctClock()).isFalse();
    Object idA = a.columns().get(EventColumn.EVENT_ID);
    assertThat(idA).isNotEqualTo(b.columns().get(EventColumn.EVENT_ID));
    assertThat(idA)
        .isEqualTo(
            one("/v1/track", "{\"event\":\"z\",\"userId\":\"u\"}")
                .columns()
                .get(EventColumn.EVENT_ID));
  }

  /** JSON can escape half a surrogate pair, in names as well, and UTF-8 cannot hold it. */
  @Test
  void halfSurrogatePairsAreReplacedWhereverTheyAre() {
    String half = "\\ud800";
    List<Decoded> decoded =
        decode(
            "/v1/batch",
            "application/json",
            ("{`batch`:[{`type`:`track`,`event`:`a$b`,`userId`:`u`,`properties`:"
                    + "{`x$y`:1,`$`:`$`,`n`:{`$z`:[`$`]}}},"
                    + "{`type`:`track`,`event`:`c`,`userId`:`u`}]}")
                .replace("$", half)
                .replace('`', '"'));
    assertThat(decoded).hasSize(2).allMatch(Decoded.Event.class::isInstance);
    Decoded.Event event = (Decoded.Event) decoded.getFirst();
    assertThat(event.columns()).containsEntry(EventColumn.EVENT, "a\ufffdb");
    assertThat(event.properties())
        .containsEntry("x\ufffdy", 1.0)
        .containsEntry("\ufffd", "\ufffd")
        .containsEntry("n", new Decoded.Json("{\"\\ufffdz\":[\"\\ufffd\"]}"));
  }

  @Test
  void theKeyInTheBody() {
    for (String body :
        new String[] {
          "{\"batch\":[],\"writeKey\":\"K\"}",
          "{\"writeKey\":\"K\",\"batch\":[{\"writeKey\":\"L\"}]}",
          "[{},{\"writeKey\":\"K\"}]"
        }) {
      assertThat(
              ((Inspection.Readable)
                      decoder.inspect(new RequestHead("/v1/batch", "", null), body.getBytes(UTF_8)))
                  .writeKey())
          .isEqualTo("K");
    }
  }

  @Test
  void whatTheDoorQuarantines() {
    String longName = "n".repeat(513);
    assertThat(
            reasons(
                null,
                """
                [{"type":"track","event":"ok","userId":"u"}, 5, [1,2], "x", null,
                 {"type":"track","event":"a"}, {"type":"track","event":"a","userId":{"x":1}},
                 {"type":"track","userId":"u"}, {"type":"track","event":" ","userId":"u"},
                 {"type":"track","event":"LONG","userId":"u"}, {"userId":"u"},
                 {"type":"nope","userId":"u"}, {"type":"group","userId":"u"},
                 {"type":"alias","userId":"u"}, {"type":"page"}]
                """
                    .replace("LONG", longName)))
        .containsExactly(
            "1 not_an_object",
            "2 not_an_object",
            "3 not_an_object",
            "4 not_an_object",
            "5 no_identity",
            "6 no_identity",
            "7 no_event_name",
            "8 no_event_name",
            "9 event_name_too_long",
            "10 unknown_type",
            "11 unknown_type",
            "12 no_group_id",
            "13 no_identity",
            "14 no_identity");
  }

  @Test
  void aLargeEventIsQuarantinedAlone() {
    String large =
        "{\"type\":\"track\",\"event\":\"a\",\"userId\":\"" + "u".repeat(1 << 20) + "\"}";

    assertThat(reasons(null, "[" + large + ",{\"type\":\"page\",\"userId\":\"u\"}]"))
        .containsExactly("0 event_too_large");
    assertThat(reasons("application/x-ndjson", large + "\n{\"type\":\"page\",\"userId\":\"u\"}"))
        .containsExactly("0 event_too_large");
  }

  @Test
  void linesAreReadEachForItself() {
    String good = "{\"type\":\"page\",\"userId\":\"u\"}";
    String deep =
        "{\"type\":\"page\",\"userId\":\"u\",\"x\":" + "[".repeat(600) + "]".repeat(600) + "}";
    String body = "\n" + good + "\r\n  \n{oops\n[1]\n" + good + good + "\n" + deep + "\n" + good;

    assertThat(reasons("Application/X-NDJSON; charset=utf-8", body))
        .containsExactly(
            "1 malformed_json", "2 not_an_object", "3 malformed_json", "4 malformed_json");
    List<Decoded> decoded = decode("/v1/batch", "application/x-ndjson", body);
    assertThat(decoded).hasSize(6);
    assertThat(decoded.get(1))
        .isInstanceOfSatisfying(
            Decoded.Bad.class,
            bad -> {
              assertThat(bad.stage()).isEqualTo("collect");
              assertThat(bad.message()).contains("the line is not JSON", "column");
              assertThat(new String(bad.payload(), UTF_8)).isEqualTo("{oops");
            });
    assertThat(((Decoded.Bad) decoded.get(4)).message()).contains("500 levels");
  }

  @Test
  void aBodyThatIsNoneSaysWhy() {
    assertThat(malformed("/v1/batch", "")).contains("empty");
    assertThat(malformed("/v1/batch", "{\"batch\":[{}")).contains("not JSON", "line 1");
    assertThat(malformed("/v1/batch", "{}")).contains("no \"batch\"");
    assertThat(malformed("/v1/batch", "{\"batch\":{}}")).contains("array");
    assertThat(malformed("/v1/batch", "{\"batch\":[],\"batch\":[]}")).contains("one array");
    assertThat(malformed("/v1/batch", "7")).contains("array of events");
    assertThat(malformed("/v1/track", "[]")).contains("one event");
    assertThat(malformed("/v1/track", "{} {}")).contains("goes on after", "ndjson");
    assertThat(malformed("/v1/track", "{\"a\":NaN}")).contains("NaN");
    assertThat(malformed("/v1/track", "{\"a\":01}")).contains("not JSON");
    assertThat(malformed("/v1/track", "{\"a\":" + "[".repeat(501))).contains("500 levels");
    assertThat(malformed("/v1/track", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
        .contains("not JSON");
    assertThat(malformed("/v1/track", new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"'}))
        .contains("not UTF-8 at byte 2");
    assertThat(malformed("/v1/batch", "[" + "0,".repeat(100_000) + "0]")).contains("100000");
  }

  @Test
  void anUnreadableTimeIsBadLaterOn() {
    Decoded.Bad bad =
        (Decoded.Bad)
            decode(
                    "/v1/track",
                    "text/plain",
                    "{\"event\":\"e\",\"userId\":\"u\",\"timestamp\":\"soon\"}")
                .getFirst();

    assertThat(bad.stage()).isEqualTo("decode");
    assertThat(bad.reason()).isEqualTo("invalid_timestamp");
    assertThat(bad.message()).contains("soon", "ISO 8601");
    assertThat(bad.event()).isEqualTo("e");
  }

  @Test
  void whatABatchSaysOfAllItsEventsIsBounded() {
    String event = "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\"}";
    String long1 = "\"context\":{\"x\":\"" + "y".repeat(1 << 20) + "\"}";
    assertThat(malformed("/v1/batch", "{" + long1 + ",\"batch\":[" + event + "]}"))
        .contains("beside its events", "1048576");
    String shared = "\"context\":{\"x\":\"" + "y".repeat(20_000) + "\"}";
    String many = "[" + (event + ",").repeat(3_999) + event + "]";
    String bomb = "{\"batch\":" + many + "," + shared + "}";
    assertThat(malformed("/v1/batch", bomb)).contains("4000 events", "smaller batches");
    RawRequest request =
        new RawRequest(
            SegmentRequests.ID,
            "segment",
            "p",
            "s",
            "k",
            "",
            5,
            "/v1/batch",
            "",
            4_000,
            List.of(),
            bytes(bomb));
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(request, request.body(), decoded::add);
    assertThat(decoded)
        .hasSize(4_000)
        .allSatisfy(
            bad -> assertThat(((Decoded.Bad) bad).reason()).isEqualTo("unreadable_request"));
    assertThat(decode("/v1/batch", "application/json", "{\"batch\":" + many + "}")).hasSize(4_000);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aRequestThatCannotBeReadAnyMoreStaysCounted() {
    RawRequest request =
        new RawRequest(
            SegmentRequests.ID,
            "segment",
            "p",
            "s",
            "k",
            "",
            5,
            "/v1/batch",
            "",
            3,
            List.of(),
            new byte[] {'x'});

    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(request, request.body(), decoded::add);
    assertThat(decoded)
        .hasSize(3)
        .allSatisfy(
            bad -> assertThat(((Decoded.Bad) bad).reason()).isEqualTo("unreadable_request"));
  }

  @Test
  void numbersAreDoublesWhereTheyFit() {
    Decoded.Event event =
        one(
            "/v1/track",
            """
            {"event":"e","userId":"u","properties":{"a":0.1,"b":-0,"c":1e400,"d":1e-400,"e":0e9,
             "f":9007199254740992,"g":9007199254740993,"h":1e20,"i":100000000000000000000,
             "j":123456789012345678901234567890,"k":-1.5E+3}}
            """);

    assertThat(event.properties())
        .containsExactly(
            Map.entry("a", 0.1),
            Map.entry("b", -0.0),
            Map.entry("c", new Decoded.Json("1e400")),
            Map.entry("d", new Decoded.Json("1e-400")),
            Map.entry("e", 0.0),
            Map.entry("f", 9007199254740992.0),
            Map.entry("g", new Decoded.Json("9007199254740993")),
            Map.entry("h", 1e20),
            Map.entry("i", 1e20),
            Map.entry("j", new Decoded.Json("123456789012345678901234567890")),
            Map.entry("k", -1500.0));
  }

  @Test
  void theLastOfTwoCounts() {
    Decoded.Event event =
        one(
            "/v1/track",
            "{\"event\":\"a\",\"event\":\"b\",\"userId\":\"u\",\"userId\":\"v\","
                + "\"properties\":{\"x\":1,\"x\":\"y\"}}");

    assertThat(event.columns())
        .containsEntry(EventColumn.EVENT, "b")
        .containsEntry(EventColumn.USER_ID, "v");
    assertThat(event.properties()).containsExactly(Map.entry("x", "y"));
  }

  @Test
  void nothingIsLostWhereNamesCollide() {
    Decoded.Event event =
        one(
            "/v1/track",
            "{\"event\":\"a\",\"userId\":\"u\",\"context\":5,\"name\":\"n\","
                + "\"traits\":{\"t\":1},\"properties\":{\"_context\":1,\"__context\":2}}");

    assertThat(event.properties())
        .containsEntry("_context", 1.0)
        .containsEntry("__context", 2.0)
        .containsEntry("___context", 5.0)
        .containsEntry("_name", "n")
        .containsEntry("_traits_t", 1.0);
  }
}
