package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class CloudEventsDecoderTest {
  private static final String EVENT =
      "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"";

  private final CloudEventsDecoder decoder = new CloudEventsDecoder(SegmentDecoder.MAX_EVENT_BYTES);

  private static Captured sent(String contentType, String body) {
    return new Captured(
        "/ce", "", List.of(new Header("content-type", contentType)), body.getBytes(UTF_8));
  }

  private static Captured structured(String fields) {
    return sent("application/cloudevents+json; charset=utf-8", "{" + fields + "}");
  }

  private static Captured binary(String contentType, byte[] body, String... headers) {
    List<Header> all = new ArrayList<>();
    if (!contentType.isEmpty()) {
      all.add(new Header("content-type", contentType));
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.add(new Header(headers[i], headers[i + 1]));
    }
    return new Captured("/ce", "", all, body);
  }

  @Test
  void modesMeanTheSame() {
    Decoded.Event binary = Captured.read("cloudevents-binary").event(decoder);
    assertThat(binary.columns())
        .containsAllEntriesOf(
            Map.of(
                EventColumn.EVENT, "dish.cooked",
                EventColumn.EVENT_ID, "/kitchen/1 binary",
                EventColumn.PROTOCOL, "cloudevents",
                EventColumn.USER_ID, "u-ce",
                EventColumn.ORIGINAL_TIMESTAMP, 1767323045678000L));
    assertThat(binary.properties())
        .containsAllEntriesOf(
            Map.ofEntries(
                Map.entry("dish", "Früh & spät"),
                Map.entry("minutes", 7.5),
                Map.entry("spicy", true),
                Map.entry("tags", new Decoded.Json("[\"a\",\"b\"]")),
                Map.entry("ce_source", "/kitchen/1"),
                Map.entry("ce_subject", "soup"),
                Map.entry("ce_dataschema", "https://shop.example/dish.json"),
                Map.entry("ce_traceparent", "00-1-1-00"),
                Map.entry("ce_userid", "u-ce")))
        .doesNotContainKeys("ce_time", "ce_type", "ce_id", "ce_specversion");
    Decoded.Event structured = Captured.read("cloudevents-structured").event(decoder);
    binary.properties().remove("ce_datacontenttype");
    assertThat(structured.properties()).isEqualTo(binary.properties());
    List<Decoded.Event> batch = Captured.read("cloudevents-batch").events(decoder);
    assertThat(batch)
        .extracting(event -> event.columns().get(EventColumn.EVENT_ID))
        .containsExactly("/kitchen/1 batch-1", "/kitchen/1 batch-2");
    assertThat(batch.get(1).properties()).isEqualTo(binary.properties());
  }

  @Test
  void dataOfOtherKinds() {
    Decoded.Event text = Captured.read("cloudevents-text").event(decoder);
    assertThat(text.properties())
        .containsEntry("data", "done")
        .containsEntry("ce_datacontenttype", "text/plain");
    assertThat(text.columns()).doesNotContainKeys(EventColumn.USER_ID, EventColumn.ANONYMOUS_ID);
    assertThat(Captured.read("cloudevents-base64").event(decoder).properties())
        .containsEntry("data_base64", "AQL/");
    String[] headers = {
      "ce-specversion",
      "1.0",
      "ce-id",
      "1",
      "ce-source",
      "/s",
      "ce-type",
      "t",
      "ce-note",
      "a%20%C3%BC"
    };
    assertThat(
            binary("image/png", new byte[] {(byte) 0xff, 0}, headers).event(decoder).properties())
        .containsEntry("data_base64", "/wA=")
        .containsEntry("ce_note", "a ü");
    assertThat(binary("", "{\"a\":1}".getBytes(UTF_8), headers).event(decoder).properties())
        .containsEntry("a", 1.0);
    assertThat(binary("", new byte[0], headers).event(decoder).properties())
        .doesNotContainKey("data");
    assertThat(
            binary("application/json", "[1]".getBytes(UTF_8), headers).event(decoder).properties())
        .containsEntry("data", new Decoded.Json("[1]"));
    assertThat(binary("application/json", "{".getBytes(UTF_8), headers).refusal(decoder))
        .contains("not JSON");
    assertThat(
            binary("application/json", " \n".getBytes(UTF_8), headers).event(decoder).properties())
        .as("blanks alone")
        .doesNotContainKey("data");
    assertThat(
            structured(
                    EVENT
                        + ",\"datacontenttype\":\"application/json\",\"data_base64\":\"eyJhIjoxfQ==\"")
                .event(decoder)
                .properties())
        .containsEntry("a", 1.0)
        .doesNotContainKey("data_base64");
    assertThat(structured(EVENT + ",\"data\":\"x\"").event(decoder).properties())
        .containsEntry("data", "x");
  }

  @Test
  void whoDidItMayBeSaidInTheData() {
    Decoded.Event event =
        structured(
                EVENT
                    + ",\"sessionid\":\"s-1\",\"data\":{\"userId\":7,\"anonymous_id\":\"a\","
                    + "\"value\":2.5,\"currency\":\"EUR\"}")
            .event(decoder);
    assertThat(event.columns())
        .containsEntry(EventColumn.USER_ID, "7")
        .containsEntry(EventColumn.ANONYMOUS_ID, "a")
        .containsEntry(EventColumn.SESSION_ID, "s-1")
        .containsEntry(EventColumn.VALUE, 2.5)
        .containsEntry(EventColumn.CURRENCY, "EUR");
    assertThat(event.properties())
        .containsEntry("userId", 7.0)
        .containsEntry("ce_sessionid", "s-1");
  }

  @Test
  void whatItIsWorthMayBeAText() {
    Decoded.Event event =
        structured(EVENT + ",\"data\":{\"revenue\":\"n/a\",\"total\":\"12.50\"}").event(decoder);
    assertThat(event.columns()).containsEntry(EventColumn.VALUE, 12.5);
    assertThat(event.properties()).containsEntry("total", "12.50");
  }

  @Test
  void oneSourcesIdIsNotAnothers() {
    String other = EVENT.replace("\"/s\"", "\"/s 1\"").replace("\"1\"", "\"\"");
    assertThat(structured(other).bad(decoder).reason()).isEqualTo("missing_attribute");
    Object first = structured(EVENT).event(decoder).columns().get(EventColumn.EVENT_ID);
    Object second =
        structured(EVENT.replace("/s", "/s2")).event(decoder).columns().get(EventColumn.EVENT_ID);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void badEvents() {
    assertThat(structured("\"specversion\":\"1.0\"").bad(decoder).reason())
        .isEqualTo("no_event_name");
    assertThat(structured("\"type\":\"t\",\"id\":\"1\"").bad(decoder))
        .returns("missing_attribute", Decoded.Bad::reason)
        .satisfies(bad -> assertThat(bad.message()).contains("source, specversion"));
    assertThat(structured(EVENT.replace("1.0", "0.3")).bad(decoder).reason())
        .isEqualTo("unknown_version");
    assertThat(structured(EVENT + ",\"time\":\"soon\"").bad(decoder))
        .returns("invalid_timestamp", Decoded.Bad::reason)
        .returns("/s 1", Decoded.Bad::eventId);
    assertThat(sent("application/cloudevents-batch+json", "[7]").bad(decoder).reason())
        .isEqualTo("not_an_object");
    assertThat(structured(EVENT).bad(new CloudEventsDecoder(20)).reason())
        .isEqualTo("event_too_large");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(sent("application/json", "{}").refusal(decoder)).contains("ce-id");
    assertThat(sent("application/cloudevents+json", "[]").refusal(decoder)).contains("an object");
    assertThat(sent("application/cloudevents-batch+json", "{}").refusal(decoder))
        .contains("an array");
    assertThat(sent("application/cloudevents+avro", "x").refusal(decoder)).contains("+json");
    assertThat(sent("application/cloudevents+json", "{} {}").refusal(decoder)).contains("goes on");
  }
}
