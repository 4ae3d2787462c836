package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class SnowplowDecoderTest {
  private static final String TP2 = "/com.snowplowanalytics.snowplow/tp2";

  private final SnowplowDecoder decoder = new SnowplowDecoder(SegmentDecoder.MAX_EVENT_BYTES);

  private static Captured batch(String... events) {
    return Captured.post(
        TP2,
        "{\"schema\":\"iglu:x/payload_data/jsonschema/1-0-4\",\"data\":["
            + String.join(",", events)
            + "]}");
  }

  private Decoded.Event one(String event) {
    return batch(event).event(decoder);
  }

  @Test
  void nodeTracker() {
    List<Decoded.Event> events = Captured.read("snowplow-node-base64").events(decoder);
    assertThat(events)
        .extracting(event -> event.columns().get(EventColumn.EVENT))
        .containsExactly(
            "page_viewed",
            "page_ping",
            "Dish Ordered",
            "dish_viewed",
            "link_click",
            "transaction",
            "transaction_item");
    assertThat(events)
        .extracting(event -> event.columns().get(EventColumn.KIND))
        .containsExactly("page_view", "user_engagement", null, null, "click", "purchase", null);
    assertThat(events)
        .extracting(event -> event.columns().get(EventColumn.VALUE))
        .containsExactly(null, null, 9.5, null, null, 25.5, 20.0);
    Decoded.Event view = events.getFirst();
    assertThat(view.columns())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry(EventColumn.EVENT_ID, "e9643927-cd49-4226-b30d-297fc75103e8"),
                Map.entry(EventColumn.PROTOCOL, "snowplow"),
                Map.entry(EventColumn.USER_ID, "u-post"),
                Map.entry(EventColumn.ANONYMOUS_ID, "d-u-post"),
                Map.entry(EventColumn.SESSION_ID, "s-1"),
                Map.entry(EventColumn.LIBRARY, "node"),
                Map.entry(EventColumn.LIBRARY_VERSION, "4.8.0"),
                Map.entry(EventColumn.PLATFORM, "server"),
                Map.entry(EventColumn.PAGE_TITLE, "Shoe"),
                Map.entry(EventColumn.PAGE_HOST, "shop.example"),
                Map.entry(EventColumn.REFERRER_HOST, "search.example"),
                Map.entry(EventColumn.IP, "203.0.113.7"),
                Map.entry(EventColumn.LOCALE, "de-DE"),
                Map.entry(EventColumn.TIMEZONE, "Europe/Berlin"),
                Map.entry(EventColumn.SCREEN_WIDTH, 1920),
                Map.entry(EventColumn.SCREEN_HEIGHT, 1080),
                Map.entry(EventColumn.VIEWPORT_WIDTH, 1200),
                Map.entry(EventColumn.VIEWPORT_HEIGHT, 900),
                Map.entry(EventColumn.LATITUDE, 52.5),
                Map.entry(EventColumn.LONGITUDE, 13.25)))
        .doesNotContainKey(EventColumn.APP_NAME);
    assertThat(view.properties())
        .containsEntry("page_view_id", "view-1")
        .containsEntry("domain_sessionidx", 3.0)
        .containsEntry("br_colordepth", 24.0)
        .containsEntry(
            "table",
            new Decoded.Json(
                "[{\"_schema\":\"iglu:com.acme/table/jsonschema/1-0-0\",\"number\":7,"
                    + "\"name\":\"Früh & spät\"}]"))
        .doesNotContainKeys("web_page", "cx", "e");
    assertThat(view.sentAt()).isNotNull();
    assertThat(view.person().userAgent()).contains("Firefox/140.0");
    assertThat(view.person().ownAddress()).isTrue();
    assertThat(events.get(3).properties())
        .containsEntry("dish", "soup")
        .containsEntry("seconds", 3.5)
        .containsEntry("hot", true)
        .containsEntry("tags", new Decoded.Json("[\"a\",\"b\"]"))
        .containsEntry("_schema", "iglu:com.acme/dishViewed/jsonschema/1-0-2");
    assertThat(events.get(2).properties())
        .containsEntry("se_category", "menu")
        .containsEntry("se_label", "soup")
        .containsEntry("se_property", "table 4");
    assertThat(events.get(5).columns()).containsEntry(EventColumn.CURRENCY, "EUR");
  }

  @Test
  void plainAndBase64MeanTheSame() {
    List<Decoded.Event> base64 = Captured.read("snowplow-node-base64").events(decoder);
    List<Decoded.Event> plain = Captured.read("snowplow-node-plain").events(decoder);
    for (int i = 0; i < base64.size(); i++) {
      assertThat(plain.get(i).properties()).isEqualTo(base64.get(i).properties());
      assertThat(plain.get(i).columns().keySet()).isEqualTo(base64.get(i).columns().keySet());
    }
  }

  /** What is read once for events that repeat it is neither missed nor given to others. */
  @Test
  void eachEventHasItsOwnContexts() {
    String sent =
        "{\"e\":\"pv\",\"co\":\"{\\\"data\\\":[{\\\"schema\\\":\\\"iglu:x/table/jsonschema/1\\\","
            + "\\\"data\\\":{\\\"n\\\":%s}}]}\"}";
    List<Decoded.Event> events =
        batch(
                sent.formatted(1),
                sent.formatted(1),
                sent.formatted(2),
                "{\"e\":\"pv\"}",
                "{\"e\":\"pv\",\"co\":\"no JSON\"}",
                "{\"e\":\"pv\",\"co\":\"no JSON\"}",
                sent.formatted(1))
            .events(decoder);
    String table = "[{\"_schema\":\"iglu:x/table/jsonschema/1\",\"n\":%s}]";
    Decoded.Json one = new Decoded.Json(table.formatted(1));
    assertThat(events)
        .extracting(event -> event.properties().get("table"))
        .containsExactly(one, one, new Decoded.Json(table.formatted(2)), null, null, null, one);
    assertThat(events)
        .extracting(event -> event.properties().get("co"))
        .containsExactly(null, null, null, null, "no JSON", "no JSON", null);
  }

  @Test
  void browserTracker() {
    Decoded.Event view = Captured.read("snowplow-browser").events(decoder).getFirst();
    assertThat(view.columns())
        .containsEntry(EventColumn.PLATFORM, "web")
        .containsEntry(EventColumn.SESSION_ID, "f68340d7-aaad-4979-832f-a4a9b3c80d96")
        .containsEntry(EventColumn.IP, "192.0.2.7");
    assertThat(view.person().userAgent()).startsWith("Mozilla/5.0");
    assertThat(view.person().ownAddress()).isTrue();
    assertThat(view.properties())
        .containsEntry("br_cookies", true)
        .containsEntry("doc_width", 1000.0)
        .containsKeys("page_view_id", "browser_context", "client_session", "user_agent");
    assertThat(Captured.read("snowplow-browser-get").event(decoder).properties().keySet())
        .containsExactlyInAnyOrderElementsOf(view.properties().keySet());
  }

  @Test
  void anonymousTrackingLeavesNobody() {
    List<Decoded.Event> events = Captured.read("snowplow-browser-anonymous").events(decoder);
    assertThat(events)
        .hasSize(3)
        .allSatisfy(event ->
            assertThat(event.columns())
                .doesNotContainKeys(EventColumn.IP, EventColumn.USER_ID, EventColumn.ANONYMOUS_ID));
    String context =
        """
        {"data":[{"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2",\
        "data":{"userId":"00000000-0000-0000-0000-000000000000","sessionId":"s"}}]}\
        """;
    assertThat(one("{\"e\":\"pv\",\"co\":" + JsonText.quoted(context) + "}").columns())
        .containsEntry(EventColumn.SESSION_ID, "s")
        .doesNotContainKey(EventColumn.ANONYMOUS_ID);
  }

  @Test
  void theKeyMayBeTheAppIdAndThenIsNoApp() {
    Captured batch =
        batch(
            "{\"e\":\"pv\"}", "{\"e\":\"pv\",\"aid\":\"KEY\"}", "{\"e\":\"pv\",\"aid\":\"menu\"}");
    assertThat(((Inspection.Readable) decoder.inspect(batch.head(), batch.body())).writeKey())
        .isEqualTo("KEY");
    assertThat(batch.events(decoder))
        .extracting(event -> event.columns().get(EventColumn.APP_NAME))
        .containsExactly(null, null, "menu");
  }

  @Test
  void mobileContexts() {
    String contexts =
        """
        {"schema":"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1","data":[
          {"schema":"iglu:com.snowplowanalytics.snowplow/mobile_context/jsonschema/1-0-3","data":{
            "osType":"iOS","osVersion":"20.1","deviceManufacturer":"Apple","deviceModel":"iPhone17,1",
            "resolution":"390x844","language":"de-DE"}},
          {"schema":"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2","data":{
            "userId":"device-1","sessionId":"session-1","sessionIndex":2}},
          {"schema":"iglu:com.snowplowanalytics.mobile/application/jsonschema/1-0-0","data":{
            "version":"2.1","build":"77"}},
          {"schema":"iglu:com.snowplowanalytics.mobile/screen/jsonschema/1-0-0","data":{
            "name":"Menu","id":"x"}}]}
        """;
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(contexts.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Decoded.Event event =
        one("{\"e\":\"se\",\"se_ac\":\"a\",\"p\":\"mob\",\"cx\":\"" + encoded + "\"}");
    assertThat(event.columns())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry(EventColumn.PLATFORM, "ios"),
                Map.entry(EventColumn.OS, "iOS"),
                Map.entry(EventColumn.OS_VERSION, "20.1"),
                Map.entry(EventColumn.DEVICE_MODEL, "iPhone17,1"),
                Map.entry(EventColumn.SCREEN_HEIGHT, 844),
                Map.entry(EventColumn.LOCALE, "de-DE"),
                Map.entry(EventColumn.ANONYMOUS_ID, "device-1"),
                Map.entry(EventColumn.SESSION_ID, "session-1"),
                Map.entry(EventColumn.APP_VERSION, "2.1"),
                Map.entry(EventColumn.APP_BUILD, "77"),
                Map.entry(EventColumn.SCREEN_NAME, "Menu")));
    assertThat(event.properties())
        .containsKeys("mobile_context", "client_session", "application", "screen");
  }

  @Test
  void shopsOfSnowplowsOwnSchemas() {
    String data =
        """
        {"schema":"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0","data":{
          "schema":"iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2",
          "data":{"type":"transaction"}}}
        """;
    String contexts =
        """
        {"data":[{"schema":"iglu:com.snowplowanalytics.snowplow.ecommerce/transaction/jsonschema/1-0-0",
          "data":{"transaction_id":"t","revenue":12.5,"currency":"EUR"}},
         {"schema":"iglu:a.b/product/jsonschema/1-0-0","data":{"id":1}},
         {"schema":"iglu:a.b/product/jsonschema/1-0-0","data":{}},
         {"schema":"iglu:a.b/product/jsonschema/1-0-0","data":[2]}]}
        """;
    Decoded.Event event =
        one(
            "{\"e\":\"ue\",\"ue_pr\":"
                + JsonText.quoted(data)
                + ",\"co\":"
                + JsonText.quoted(contexts)
                + "}");
    assertThat(event.columns())
        .containsEntry(EventColumn.KIND, "purchase")
        .containsEntry(EventColumn.VALUE, 12.5)
        .containsEntry(EventColumn.CURRENCY, "EUR");
    assertThat(event.properties().get("product"))
        .isEqualTo(
            new Decoded.Json(
                "[{\"_schema\":\"iglu:a.b/product/jsonschema/1-0-0\",\"id\":1},"
                    + "{\"_schema\":\"iglu:a.b/product/jsonschema/1-0-0\"},"
                    + "{\"_schema\":\"iglu:a.b/product/jsonschema/1-0-0\",\"data\":[2]}]"));
  }

  @Test
  void whatIsNotUnderstoodStays() {
    Decoded.Event event =
        one(
            """
            {"e":"pv","res":"wide","se_va":"much","cookie":"maybe","stm":"then","co":"{broken",\
            "zz":"new","nested":{"a":[1]},"name":7,"flag":true,"none":null,"empty":""}\
            """);
    assertThat(event.properties())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry("res", "wide"),
                Map.entry("se_va", "much"),
                Map.entry("br_cookies", "maybe"),
                Map.entry("stm", "then"),
                Map.entry("co", "{broken"),
                Map.entry("zz", "new"),
                Map.entry("nested", new Decoded.Json("{\"a\":[1]}")),
                Map.entry("name", "7"),
                Map.entry("flag", "true")))
        .doesNotContainKeys("none", "empty");
  }

  @Test
  void clocks() {
    Decoded.Event event = one("{\"e\":\"pv\",\"dtm\":\"1796068697723\",\"stm\":\"1796068697728\"}");
    assertThat(event.columns()).containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1796068697723000L);
    assertThat(event.sentAt()).isEqualTo(1796068697728000L);
    assertThat(event.correctClock()).isTrue();
    Decoded.Event certain =
        one("{\"e\":\"pv\",\"dtm\":\"1796068697723\",\"ttm\":\"1796000000000\"}");
    assertThat(certain.columns()).containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1796000000000000L);
    assertThat(certain.correctClock()).isFalse();
    assertThat(certain.properties()).containsEntry("dvce_created_tstamp", "1796068697723");
    assertThat(batch("{\"e\":\"pv\",\"dtm\":\"soon\"}").bad(decoder).reason())
        .isEqualTo("invalid_timestamp");
  }

  @Test
  void badEvents() {
    assertThat(batch("7").bad(decoder).reason()).isEqualTo("not_an_object");
    assertThat(batch("{\"eid\":\"x\"}").bad(decoder))
        .returns("unknown_type", Decoded.Bad::reason)
        .returns("collect", Decoded.Bad::stage)
        .returns("x", Decoded.Bad::eventId);
    assertThat(batch("{\"e\":\"se\"}").bad(decoder).reason()).isEqualTo("no_event_name");
    assertThat(batch("{\"e\":\"ue\"}").bad(decoder).reason()).isEqualTo("no_event_name");
    assertThat(batch("{\"e\":\"se\",\"se_ac\":\"" + "x".repeat(513) + "\"}").bad(decoder).reason())
        .isEqualTo("event_name_too_long");
    assertThat(batch("{\"e\":\"ue\",\"ue_px\":\"e30\"}").bad(decoder))
        .returns("invalid_self_describing_event", Decoded.Bad::reason)
        .returns("decode", Decoded.Bad::stage);
    SnowplowDecoder small = new SnowplowDecoder(100);
    assertThat(batch("{\"e\":\"pv\",\"page\":\"" + "x".repeat(100) + "\"}").bad(small).reason())
        .isEqualTo("event_too_large");
    assertThat(Captured.get("/i", "e=pv&page=" + "x".repeat(100)).bad(small).payload())
        .asString()
        .startsWith("e=pv&page=xxx");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(Captured.post(TP2, "[]").refusal(decoder)).contains("\"data\"");
    assertThat(Captured.post(TP2, "{}").refusal(decoder)).contains("\"data\"");
    assertThat(Captured.post(TP2, "{\"data\":[{\"e\":\"pv\"]}").refusal(decoder))
        .contains("not JSON");
    assertThat(Captured.post(TP2, "{\"data\":[]}{}").refusal(decoder)).contains("goes on");
    assertThat(Captured.get("/i", "x=1").refusal(decoder)).contains("\"e\"");
  }

  @Test
  void answersAsTheTrackersExpect() {
    Inspection.Readable stored = new Inspection.Readable(1, null, List.of());
    assertThat(decoder.reply(new RequestHead(TP2, "", null), stored))
        .isEqualTo(decoder.reply(new RequestHead(TP2, "", null), stored))
        .isInstanceOfSatisfying(
            Reply.Exactly.class, ok -> assertThat(ok.body()).asString().isEqualTo("ok"));
    assertThat(decoder.reply(new RequestHead("/i", "", null), stored))
        .isInstanceOfSatisfying(
            Reply.Exactly.class, gif -> assertThat(gif.body()).startsWith('G', 'I', 'F'));
  }

  @Test
  void longBodiesAsShortOnes() {
    String[] events = {
      "{\"e\":\"pv\",\"eid\":\"1\",\"a\\ud800\":\"x\"}", "7", "{\"e\":\"ue\",\"ue_pr\":\"{}\"}"
    };
    Captured small = batch(events);
    events[1] = " ".repeat(600 << 10) + events[1];
    assertThat(batch(events).decode(decoder))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("payload")
        .isEqualTo(small.decode(decoder));
  }

  @Test
  void aRequestThatDecodesToMoreThanWasAcceptedIsBad() {
    Captured request = batch("{\"e\":\"pv\"}", "{\"e\":\"pv\"}");
    List<Decoded> decoded = new java.util.ArrayList<>();
    decoder.decode(request.stored(decoder, 3), request.body(), decoded::add);
    assertThat(decoded)
        .hasSize(3)
        .allSatisfy(event ->
            assertThat(event)
                .isInstanceOfSatisfying(
                    Decoded.Bad.class,
                    bad -> assertThat(bad.reason()).isEqualTo("unreadable_request")));
  }

  @Test
  void halfPairsAndOddNamesCostNothing() {
    Decoded.Event event =
        one(
            "{\"e\":\"ue\",\"a\\ud800\":\"x\",\"ue_pr\":"
                + JsonText.quoted(
                    "{\"data\":{\"schema\":\"iglu:a/b/c/d\",\"data\":{\"k\\ud800\":\"v\\udc00\",\"_schema\":1}}}")
                + "}");
    assertThat(event.properties())
        .containsEntry("a\ufffd", "x")
        .containsEntry("k\ufffd", "v\ufffd")
        .containsEntry("_schema", 1.0)
        .containsEntry("__schema", "iglu:a/b/c/d");
  }

  @Test
  void whatIsBesideTheEventsIsBoundedAtTheDoor() {
    SnowplowDecoder decoder = new SnowplowDecoder(1_000);
    String event = "{\"e\":\"pv\"}";
    String path = "/com.snowplowanalytics.snowplow/tp2";
    String around = "{\"a\":\"%s\",\"data\":[" + event + "],\"b\":1}";
    int fits = 1_000 - around.length() + event.length() + "%s".length();
    Captured most = Captured.post(path, around.formatted("x".repeat(fits)));

    assertThat(most.events(decoder)).hasSize(1);
    Captured more = Captured.post(path, around.formatted("x".repeat(fits + 1)));
    assertThat(more.refusal(decoder)).contains("1001 bytes beside its events");
    List<Decoded> stored = new ArrayList<>();
    decoder.decode(more.stored(decoder, 1), more.body(), stored::add);
    assertThat(stored).hasSize(1).first().isInstanceOf(Decoded.Event.class);
  }
}
