package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class PostHogDecoderTest {
  /** As posthog-js sends it. */
  private static final String BROWSER =
      """
      {"uuid":"01a22e03-e20f-704b-8e5b-c64f2791fa51","event":"$pageview","properties":{
       "$os":"Linux","$browser":"Chrome","$device_type":"Desktop","$timezone":"Europe/Berlin",
       "$current_url":"https://shop.example:8443/p?utm_source=mail&gclid=abc",
       "$host":"shop.example:8443","$pathname":"/p",
       "$raw_user_agent":"Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0","$browser_version":150,
       "$browser_language":"de-DE","$screen_height":720,"$screen_width":1280,
       "$viewport_height":700,"$viewport_width":1270,"$lib":"web","$lib_version":"1.297.4",
       "$insert_id":"lzs809zk388kamjd","$time":1767323045.678,"distinct_id":"d-1",
       "$device_id":"d-1","utm_source":"mail","utm_medium":null,"gclid":"abc",
       "$referrer":"$direct","$referring_domain":"$direct","title":"Shop","token":"phc_shop",
       "$session_id":"s-1","$is_identified":false,"$process_person_profile":true},
       "$set_once":{"$initial_pathname":"/p"},"timestamp":"2026-01-02T03:04:05.678Z"}
      """;

  /** As posthog-node sends it. */
  private static final String NODE =
      """
      {"api_key":"phc_shop","batch":[
       {"event":"order placed","properties":{"revenue":25.5,"currency":"EUR","nested":{"a":[1]},
         "$set":{"plan":"pro"},"$groups":{"company":"c-1"},"$lib":"posthog-node",
         "$lib_version":"5.70.0","$is_server":true,"$geoip_disable":true},
        "timestamp":"2026-01-02T03:04:05.678Z","uuid":"n-1","distinct_id":"u-1"},
       {"event":"$identify","properties":{"$set":{"email":"ada@example.org","plan":"pro"},
         "$set_once":{"first":1,"plan":"free","$initial_gclid":"a","gclid":"a"},"$lib":"posthog-node","$anon_distinct_id":"d-1",
         "mood":"good"},"uuid":"n-2","distinct_id":"u-1"},
       {"event":"$create_alias","properties":{"distinct_id":"u-1","alias":"a-1",
         "$lib":"posthog-node"},"uuid":"n-3","distinct_id":"u-1"},
       {"event":"$groupidentify","properties":{"$group_type":"company","$group_key":"c-1",
         "$group_set":{"size":3},"$lib":"posthog-node"},"uuid":"n-4","distinct_id":"$company_c-1"}],
       "historical_migration":false,"sent_at":"2026-01-02T03:04:06Z"}
      """;

  private final PostHogDecoder decoder = new PostHogDecoder(SegmentDecoder.MAX_EVENT_BYTES);
  private final Requests browser = new Requests(decoder, "/e").query("ip=0&_=1767323046000");
  private final Requests batch = new Requests(decoder, "/batch");

  @Test
  void everyFieldOfABrowserHasItsPlace() {
    Decoded.Event event = browser.event(BROWSER);
    assertThat(event.columns())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry(EventColumn.EVENT, "$pageview"),
                entry(EventColumn.EVENT_ID, "01a22e03-e20f-704b-8e5b-c64f2791fa51"),
                entry(EventColumn.KIND, "page_view"),
                entry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_678_000L),
                entry(EventColumn.ANONYMOUS_ID, "d-1"),
                entry(EventColumn.SESSION_ID, "s-1"),
                entry(EventColumn.PROTOCOL, "posthog"),
                entry(EventColumn.LIBRARY, "web"),
                entry(EventColumn.LIBRARY_VERSION, "1.297.4"),
                entry(EventColumn.PLATFORM, "web"),
                entry(
                    EventColumn.PAGE_URL, "https://shop.example:8443/p?utm_source=mail&gclid=abc"),
                entry(EventColumn.PAGE_PATH, "/p"),
                entry(EventColumn.PAGE_HOST, "shop.example"),
                entry(EventColumn.PAGE_TITLE, "Shop"),
                entry(EventColumn.UTM_SOURCE, "mail"),
                entry(EventColumn.CLICK_ID, "abc"),
                entry(EventColumn.IP, "203.0.113.9"),
                entry(EventColumn.BROWSER, "Chrome"),
                entry(EventColumn.BROWSER_VERSION, "150"),
                entry(EventColumn.OS, "Linux"),
                entry(EventColumn.DEVICE_TYPE, "desktop"),
                entry(EventColumn.SCREEN_WIDTH, 1280),
                entry(EventColumn.SCREEN_HEIGHT, 720),
                entry(EventColumn.VIEWPORT_WIDTH, 1270),
                entry(EventColumn.VIEWPORT_HEIGHT, 700),
                entry(EventColumn.LOCALE, "de-DE"),
                entry(EventColumn.TIMEZONE, "Europe/Berlin")));
    assertThat(event.properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry("$raw_user_agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0"),
                entry("$insert_id", "lzs809zk388kamjd"),
                entry("$time", 1_767_323_045.678),
                entry("gclid", "abc"),
                entry("$referrer", "$direct"),
                entry("$referring_domain", "$direct"),
                entry("$is_identified", false),
                entry("$process_person_profile", true),
                entry("$set_once", new Decoded.Json("{\"$initial_pathname\":\"/p\"}"))));
    assertThat(event.sentAt()).isEqualTo(1_767_323_046_000_000L);
    assertThat(event.person())
        .isEqualTo(new Decoded.Person("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0", true));
  }

  @Test
  void bodiesAreReadHoweverTheyAreWrapped() throws IOException {
    List<Decoded> expected = browser.decode(BROWSER);
    byte[] zipped = zipped(BROWSER);
    String base64 = Base64.getEncoder().encodeToString(BROWSER.getBytes(UTF_8));
    for (byte[] body :
        List.of(
            zipped,
            base64.getBytes(UTF_8),
            ("data=" + URLEncoder.encode(base64, UTF_8)).getBytes(UTF_8),
            ("data=" + base64 + "&compression=base64").getBytes(UTF_8),
            ("data=" + URLEncoder.encode(BROWSER, UTF_8)).getBytes(UTF_8),
            ("data=" + Base64.getEncoder().encodeToString(zipped)).getBytes(UTF_8))) {
      assertThat(browser.decode(body))
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(expected);
      assertThat(browser.readable(body).writeKey()).isEqualTo("phc_shop");
    }
    Requests get = browser.query("_=1767323046000&data=" + URLEncoder.encode(base64, UTF_8));
    assertThat(get.decode(new byte[0]))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(expected);
  }

  @Test
  void aBatchOfAServer() {
    List<Decoded> decoded = batch.decode(NODE);
    assertThat(batch.readable(NODE.getBytes(UTF_8)))
        .isEqualTo(new Inspection.Readable(4, "phc_shop", List.of()));
    Decoded.Event order = (Decoded.Event) decoded.getFirst();
    assertThat(order.columns())
        .containsEntry(EventColumn.USER_ID, "u-1")
        .containsEntry(EventColumn.PLATFORM, "server")
        .containsEntry(EventColumn.VALUE, 25.5)
        .containsEntry(EventColumn.CURRENCY, "EUR")
        .containsEntry(EventColumn.GROUP_ID, "c-1")
        .doesNotContainKey(EventColumn.ANONYMOUS_ID);
    assertThat(order.sentAt()).isEqualTo(1_767_323_046_000_000L);
    assertThat(order.person()).isEqualTo(Decoded.Person.UNKNOWN);
    assertThat(order.properties())
        .containsEntry("$set", new Decoded.Json("{\"plan\":\"pro\"}"))
        .containsEntry("nested", new Decoded.Json("{\"a\":[1]}"))
        .containsEntry("historical_migration", false);
  }

  @Test
  void traitsAndAliasesAreFoundAsThoseOfOtherClients() {
    List<Decoded> decoded = batch.decode(NODE);
    Decoded.Event identify = (Decoded.Event) decoded.get(1);
    assertThat(identify.columns())
        .containsEntry(EventColumn.EVENT, "identified")
        .containsEntry(EventColumn.KIND, "identify")
        .containsEntry(EventColumn.USER_ID, "u-1")
        .containsEntry(EventColumn.ANONYMOUS_ID, "d-1");
    assertThat(identify.properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "email",
                "ada@example.org",
                "plan",
                "pro",
                "first",
                1.0,
                "historical_migration",
                false,
                "$set_once",
                new Decoded.Json(
                    "{\"first\":1,\"plan\":\"free\",\"$initial_gclid\":\"a\",\"gclid\":\"a\"}"),
                "_properties",
                new Decoded.Json("{\"mood\":\"good\"}")));
    Decoded.Event alias = (Decoded.Event) decoded.get(2);
    assertThat(alias.columns())
        .containsEntry(EventColumn.EVENT, "aliased")
        .containsEntry(EventColumn.USER_ID, "u-1");
    assertThat(alias.properties()).containsEntry("previousId", "a-1").doesNotContainKey("alias");
    Decoded.Event group = (Decoded.Event) decoded.get(3);
    assertThat(group.columns())
        .containsEntry(EventColumn.EVENT, "grouped")
        .containsEntry(EventColumn.GROUP_ID, "c-1")
        .doesNotContainKey(EventColumn.USER_ID);
    assertThat(group.properties()).containsEntry("size", 3.0);
  }

  @Test
  void whoIsKnownIsAUser() {
    assertThat(who("\"$is_identified\":true,\"$device_id\":\"d\"", "u")).isEqualTo("u/d");
    assertThat(who("\"$is_identified\":false,\"$device_id\":\"d\"", "d")).isEqualTo("null/d");
    assertThat(who("\"$device_id\":\"d\"", "d")).isEqualTo("null/d");
    assertThat(who("\"$device_id\":\"d\"", "u")).isEqualTo("u/d");
    assertThat(who("\"$process_person_profile\":false", "x")).isEqualTo("null/x");
    assertThat(who("\"a\":1", "u")).isEqualTo("u/null");
  }

  /** All browsers that may set no cookie send the same id. */
  @Test
  void whoMayNotBeKnownAgainIsNobody() {
    String cookieless = "$posthog_cookieless";
    assertThat(who("\"$cookieless_mode\":true,\"$device_id\":null", cookieless))
        .isEqualTo("null/null");
    assertThat(
            browser
                .event("{\"event\":\"$identify\",\"distinct_id\":\"" + cookieless + "\"}")
                .columns())
        .doesNotContainKeys(EventColumn.USER_ID, EventColumn.ANONYMOUS_ID);
  }

  @Test
  void aClientMayForbidToAskWhereItsAddressIs() {
    assertThat(ownAddress("\"$lib\":\"posthog-ios\"")).isTrue();
    assertThat(ownAddress("\"$lib\":\"posthog-ios\",\"$geoip_disable\":true")).isFalse();
    assertThat(ownAddress("\"$geoip_disable\":false")).isTrue();
    assertThat(ownAddress("\"$geoip_disable\":true,\"$ip\":\"203.0.113.7\""))
        .as("an address that it states")
        .isTrue();
  }

  private boolean ownAddress(String properties) {
    return browser
        .event("{\"event\":\"e\",\"distinct_id\":\"d\",\"properties\":{" + properties + "}}")
        .person()
        .ownAddress();
  }

  private String who(String properties, String distinctId) {
    Map<EventColumn, Object> columns =
        browser
            .event(
                "{\"event\":\"e\",\"distinct_id\":\""
                    + distinctId
                    + "\",\"properties\":{"
                    + properties
                    + "}}")
            .columns();
    return columns.get(EventColumn.USER_ID) + "/" + columns.get(EventColumn.ANONYMOUS_ID);
  }

  @Test
  void aClickThatWaited() {
    String click =
        """
        [{"event":"$autocapture","properties":{"$event_type":"click","distinct_id":"d"},"offset":1500},
         {"event":"$autocapture","properties":{"$event_type":"submit","distinct_id":"d"},
          "timestamp":"2026-01-02T03:04:05Z"}]
        """;
    Decoded.Event event = browser.event(click);
    assertThat(event.columns())
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_044_500_000L)
        .containsEntry(EventColumn.KIND, "click")
        .containsEntry(EventColumn.EVENT_ID, RequestEventId.of(new UUID(7, 7), 0));
    assertThat(batch.event(click).columns())
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, Requests.RECEIVED - 1_500_000L);
    assertThat(((Decoded.Event) browser.decode(click).get(1)).columns())
        .containsEntry(EventColumn.KIND, "form_submit");
  }

  @Test
  void questionsForFlagsAreNoEvents() {
    Requests flags = new Requests(decoder, "/flags").query("v=2");
    String base64 =
        Base64.getEncoder()
            .encodeToString(
                "{\"token\":\"phc_shop\",\"distinct_id\":\"d\",\"batch\":[{}]}".getBytes(UTF_8));
    Inspection.Readable asked =
        flags.readable(("data=" + URLEncoder.encode(base64, UTF_8)).getBytes(UTF_8));
    assertThat(asked).isEqualTo(new Inspection.Readable(0, "phc_shop", List.of()));
    assertThat(new String(answer(flags, asked), UTF_8)).startsWith("{\"flags\":{}");
    assertThat(new String(answer(browser, asked), UTF_8)).isEqualTo("{\"status\":1}");
  }

  private byte[] answer(Requests to, Inspection.Readable stored) {
    return ((Reply.Exactly) decoder.reply(RequestHead.of(to.raw(0, new byte[0])), stored)).body();
  }

  @Test
  void whatIsNoEventGoesToQuarantine() {
    byte[] body =
        """
        [{"properties":{"distinct_id":"d"}},{"event":"e"},"x",
         {"event":"e","distinct_id":"d","timestamp":"soon"}]
        """
            .getBytes(UTF_8);
    assertThat(browser.readable(body).quarantined())
        .extracting(Inspection.Quarantined::reason)
        .containsExactly("no_event_name", "no_identity", "not_an_object");
    assertThat(((Decoded.Bad) browser.decode(body).get(3)).reason()).isEqualTo("invalid_timestamp");
    assertThat(browser.inspect("{\"batch\":[],\"batch\":[]}".getBytes(UTF_8)))
        .isInstanceOf(Inspection.Malformed.class);
  }

  @Test
  void largeBodiesAreReadAsSmallOnes() {
    String large = NODE.replaceFirst("\\[", "[" + " ".repeat(600 << 10));
    assertThat(batch.decode(large))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(batch.decode(NODE));
    byte[] noList = ("{\"a\":1" + " ".repeat(600 << 10) + "}").getBytes(UTF_8);
    assertThat(batch.inspect(noList)).isEqualTo(batch.inspect("{\"a\":1}".getBytes(UTF_8)));
  }

  @Test
  void brokenRequests() {
    new DecoderFuzz(
            List.of(
                browser, batch, new Requests(decoder, "/engage"), new Requests(decoder, "/flags")),
            List.of(BROWSER.getBytes(UTF_8), NODE.getBytes(UTF_8), zipped(NODE)))
        .run();
  }

  private static byte[] zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
