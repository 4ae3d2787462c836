package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class ClickstreamDecoderTest {
  private static final String WEB =
      """
      [{"event_type":"_page_view","event_id":"e-1","device_id":"d-1","unique_id":"a-1",
        "app_id":"shop","timestamp":1767323045678,"host_name":"shop.example","locale":"de-DE",
        "system_language":"de","country_code":"DE","zone_offset":3600000,"make":"Gecko",
        "platform":"Web","screen_height":1080,"screen_width":1920,"viewport_height":900,
        "viewport_width":1800,"sdk_name":"aws-solution-clickstream-sdk","sdk_version":"0.12.6",
        "items":[{"id":"i-1","price":9.5}],
        "user":{"_user_id":{"value":"u-1","set_timestamp":1},
                "plan":{"value":"pro","set_timestamp":2}},
        "attributes":{"_session_id":"s-1","_page_title":"Shoe","_page_url":"https://shop.example/p",
          "_latest_referrer":"https://search.example/q","_latest_referrer_host":"search.example",
          "_page_referrer":"https://shop.example/","_traffic_source_source":"mail",
          "_traffic_source_clid":"c-1","_screen_name":"","value":12.5,"currency":"EUR","deep":[1]}},
       {"event_type":"_profile_set","event_id":"e-2","unique_id":"a-1","timestamp":1767323045679,
        "platform":"iOS","os_version":"17","app_package_name":"com.example.shop",
        "user":{"_user_id":{"value":7},"plan":{"value":"pro","set_timestamp":2},
                "age":{"value":36}},"attributes":{}}]
      """;

  private final Requests requests =
      new Requests(new ClickstreamDecoder(SegmentDecoder.MAX_EVENT_BYTES), "/collect");

  @Test
  void everyFieldHasItsPlace() {
    Decoded.Event event =
        (Decoded.Event)
            requests
                .query("platform=Web&appId=wk_shop&upload_timestamp=1767323046000")
                .header("user-agent", "Mozilla/5.0 (X11)")
                .decode(WEB)
                .getFirst();
    assertThat(event.columns())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry(EventColumn.EVENT, "_page_view"),
                entry(EventColumn.EVENT_ID, "e-1"),
                entry(EventColumn.KIND, "page_view"),
                entry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_678_000L),
                entry(EventColumn.USER_ID, "u-1"),
                entry(EventColumn.ANONYMOUS_ID, "a-1"),
                entry(EventColumn.SESSION_ID, "s-1"),
                entry(EventColumn.PROTOCOL, "clickstream"),
                entry(EventColumn.LIBRARY, "aws-solution-clickstream-sdk"),
                entry(EventColumn.LIBRARY_VERSION, "0.12.6"),
                entry(EventColumn.PLATFORM, "web"),
                entry(EventColumn.APP_NAME, "shop"),
                entry(EventColumn.PAGE_URL, "https://shop.example/p"),
                entry(EventColumn.PAGE_TITLE, "Shoe"),
                entry(EventColumn.PAGE_HOST, "shop.example"),
                entry(EventColumn.REFERRER, "https://search.example/q"),
                entry(EventColumn.REFERRER_HOST, "search.example"),
                entry(EventColumn.UTM_SOURCE, "mail"),
                entry(EventColumn.CLICK_ID, "c-1"),
                entry(EventColumn.VALUE, 12.5),
                entry(EventColumn.CURRENCY, "EUR"),
                entry(EventColumn.IP, "203.0.113.9"),
                entry(EventColumn.SCREEN_WIDTH, 1920),
                entry(EventColumn.SCREEN_HEIGHT, 1080),
                entry(EventColumn.VIEWPORT_WIDTH, 1800),
                entry(EventColumn.VIEWPORT_HEIGHT, 900),
                entry(EventColumn.LOCALE, "de-DE")));
    assertThat(event.properties().toString().replaceAll("\\s+", " "))
        .isEqualTo(
            "{_page_referrer=https://shop.example/, value=12.5, currency=EUR,"
                + " deep=Json[text=[1]], system_language=de, country_code=DE, zone_offset=3600000.0,"
                + " make=Gecko, items=Json[text=[{\"id\":\"i-1\",\"price\":9.5}]],"
                + " user=Json[text={\"_user_id\":{\"value\":\"u-1\",\"set_timestamp\":1},"
                + " \"plan\":{\"value\":\"pro\",\"set_timestamp\":2}}], device_id=d-1, app_id=shop}");
    assertThat(event.sentAt()).isEqualTo(1_767_323_046_000_000L);
    assertThat(event.person()).isEqualTo(new Decoded.Person("Mozilla/5.0 (X11)", true));
    assertThat(requests.query("appId=wk_shop").readable(WEB.getBytes(UTF_8)).writeKey())
        .isEqualTo("wk_shop");
  }

  @Test
  void attributesOfTheUserArePropertiesOfWhatSetsThem() {
    Decoded.Event event = (Decoded.Event) requests.decode(WEB).get(1);
    assertThat(event.properties()).containsEntry("plan", "pro").containsEntry("age", 36.0);
    assertThat(event.columns())
        .containsEntry(EventColumn.KIND, "identify")
        .containsEntry(EventColumn.USER_ID, "7")
        .containsEntry(EventColumn.OS, "iOS")
        .containsEntry(EventColumn.APP_NAME, "com.example.shop");
  }

  @Test
  void whatTheMobileSdkWrapsIsUnwrapped() throws IOException {
    byte[] zipped = zipped(WEB.getBytes(UTF_8));
    for (byte[] body :
        List.of(
            zipped,
            Base64.getEncoder().encode(zipped),
            (Base64.getEncoder().encodeToString(zipped) + "\n").getBytes(UTF_8),
            Base64.getEncoder().encode(WEB.getBytes(UTF_8)))) {
      assertThat(requests.decode(body))
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(requests.decode(WEB));
    }
    assertThat(requests.inspect("no base64!".getBytes(UTF_8)))
        .isInstanceOf(Inspection.Malformed.class);
  }

  @Test
  void aBombIsNotUnwrapped() throws IOException {
    byte[] bomb = Base64.getEncoder().encode(zipped(new byte[Requests.LIMIT + 1]));
    assertThat(requests.inspect(bomb))
        .isInstanceOfSatisfying(
            Inspection.Malformed.class, found -> assertThat(found.message()).contains("larger"));
  }

  @Test
  void whatIsNoEventGoesToQuarantine() {
    byte[] body =
        """
        [{"event_id":"x","unique_id":"a"},{"event_type":"e"},7,
         {"event_type":"e","unique_id":"a","timestamp":"soon"},{"event_type":"e","device_id":"d"}]
        """
            .getBytes(UTF_8);
    assertThat(requests.readable(body).quarantined())
        .containsExactly(
            new Inspection.Quarantined(0, "no_event_name"),
            new Inspection.Quarantined(1, "no_identity"),
            new Inspection.Quarantined(2, "not_an_object"));
    List<Decoded> decoded = requests.decode(body);
    assertThat(((Decoded.Bad) decoded.get(3)).reason()).isEqualTo("invalid_timestamp");
    assertThat(((Decoded.Event) decoded.get(4)).columns())
        .containsEntry(EventColumn.ANONYMOUS_ID, "d")
        .containsEntry(EventColumn.EVENT_ID, RequestEventId.of(new java.util.UUID(7, 7), 4));
    Requests strict = new Requests(new ClickstreamDecoder(50), "/collect");
    assertThat(strict.readable(WEB.getBytes(UTF_8)).quarantined())
        .extracting(Inspection.Quarantined::reason)
        .containsOnly("event_too_large");
  }

  @Test
  void aRealRequestOfTenThousandEvents() throws IOException {
    byte[] body = Files.readAllBytes(shopEvents().resolve("request-body.txt"));
    Requests mobile = requests.query("platform=Android&appId=app1&compression=gzip");
    assertThat(mobile.readable(body)).isEqualTo(new Inspection.Readable(10_000, "app1", List.of()));
    Map<String, Integer> names = new TreeMap<>();
    Map<Object, Integer> people = new TreeMap<>();
    Map<Object, Integer> ids = new TreeMap<>();
    for (Decoded each : mobile.decode(body)) {
      Map<EventColumn, Object> columns = ((Decoded.Event) each).columns();
      names.merge((String) columns.get(EventColumn.EVENT), 1, Integer::sum);
      people.merge(columns.get(EventColumn.ANONYMOUS_ID), 1, Integer::sum);
      ids.merge(columns.get(EventColumn.EVENT_ID), 1, Integer::sum);
    }
    assertThat(ids).hasSize(10_000);
    assertThat(people).hasSize(97);
    assertThat(names)
        .containsEntry("product_exposure", 3676)
        .containsEntry("_screen_view", 1828)
        .containsEntry("_profile_set", 22)
        .containsEntry("purchase", 10)
        .hasSize(20);
  }

  @Test
  void brokenRequests() {
    new DecoderFuzz(List.of(requests, requests.query("appId=%zz&upload_timestamp=x")), captured())
        .run();
  }

  private static List<byte[]> captured() {
    byte[] web = WEB.getBytes(UTF_8);
    return List.of(web, Base64.getEncoder().encode(zipped(web)), web);
  }

  private static Path shopEvents() {
    String data = System.getenv("WEIR_TEST_DATA");
    Assumptions.assumeTrue(data != null, "skipped: WEIR_TEST_DATA is not set");
    return Path.of(data, "shop-events");
  }

  private static byte[] zipped(byte[] text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
