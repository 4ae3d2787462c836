package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class PixelDecoderTest {
  private final PixelDecoder decoder = new PixelDecoder(SegmentDecoder.MAX_EVENT_BYTES);

  private static Captured pixel(String query) {
    return Captured.get("/pixel.gif", query);
  }

  @Test
  void columnsAndProperties() {
    Decoded.Event event = Captured.read("pixel").event(decoder);
    assertThat(event.columns())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry(EventColumn.EVENT, "Dish Viewed"),
                Map.entry(EventColumn.PROTOCOL, "pixel"),
                Map.entry(EventColumn.USER_ID, "u-1"),
                Map.entry(EventColumn.ANONYMOUS_ID, "a-1"),
                Map.entry(EventColumn.PAGE_TITLE, "Speisekarte ü"),
                Map.entry(EventColumn.PAGE_URL, "https://shop.example/menu?utm_source=other"),
                Map.entry(EventColumn.PAGE_HOST, "shop.example"),
                Map.entry(EventColumn.UTM_SOURCE, "mail"),
                Map.entry(EventColumn.VALUE, 9.5),
                Map.entry(EventColumn.SCREEN_WIDTH, 1920),
                Map.entry(EventColumn.IP, "192.0.2.7")));
    assertThat(event.properties())
        .containsAllEntriesOf(
            Map.of("dish", "soup", "price", 4.5, "hot", true, "code", "007", "table", 7.0))
        .doesNotContainKeys("write_key", "event");
    assertThat(event.person().ownAddress()).isTrue();
  }

  @Test
  void whatIsWeirsToFillIsNobodyElses() {
    Decoded.Event event =
        pixel("event=e&source=x&is_bot=true&ip=203.0.113.1&_raw_position=1&screen_width=wide")
            .event(decoder);
    assertThat(event.columns())
        .doesNotContainKeys(
            EventColumn.SOURCE,
            EventColumn.IS_BOT,
            EventColumn.RAW_POSITION,
            EventColumn.SCREEN_WIDTH)
        .containsEntry(EventColumn.IP, "192.0.2.7");
    assertThat(event.properties())
        .containsEntry("source", "x")
        .containsEntry("ip", "203.0.113.1")
        .containsEntry("screen_width", "wide");
  }

  @Test
  void idsAndTimes() {
    Decoded.Event event = pixel("event=e&event_id=i&timestamp=1796068697723").event(decoder);
    assertThat(event.columns())
        .containsEntry(EventColumn.EVENT_ID, "i")
        .containsEntry(EventColumn.ORIGINAL_TIMESTAMP, 1796068697723000L);
    assertThat(pixel("event=e&timestamp=soon").bad(decoder).reason())
        .isEqualTo("invalid_timestamp");
  }

  @Test
  void badEvents() {
    assertThat(pixel("").bad(decoder).reason()).isEqualTo("no_event_name");
    assertThat(pixel("event=%20").bad(decoder).reason()).isEqualTo("no_event_name");
    assertThat(pixel("event=" + "x".repeat(513)).bad(decoder).reason())
        .isEqualTo("event_name_too_long");
    assertThat(pixel("event=e&a=1234567890").bad(new PixelDecoder(10)).reason())
        .isEqualTo("event_too_large");
    assertThat(Captured.post("/pixel.gif", "{}").refusal(decoder)).contains("no body");
  }

  @Test
  void escapesThatAreNoneStandForThemselves() {
    assertThat(pixel("event=100%&prop.a=%zz&prop.b=%ff&&=x&prop.c").event(decoder).properties())
        .containsEntry("a", "%zz")
        .containsEntry("b", "\ufffd")
        .doesNotContainKey("c");
  }
}
