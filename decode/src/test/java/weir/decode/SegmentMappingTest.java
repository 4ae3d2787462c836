package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.decode.SegmentRequests.one;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

/** Which columns the fields of Segment's calls find. */
class SegmentMappingTest {
  @Test
  void aTrackCallInFull() {
    Decoded.Event event =
        one(
            "/v1/track",
            """
            {"event":"Order Completed","messageId":"m1","userId":"u","anonymousId":"a",
             "timestamp":"2026-01-31T12:34:56.789Z","sentAt":"2026-01-31T12:34:57Z",
             "integrations":{"All": true},
             "properties":{"revenue":12.5,"currency":"EUR","n":1,"yes":true,"none":null,
               "big":9007199254740993,"items":[ {"a" : 1} ],"t":"\\u00e9\\ud83d\\ude00"},
             "context":{"ip":"203.0.113.9","library":{"name":"analytics-node","version":"3.1"},
               "app":{"name":"Shop","version":"2","build":7,"namespace":"x.y"},
               "page":{"url":"https://me@Shop.Example:8443/a?b#c","path":"/a","title":"T",
                 "referrer":"http://[::1]:80/x","search":"?b"},
               "campaign":{"name":"n","source":"s","medium":"m","term":"t","content":"c"},
               "os":{"name":"iOS","version":"19"},"device":{"type":"iOS","model":"iPhone","id":"d"},
               "screen":{"width":390,"height":844.0,"density":3},
               "locale":"de-DE","timezone":"Europe/Berlin","userAgent":"UA \\"x\\"","session_id":17}}
            """);

    Map<EventColumn, Object> columns = event.columns();
    assertThat(columns)
        .containsEntry(EventColumn.EVENT, "Order Completed")
        .containsEntry(EventColumn.EVENT_ID, "m1")
        .containsEntry(EventColumn.KIND, "purchase")
        .containsEntry(EventColumn.PROTOCOL, "segment")
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1_769_862_896_789_000L)
        .containsEntry(EventColumn.USER_ID, "u")
        .containsEntry(EventColumn.ANONYMOUS_ID, "a")
        .containsEntry(EventColumn.SESSION_ID, "17")
        .containsEntry(EventColumn.LIBRARY, "analytics-node")
        .containsEntry(EventColumn.LIBRARY_VERSION, "3.1")
        .containsEntry(EventColumn.PLATFORM, "ios")
        .containsEntry(EventColumn.APP_NAME, "Shop")
        .containsEntry(EventColumn.APP_BUILD, "7")
        .containsEntry(EventColumn.PAGE_HOST, "shop.example")
        .containsEntry(EventColumn.PAGE_PATH, "/a")
        .containsEntry(EventColumn.REFERRER_HOST, "[::1]")
        .containsEntry(EventColumn.UTM_CAMPAIGN, "n")
        .containsEntry(EventColumn.OS, "iOS")
        .containsEntry(EventColumn.DEVICE_MODEL, "iPhone")
        .containsEntry(EventColumn.SCREEN_WIDTH, 390)
        .containsEntry(EventColumn.SCREEN_HEIGHT, 844)
        .containsEntry(EventColumn.LOCALE, "de-DE")
        .containsEntry(EventColumn.TIMEZONE, "Europe/Berlin")
        .containsEntry(EventColumn.IP, "203.0.113.9")
        .containsEntry(EventColumn.VALUE, 12.5)
        .containsEntry(EventColumn.CURRENCY, "EUR")
        .doesNotContainKey(EventColumn.TIMESTAMP);
    columns.forEach((column, value) -> assertThat(value).isInstanceOf(column.type().javaClass()));
    assertThat(event.sentAt()).isEqualTo(1_769_862_897_000_000L);
    assertThat(event.correctClock()).isTrue();
    assertThat(event.properties())
        .containsExactly(
            Map.entry("revenue", 12.5),
            Map.entry("currency", "EUR"),
            Map.entry("n", 1.0),
            Map.entry("yes", true),
            Map.entry("big", new Decoded.Json("9007199254740993")),
            Map.entry("items", new Decoded.Json("[ {\"a\" : 1} ]")),
            Map.entry("t", "\u00e9\ud83d\ude00"),
            Map.entry("_integrations", new Decoded.Json("{\"All\": true}")),
            Map.entry(
                "_context",
                new Decoded.Json(
                    "{\"app\":{\"namespace\":\"x.y\"},\"page\":{\"search\":\"?b\"},"
                        + "\"device\":{\"id\":\"d\"},\"screen\":{\"density\":3},"
                        + "\"userAgent\":\"UA \\\"x\\\"\"}")));
  }

  /** Some clients send numbers as texts; what comes first of the three counts then, too. */
  @Test
  void whatAnEventIsWorth() {
    Map<String, Double> worths =
        Map.ofEntries(
            Map.entry("'revenue':12.5,'total':5", 12.5),
            Map.entry("'revenue':0,'total':100", 0.0),
            Map.entry("'revenue':'12.50','total':5", 12.5),
            Map.entry("'revenue':'0','value':9", 0.0),
            Map.entry("'total':' 8.5 '", 8.5),
            Map.entry("'value':'-1e3'", -1000.0),
            Map.entry("'revenue':9007199254740993,'total':1", 9007199254740992.0),
            Map.entry("'revenue':'free','total':3", 3.0),
            Map.entry("'revenue':'','value':4", 4.0),
            Map.entry("'revenue':null,'value':4", 4.0),
            Map.entry("'revenue':{'a':1},'value':4", 4.0));
    worths.forEach((properties, worth) ->
        assertThat(track(properties).columns())
            .as(properties)
            .containsEntry(EventColumn.VALUE, worth));
    for (String none : List.of("'revenue':'1,50'", "'value':'NaN'", "'value':'1e999'", "'a':1")) {
      assertThat(track(none).columns()).as(none).doesNotContainKey(EventColumn.VALUE);
    }
  }

  @Test
  void aSessionsIdMayBeANumber() {
    Map<String, String> sessions =
        Map.of(
            "'session_id':'s'",
            "s",
            "'session_id':17",
            "17",
            "'sessionId':1769862896789",
            "1769862896789",
            "'session_id':100000000000000000000",
            "100000000000000000000",
            "'session_id':90071992547409931",
            "90071992547409931");
    sessions.forEach((properties, session) ->
        assertThat(track(properties).columns())
            .as(properties)
            .containsEntry(EventColumn.SESSION_ID, session));
    assertThat(track("'session_id':{'a':1}").columns()).doesNotContainKey(EventColumn.SESSION_ID);
  }

  private Decoded.Event track(String properties) {
    String event = "{'event':'a','userId':'u','properties':{" + properties + "}}";
    return one("/v1/track", event.replace('\'', '"'));
  }

  @Test
  void theOtherCalls() {
    Decoded.Event page =
        one(
            "/v1/page",
            "{\"anonymousId\":\"a\",\"name\":\"Home\",\"category\":\"c\","
                + "\"properties\":{\"url\":\"https://e.org/x\",\"title\":\"T\",\"referrer\":\"\"}}");
    assertThat(page.columns())
        .containsEntry(EventColumn.EVENT, "page_viewed")
        .containsEntry(EventColumn.KIND, "page_view")
        .containsEntry(EventColumn.PAGE_URL, "https://e.org/x")
        .containsEntry(EventColumn.PAGE_HOST, "e.org")
        .containsEntry(EventColumn.PAGE_TITLE, "T")
        .containsEntry(EventColumn.IP, "192.0.2.7")
        .doesNotContainKey(EventColumn.REFERRER);
    assertThat(page.properties())
        .containsEntry("name", "Home")
        .containsEntry("category", "c")
        .hasSize(5);

    Decoded.Event screen = one("/v1/screen", "{\"userId\":7,\"name\":\"Main\"}");
    assertThat(screen.columns())
        .containsEntry(EventColumn.EVENT, "screen_viewed")
        .containsEntry(EventColumn.KIND, "screen_view")
        .containsEntry(EventColumn.SCREEN_NAME, "Main")
        .containsEntry(EventColumn.USER_ID, "7");

    Decoded.Event identify =
        one("/v1/identify", "{\"userId\":\"u\",\"type\":\"track\",\"traits\":{\"plan\":\"x\"}}");
    assertThat(identify.columns())
        .containsEntry(EventColumn.EVENT, "identified")
        .containsEntry(EventColumn.KIND, "identify");
    assertThat(identify.properties())
        .containsExactly(Map.entry("plan", "x"), Map.entry("_type", "track"));

    Decoded.Event group =
        one("/v1/group", "{\"userId\":\"u\",\"groupId\":\"g\",\"traits\":{\"size\":3}}");
    assertThat(group.columns())
        .containsEntry(EventColumn.EVENT, "grouped")
        .containsEntry(EventColumn.GROUP_ID, "g");
    assertThat(group.properties()).containsExactly(Map.entry("size", 3.0));

    Decoded.Event alias = one("/v1/alias", "{\"userId\":\"u\",\"previousId\":\"old\"}");
    assertThat(alias.columns()).containsEntry(EventColumn.EVENT, "aliased");
    assertThat(alias.properties()).containsExactly(Map.entry("previousId", "old"));
  }
}
