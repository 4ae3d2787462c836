package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class RakamDecoderTest {
  private static final String BATCH =
      """
      {"api":{"upload_time":1767323046000,"api_version":1,"api_key":"wk_shop"},"events":[
       {"collection":"pageview","properties":{"_device_id":"d-1","_user":"u-1",
         "_time":1767323045000,"_session_id":1767323040000,"_platform":"Web","_language":"de-DE",
         "_ip":true,"_user_agent":true,"_referrer":"https://search.example/q","_host":"shop.example",
         "_path":"/p","utm_source":"mail","_os":"iOS","_latitude":52.5,"_carrier":"c",
         "price":9.5,"deep":{"a":[1]},"nothing":null}},
       {"collection":"purchase","properties":{"_user":7,"_ip":"198.51.100.4","revenue":"12.5",
         "currency":"EUR","_user_agent":"Mozilla/5.0 (X11)"}}]}
      """;

  private final RakamDecoder decoder = new RakamDecoder(SegmentDecoder.MAX_EVENT_BYTES);
  private final Requests batch = new Requests(decoder, "/event/batch");
  private final Requests collect = new Requests(decoder, "/event/collect");
  private final Requests pixel = new Requests(decoder, "/event/pixel");

  @Test
  void everyFieldHasItsPlace() {
    List<Decoded> decoded = batch.decode(BATCH);
    Decoded.Event view = (Decoded.Event) decoded.getFirst();
    assertThat(view.columns())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry(EventColumn.EVENT, "pageview"),
                entry(EventColumn.EVENT_ID, RequestEventId.of(new UUID(7, 7), 0)),
                entry(EventColumn.KIND, "page_view"),
                entry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_000_000L),
                entry(EventColumn.USER_ID, "u-1"),
                entry(EventColumn.ANONYMOUS_ID, "d-1"),
                entry(EventColumn.SESSION_ID, "1767323040000"),
                entry(EventColumn.PROTOCOL, "rakam"),
                entry(EventColumn.PLATFORM, "web"),
                entry(EventColumn.PAGE_HOST, "shop.example"),
                entry(EventColumn.PAGE_PATH, "/p"),
                entry(EventColumn.REFERRER, "https://search.example/q"),
                entry(EventColumn.UTM_SOURCE, "mail"),
                entry(EventColumn.OS, "iOS"),
                entry(EventColumn.LATITUDE, 52.5),
                entry(EventColumn.LOCALE, "de-DE"),
                entry(EventColumn.IP, "203.0.113.9")));
    assertThat(view.properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "_carrier",
                "c",
                "price",
                9.5,
                "deep",
                new Decoded.Json("{\"a\":[1]}"),
                "api_version",
                1.0));
    assertThat(view.sentAt()).isEqualTo(1_767_323_046_000_000L);
    assertThat(view.person()).isEqualTo(new Decoded.Person(null, true));
    Decoded.Event purchase = (Decoded.Event) decoded.get(1);
    assertThat(purchase.columns())
        .containsEntry(EventColumn.USER_ID, "7")
        .containsEntry(EventColumn.IP, "198.51.100.4")
        .containsEntry(EventColumn.VALUE, 12.5)
        .containsEntry(EventColumn.CURRENCY, "EUR");
    assertThat(purchase.person()).isEqualTo(new Decoded.Person("Mozilla/5.0 (X11)", true));
    assertThat(batch.readable(BATCH.getBytes(UTF_8)))
        .isEqualTo(new Inspection.Readable(2, "wk_shop", List.of()));
  }

  @Test
  void oneEvent() {
    String body =
        """
        {"collection":"systemevent","api":{"api_key":"wk_shop","upload_time":1767323046000,
         "library":{"name":"rakam-java","version":"2"},"checksum":"c"},
         "properties":{"_time":"2026-01-02T03:04:05","_user":"u-1"}}
        """;
    Decoded.Event event = collect.event(body);
    assertThat(collect.readable(body.getBytes(UTF_8)).writeKey()).isEqualTo("wk_shop");
    assertThat(event.columns())
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_000_000L)
        .containsEntry(EventColumn.LIBRARY, "rakam-java")
        .containsEntry(EventColumn.LIBRARY_VERSION, "2");
    assertThat(event.properties()).isEqualTo(Map.of("checksum", "c"));
    assertThat(event.sentAt()).isEqualTo(1_767_323_046_000_000L);
    assertThat(event.person()).isEqualTo(Decoded.Person.UNKNOWN);
  }

  @Test
  void anEventInAQueryOrAForm() {
    String form =
        "collection=ad+view&api.api_key=wk_shop&prop._user=u-1&prop.price=9.50&prop.code=007"
            + "&prop.new=true&prop.text=a%20%22b%22&prop._time=1767323045000";
    Requests get = pixel.query(form);
    Decoded.Event event = (Decoded.Event) get.decode(new byte[0]).getFirst();
    assertThat(get.readable(new byte[0]).writeKey()).isEqualTo("wk_shop");
    assertThat(event.columns())
        .containsEntry(EventColumn.EVENT, "ad view")
        .containsEntry(EventColumn.USER_ID, "u-1")
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_000_000L);
    assertThat(event.properties())
        .isEqualTo(Map.of("price", 9.5, "code", "007", "new", true, "text", "a \"b\""));
    assertThat(pixel.decode(form))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(get.decode(new byte[0]));
  }

  @Test
  void whatIsSaidOfUsersIsTraits() {
    Decoded.Event set =
        new Requests(decoder, "/user/set_properties")
            .event(
                "{\"api\":{\"api_key\":\"k\"},\"id\":\"u-1\",\"properties\":{\"plan\":\"pro\"}}");
    assertThat(set.columns())
        .containsEntry(EventColumn.EVENT, "identified")
        .containsEntry(EventColumn.KIND, "identify")
        .containsEntry(EventColumn.USER_ID, "u-1");
    assertThat(set.properties()).isEqualTo(Map.of("plan", "pro"));
    Decoded.Event merge =
        new Requests(decoder, "/user/merge")
            .event(
                "{\"api\":{\"api_key\":\"k\"},\"id\":\"u-1\",\"anonymous_id\":\"d-1\","
                    + "\"merged_at\":1767323045000}");
    assertThat(merge.columns())
        .containsEntry(EventColumn.USER_ID, "u-1")
        .containsEntry(EventColumn.ANONYMOUS_ID, "d-1")
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1_767_323_045_000_000L);
  }

  @Test
  void answersAreRakams() {
    Inspection.Readable stored = new Inspection.Readable(1, "k", List.of());
    assertThat(((Reply.Exactly) decoder.reply(batch.head(), stored)).body())
        .isEqualTo(new byte[] {'1'});
    assertThat(((Reply.Exactly) decoder.reply(pixel.head(), stored)).contentType())
        .isEqualTo("image/gif");
  }

  @Test
  void whatIsNoEventGoesToQuarantine() {
    byte[] body =
        """
        {"events":[{"properties":{}},8,{"collection":"e","properties":{"_time":"soon"}},
                   {"collection":"e"}],"api":{"api_key":"k"}}
        """
            .getBytes(UTF_8);
    assertThat(batch.readable(body).quarantined())
        .extracting(Inspection.Quarantined::reason)
        .containsExactly("no_event_name", "not_an_object");
    assertThat(((Decoded.Bad) batch.decode(body).get(2)).reason()).isEqualTo("invalid_timestamp");
    assertThat(batch.decode(body).get(3)).isInstanceOf(Decoded.Event.class);
    assertThat(batch.inspect("{\"collection\":\"e\"}".getBytes(UTF_8)))
        .isInstanceOf(Inspection.Malformed.class);
  }

  @Test
  void largeBodiesAreReadAsSmallOnes() {
    String large = BATCH.replaceFirst("\\[", "[" + " ".repeat(600 << 10));
    assertThat(batch.decode(large))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(batch.decode(BATCH));
    byte[] noList = ("{\"a\":1" + " ".repeat(600 << 10) + "}").getBytes(UTF_8);
    assertThat(batch.inspect(noList)).isEqualTo(batch.inspect("{\"a\":1}".getBytes(UTF_8)));
  }

  @Test
  void brokenRequests() {
    String one = "{\"collection\":\"e\",\"api\":{\"api_key\":\"k\"},\"properties\":{\"_user\":1}}";
    new DecoderFuzz(
            List.of(batch, collect, pixel, new Requests(decoder, "/user/merge")),
            List.of(
                BATCH.getBytes(UTF_8),
                one.getBytes(UTF_8),
                "collection=e&api.api_key=k&prop.a=%C3%A9".getBytes(UTF_8)))
        .run();
  }
}
