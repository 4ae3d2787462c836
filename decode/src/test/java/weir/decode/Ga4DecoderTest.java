package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class Ga4DecoderTest {
  private static final String PATH = "/mp/collect";

  private final Ga4Decoder decoder = new Ga4Decoder(SegmentDecoder.MAX_EVENT_BYTES);

  private static Captured post(String body) {
    return Captured.post(PATH, body).with("measurement_id=G-1&api_secret=KEY");
  }

  @Test
  void aPurchase() {
    List<Decoded.Event> events = Captured.read("ga4-purchase").events(decoder);
    Decoded.Event purchase = events.getFirst();
    assertThat(purchase.columns())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry(EventColumn.EVENT, "purchase"),
                Map.entry(EventColumn.KIND, "purchase"),
                Map.entry(EventColumn.PROTOCOL, "ga4"),
                Map.entry(EventColumn.USER_ID, "u-ga4"),
                Map.entry(EventColumn.ANONYMOUS_ID, "1234567890.1796068000"),
                Map.entry(EventColumn.SESSION_ID, "1796068000"),
                Map.entry(EventColumn.ORIGINAL_TIMESTAMP, 1796068697723456L),
                Map.entry(EventColumn.VALUE, 25.5),
                Map.entry(EventColumn.CURRENCY, "EUR"),
                Map.entry(EventColumn.PAGE_TITLE, "Thank you"),
                Map.entry(EventColumn.PAGE_HOST, "shop.example"),
                Map.entry(EventColumn.REFERRER, "https://shop.example/cart"),
                Map.entry(EventColumn.IP, "203.0.113.9"),
                Map.entry(EventColumn.COUNTRY, "DE"),
                Map.entry(EventColumn.REGION, "DE-BE"),
                Map.entry(EventColumn.CITY, "Berlin"),
                Map.entry(EventColumn.DEVICE_TYPE, "mobile"),
                Map.entry(EventColumn.DEVICE_MODEL, "iPhone17,1"),
                Map.entry(EventColumn.OS, "iOS"),
                Map.entry(EventColumn.BROWSER_VERSION, "20.1"),
                Map.entry(EventColumn.LOCALE, "de-DE"),
                Map.entry(EventColumn.SCREEN_WIDTH, 390),
                Map.entry(EventColumn.SCREEN_HEIGHT, 844)));
    assertThat(purchase.properties())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry("engagement_time_msec", 100.0),
                Map.entry("transaction_id", "o-1"),
                Map.entry("coupon", "SPRING"),
                Map.entry("shipping", 3.0),
                Map.entry(
                    "items",
                    new Decoded.Json(
                        "[{\"item_id\":\"sku-1\",\"item_name\":\"Shoe\",\"price\":10,\"quantity\":2}]")),
                Map.entry("non_personalized_ads", false),
                Map.entry(
                    "consent",
                    new Decoded.Json(
                        "{\"ad_user_data\":\"GRANTED\",\"ad_personalization\":\"DENIED\"}")),
                Map.entry(
                    "user_properties",
                    new Decoded.Json("{\"plan\":{\"value\":\"pro\"},\"visits\":{\"value\":7}}")),
                Map.entry("device", new Decoded.Json("{\"brand\":\"Apple\"}")),
                Map.entry(
                    "user_location",
                    new Decoded.Json("{\"subcontinent_id\":\"155\",\"continent_id\":\"150\"}")),
                Map.entry("measurement_id", "G-MENU1")))
        .doesNotContainKeys("api_secret", "value", "currency", "session_id");
    assertThat(purchase.person().userAgent()).contains("iPhone");
    assertThat(purchase.person().ownAddress()).isTrue();
    Decoded.Event view = events.get(1);
    assertThat(view.columns())
        .containsEntry(EventColumn.KIND, "page_view")
        .containsEntry(EventColumn.SESSION_ID, "1796068000")
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1796068690000000L);
    assertThat(view.properties()).containsEntry("dark", true).doesNotContainKey("note");
    assertThat(view.columns().get(EventColumn.EVENT_ID))
        .isNotEqualTo(purchase.columns().get(EventColumn.EVENT_ID));
  }

  @Test
  void anApp() {
    List<Decoded.Event> events = Captured.read("ga4-app").events(decoder);
    assertThat(events.get(0).columns())
        .containsEntry(EventColumn.KIND, "screen_view")
        .containsEntry(EventColumn.SCREEN_NAME, "Menu")
        .containsEntry(EventColumn.ANONYMOUS_ID, "0123456789abcdef0123456789abcdef")
        .containsEntry(EventColumn.IP, "192.0.2.7");
    assertThat(events.get(0).person()).isEqualTo(Decoded.Person.UNKNOWN);
    assertThat(events.get(1).columns())
        .containsEntry(EventColumn.UTM_SOURCE, "mail")
        .containsEntry(EventColumn.UTM_CAMPAIGN, "spring")
        .containsEntry(EventColumn.UTM_CONTENT, "top");
    assertThat(events.get(1).properties()).containsEntry("campaign_id", "c-1");
    assertThat(events.get(2).properties()).containsOnlyKeys("firebase_app_id");
  }

  @Test
  void theKeyIsTheSecret() {
    Captured request = Captured.read("ga4-app");
    assertThat(((Inspection.Readable) decoder.inspect(request.head(), request.body())).writeKey())
        .isEqualTo("KEY");
  }

  @Test
  void whatIsSaidBehindTheEventsCounts() {
    Decoded.Event event = post("{\"events\":[{\"name\":\"e\"}],\"client_id\":5.5}").event(decoder);
    assertThat(event.columns()).containsEntry(EventColumn.ANONYMOUS_ID, "5.5");
  }

  @Test
  void valuesOfOtherKindsStayProperties() {
    Decoded.Event event =
        post("""
        {"client_id":"c","device":"phone","events":[{"name":"e","x":[1],"params":{
          "value":"12.5","currency":7,"page_title":{"a":1},"screen_resolution":"big"}}]}
        """)
            .event(decoder);
    assertThat(event.columns())
        .containsEntry(EventColumn.VALUE, 12.5)
        .containsEntry(EventColumn.CURRENCY, "7");
    assertThat(event.properties())
        .containsEntry("page_title", new Decoded.Json("{\"a\":1}"))
        .containsEntry("screen_resolution", "big")
        .containsEntry("device", "phone")
        .containsEntry("x", new Decoded.Json("[1]"));
  }

  @Test
  void badEvents() {
    assertThat(post("{\"events\":[{\"name\":\"e\"}]}").bad(decoder).reason())
        .isEqualTo("no_identity");
    assertThat(post("{\"client_id\":\"c\",\"events\":[{}]}").bad(decoder).reason())
        .isEqualTo("no_event_name");
    assertThat(post("{\"client_id\":\"c\",\"events\":[7]}").bad(decoder))
        .returns("not_an_object", Decoded.Bad::reason)
        .satisfies(bad -> assertThat(bad.payload()).asString().isEqualTo("7"));
    assertThat(
            post("{\"client_id\":\"c\",\"events\":[{\"name\":\"e\",\"timestamp_micros\":\"x\"}]}")
                .bad(decoder))
        .returns("invalid_timestamp", Decoded.Bad::reason)
        .returns("decode", Decoded.Bad::stage);
    assertThat(
            post("{\"client_id\":\"c\",\"events\":[{\"name\":\"e\",\"x\":\""
                    + "x".repeat(40)
                    + "\"}]}")
                .bad(new Ga4Decoder(40))
                .reason())
        .isEqualTo("event_too_large");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(post("[]").refusal(decoder)).contains("\"events\"");
    assertThat(post("{}").refusal(decoder)).contains("\"events\"");
    assertThat(post("{\"events\":[" + "{},".repeat(25) + "{}]}").refusal(decoder)).contains("25");
    assertThat(post("{\"events\":[{\"name\":\"e\"}").refusal(decoder)).contains("not JSON");
    assertThat(
            post("{\"events\":[],\"user_properties\":\"" + "x".repeat(40) + "\"}")
                .refusal(new Ga4Decoder(40)))
        .contains("beside its events");
  }

  @Test
  void validationStoresNothingAndTells() {
    Captured wrong = Captured.post("/debug/mp/collect", "{\"events\":[{\"name\":\"e\"},{}]}");
    Inspection.Readable seen = (Inspection.Readable) decoder.inspect(wrong.head(), wrong.body());
    assertThat(seen.events()).isZero();
    assertThat(text(decoder.reply(wrong.head(), seen)))
        .isEqualTo(
            "{\"validationMessages\":[{\"fieldPath\":\"client_id\","
                + "\"description\":\"Send client_id, app_instance_id or user_id.\","
                + "\"validationCode\":\"VALUE_REQUIRED\"},"
                + "{\"fieldPath\":\"events[1].name\",\"description\":\"The event has no name.\","
                + "\"validationCode\":\"VALUE_REQUIRED\"}]}");
    Captured right =
        Captured.post("/debug/mp/collect", "{\"client_id\":\"c\",\"events\":[{\"name\":\"e\"}]}");
    seen = (Inspection.Readable) decoder.inspect(right.head(), right.body());
    assertThat(text(decoder.reply(right.head(), seen))).isEqualTo("{\"validationMessages\":[]}");
    assertThat(decoder.reply(new RequestHead(PATH, "", null), seen))
        .isInstanceOfSatisfying(
            Reply.Exactly.class, reply -> assertThat(reply.status()).isEqualTo(204));
  }

  private static String text(Reply reply) {
    return new String(((Reply.Exactly) reply).body(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
