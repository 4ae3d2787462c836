package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.event.EventColumn;

class WebhookDecoderTest {
  private static final int LIMIT = 3_000;

  static WebhookDecoder decoder(String mapping) {
    WebhookMapping parsed = WebhookMapping.parse(mapping);
    return new WebhookDecoder(
        LIMIT, id -> id.equals(Captured.KEY) ? Optional.of(parsed) : Optional.empty());
  }

  private static WebhookDecoder decoder(WebhookTemplate template) {
    return decoder(template.mapping());
  }

  private static Decoded.Event event(String mapping, String body) {
    return Captured.post("/hook", body).event(decoder(mapping));
  }

  private static Decoded.Bad bad(String mapping, String body) {
    return Captured.post("/hook", body).bad(decoder(mapping));
  }

  @Test
  void stripe() {
    Decoded.Event event = Captured.read("webhook-stripe").event(decoder(WebhookTemplate.STRIPE));
    assertThat(event.columns())
        .containsAllEntriesOf(
            Map.of(
                EventColumn.EVENT, "checkout.session.completed",
                EventColumn.EVENT_ID, "evt_1Weir0KitchenPaid001",
                EventColumn.PROTOCOL, "webhook",
                EventColumn.PLATFORM, "server",
                EventColumn.ORIGINAL_TIMESTAMP, 1796068700000000L,
                EventColumn.USER_ID, "diner-7",
                EventColumn.VALUE, 24.99,
                EventColumn.CURRENCY, "EUR"));
    assertThat(event.properties())
        .containsAllEntriesOf(
            Map.of(
                "id",
                "cs_test_kitchen_1",
                "amount_total",
                2499.0,
                "payment_status",
                "paid",
                "livemode",
                false,
                "stripe_event",
                "evt_1Weir0KitchenPaid001",
                "metadata",
                new Decoded.Json("{\"table\":\"12\"}")))
        .doesNotContainKeys("account", "previous_attributes");
    assertThat(event.person()).isEqualTo(Decoded.Person.UNKNOWN);
  }

  @Test
  void stripeWithoutWhatIsUsual() {
    Decoded.Event event =
        Captured.post("/hook", "{\"id\":\"evt_2\",\"type\":\"v1.billing.meter.no_meter_found\"}")
            .event(decoder(WebhookTemplate.STRIPE));
    assertThat(event.columns()).containsEntry(EventColumn.EVENT_ID, "evt_2");
    assertThat(event.columns()).doesNotContainKeys(EventColumn.USER_ID, EventColumn.VALUE);
    String yen =
        "{\"type\":\"t\",\"data\":{\"object\":{\"amount\":500,\"currency\":\"jpy\",\"customer\":"
            + "{\"id\":\"cus_1\"}}}}";
    assertThat(Captured.post("/hook", yen).event(decoder(WebhookTemplate.STRIPE)).columns())
        .containsEntry(EventColumn.VALUE, 500.0)
        .containsEntry(EventColumn.USER_ID, "cus_1");
  }

  @Test
  void github() {
    Decoded.Event event = Captured.read("webhook-github").event(decoder(WebhookTemplate.GITHUB));
    assertThat(event.columns())
        .containsAllEntriesOf(
            Map.of(
                EventColumn.EVENT, "issues.opened",
                EventColumn.EVENT_ID, "72d3162e-cc78-11e3-81ab-4c9367dc0958",
                EventColumn.USER_ID, "waiter",
                EventColumn.GROUP_ID, "kitchen/menu"));
    assertThat(event.properties())
        .containsEntry("action", "opened")
        .containsEntry("repository_name", "kitchen/menu");
    assertThat(event.properties().get("issue")).isInstanceOf(Decoded.Json.class);
    Decoded.Event ping =
        Captured.read("webhook-github-form").event(decoder(WebhookTemplate.GITHUB));
    assertThat(ping.columns())
        .containsEntry(EventColumn.EVENT, "ping")
        .containsEntry(EventColumn.USER_ID, "waiter");
    assertThat(ping.properties()).containsEntry("zen", "Keep it logically awesome.");
  }

  @Test
  void shopify() {
    Decoded.Event event = Captured.read("webhook-shopify").event(decoder(WebhookTemplate.SHOPIFY));
    assertThat(event.columns())
        .containsAllEntriesOf(
            Map.of(
                EventColumn.EVENT, "orders/create",
                EventColumn.EVENT_ID, "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
                EventColumn.ORIGINAL_TIMESTAMP, 1796068700123456L,
                EventColumn.USER_ID, "115310627314723954",
                EventColumn.VALUE, 15.0,
                EventColumn.CURRENCY, "EUR"));
    assertThat(event.properties())
        .containsEntry("id", new Decoded.Json("820982911946154508"))
        .containsEntry("shop", "kitchen.myshop.example")
        .containsEntry("total_price", "15.00");
  }

  @Test
  void anArrayIsAsManyEvents() {
    List<Decoded.Event> events =
        Captured.read("webhook-array").events(decoder(WebhookTemplate.PLAIN));
    assertThat(events)
        .extracting(each -> each.columns().get(EventColumn.EVENT))
        .containsExactly("dish.cooked", "dish.served", "dish.paid");
    assertThat(events)
        .extracting(each -> each.columns().get(EventColumn.EVENT_ID))
        .as("the header's id is that of the request")
        .containsExactly("msg_1", "msg_1#1", "msg_1#2");
    assertThat(
            Captured.read("webhook-array")
                .with("[{\"id\":7},{\"id\":7}]".getBytes(UTF_8))
                .events(decoder("{\"event\":\"query.from\",\"message_id\":\"body.id\"}")))
        .extracting(each -> each.columns().get(EventColumn.EVENT_ID))
        .as("the body's id is the event's")
        .containsExactly("7", "7");
    assertThat(Captured.post("/hook", "[]").decode(decoder(WebhookTemplate.PLAIN))).isEmpty();
    assertThat(Captured.post("/hook", "[1]").bad(decoder(WebhookTemplate.PLAIN)).reason())
        .isEqualTo("not_an_object");
  }

  @Test
  void withoutAnIdTheSameRequestHasTheSame() {
    Captured sent = Captured.post("/hook", "{\"event\":\"Bell\"}");
    WebhookDecoder plain = decoder(WebhookTemplate.PLAIN);
    assertThat(sent.event(plain).columns())
        .containsEntry(EventColumn.EVENT_ID, RequestEventId.of(Captured.ID, 0))
        .isEqualTo(sent.event(plain).columns());
  }

  @Test
  void aForm() {
    Captured form =
        new Captured(
            "/hook",
            "",
            List.of(new Header("content-type", "application/x-www-form-urlencoded")),
            "event=Rung&by=Zo%C3%AB+F&by=2".getBytes(UTF_8));
    Decoded.Event event = form.event(decoder(WebhookTemplate.PLAIN));
    assertThat(event.columns()).containsEntry(EventColumn.EVENT, "Rung");
    assertThat(event.properties()).containsEntry("by", "Zoë F");
    assertThat(form.with(new byte[0]).refusal(decoder(WebhookTemplate.PLAIN)))
        .contains("no fields");
    assertThat(
            form.with("payload=%7B%22a%22".getBytes(UTF_8)).refusal(decoder(WebhookTemplate.PLAIN)))
        .contains("not JSON");
  }

  @Test
  void whatCannotBeRead() {
    WebhookDecoder plain = decoder(WebhookTemplate.PLAIN);
    for (String body : List.of("", "x", "7", "{", "[{]", "{} {}", "\"text\"")) {
      assertThat(Captured.post("/hook", body).refusal(plain)).as(body).isNotBlank();
    }
    assertThat(bad("{\"event\":\"'e'\"}", "{\"n\":" + "1".repeat(1_001) + "}").reason())
        .isEqualTo("unreadable_event");
    for (String number : List.of("171e99996068700", "291e9992430182", "1e-99999999999")) {
      assertThat(bad("{\"event\":\"'e'\"}", "{\"n\":" + number + "}").reason())
          .as(number)
          .isEqualTo("unreadable_event");
    }
    assertThat(bad("{\"event\":\"'e'\"}", "{\"n\":\"" + "x".repeat(LIMIT) + "\"}").reason())
        .isEqualTo("event_too_large");
  }

  @Test
  void aMappingThatDoesNotFitSaysWhere() {
    assertThat(bad("{\"event\":\"body.type\"}", "{}").message()).contains("event gives no name");
    assertThat(bad("{\"event\":\"body\"}", "{\"a\":1}").message()).contains("gives an object");
    assertThat(bad("{\"event\":\"join('.', [body.a])\"}", "{\"a\":1}").message())
        .contains("expression for event fails", "weir webhook change");
    assertThat(bad("{\"event\":\"'e'\",\"timestamp\":\"body.at\"}", "{\"at\":\"soon\"}").message())
        .contains("timestamp gives soon");
    assertThat(bad("{\"event\":\"'e'\",\"timestamp\":\"body.at\"}", "{\"at\":9e12}").message())
        .contains("timestamp gives");
    assertThat(bad("{\"event\":\"'e'\",\"value\":\"body.v\"}", "{\"v\":\"much\"}").message())
        .contains("value gives no number");
    assertThat(bad("{\"event\":\"'e'\",\"properties\":\"body.v\"}", "{\"v\":[1]}").message())
        .contains("properties gives no object");
    assertThat(bad("{\"event\":\"divide(`1`, body.v)\"}", "{\"v\":0}").message())
        .contains("event fails");
    assertThat(bad("{\"event\":\"body.type\"}", "{}").reason()).isEqualTo("mapping_failed");
    assertThat(bad("{\"event\":\"body.type\"}", "{}").stage()).isEqualTo("decode");
  }

  @Test
  void anUnknownWebhookMakesBadEvents() {
    WebhookDecoder none = WebhookDecoder.atDoor(LIMIT);
    assertThat(Captured.post("/hook", "{}").bad(none).message()).contains("no webhook KEY");
  }

  @Test
  void whatBecameNoEventCanBeBroughtAgain() {
    Captured sent = Captured.read("webhook-array");
    String wrong = "{\"event\":\"body.kind\",\"message_id\":\"headers.\\\"webhook-id\\\"\"}";
    String right = wrong.replace("kind", "type").replace("}", ",\"properties\":\"body\"}");
    List<Decoded> bad = sent.decode(decoder(wrong));
    String again = "";
    for (Decoded each : bad) {
      again += (again.isEmpty() ? "[" : ",") + new String(((Decoded.Bad) each).payload(), UTF_8);
    }
    List<Decoded.Event> events = Captured.post("/hook/replay", again + "]").events(decoder(right));
    List<Decoded.Event> direct = sent.events(decoder(right));
    assertThat(events)
        .extracting(Decoded.Event::properties)
        .isEqualTo(direct.stream().map(Decoded.Event::properties).toList());
    assertThat(events)
        .extracting(each -> each.columns().get(EventColumn.EVENT_ID))
        .containsExactly("msg_1", "msg_1#1", "msg_1#2");
    assertThat(events)
        .extracting(each -> each.columns().get(EventColumn.ORIGINAL_TIMESTAMP))
        .containsOnly(1_796_068_759_500_000L);
    List<Decoded> still = Captured.post("/hook/replay", again + "]").decode(decoder(wrong));
    assertThat(((Decoded.Bad) still.getFirst()).payload())
        .as("the same as before, and not wrapped twice")
        .isEqualTo(((Decoded.Bad) bad.getFirst()).payload());
    assertThat(Captured.post("/hook/replay", "[{}]").bad(decoder(right)).reason())
        .isEqualTo("mapping_failed");
  }

  @Test
  void numbersKeepTheirDigits() {
    Decoded.Event event =
        event(
            "{\"event\":\"'e'\",\"properties\":\"body\",\"user_id\":\"body.n\"}",
            "{\"n\":9007199254740993,\"x\":1.50,\"y\":{\"z\":1.50},\"big\":1e400}");
    assertThat(event.columns()).containsEntry(EventColumn.USER_ID, "9007199254740993");
    assertThat(event.properties())
        .containsEntry("n", new Decoded.Json("9007199254740993"))
        .containsEntry("x", 1.5)
        .containsEntry("y", new Decoded.Json("{\"z\":1.50}"));
  }

  @Test
  void halfPairsAreReplaced() {
    Decoded.Event event =
        event(
            "{\"event\":\"body.e\",\"properties\":\"body\"}",
            "{\"e\":\"a\\ud800\",\"x\\udc00\":\"\\ud800b\",\"deep\":{\"y\":\"\\ud800\"}}");
    assertThat(event.columns()).containsEntry(EventColumn.EVENT, "a\ufffd");
    assertThat(event.properties())
        .containsEntry("x\ufffd", "\ufffdb")
        .containsEntry("deep", new Decoded.Json("{\"y\":\"\ufffd\"}"));
  }

  @Test
  void numbersThatNoDoubleHoldsFail() {
    for (String field : List.of("value", "user_id", "properties")) {
      assertThat(
              bad(
                  "{\"event\":\"'e'\",\"" + field + "\":\"{n: multiply(body.n, body.n)}\"}",
                  "{\"n\":1e300}"))
          .extracting(Decoded.Bad::reason)
          .isEqualTo("mapping_failed");
    }
    assertThat(event("{\"event\":\"'e'\",\"user_id\":\"body.n\"}", "{\"n\":1e400}").columns())
        .containsEntry(EventColumn.USER_ID, "1E+400");
  }

  @Test
  void headersThatOpenSomethingAreNotKept() {
    WebhookDecoder decoder = WebhookDecoder.atDoor(LIMIT);
    for (String kept : List.of("x-github-event", "x-shopify-topic", "webhook-id", "x-request-id")) {
      assertThat(decoder.keepsHeader(kept)).as(kept).isTrue();
    }
    for (String not :
        List.of(
            "authorization",
            "cookie",
            "x-hub-signature-256",
            "stripe-signature",
            "x-shopify-hmac-sha256",
            "x-gitlab-token",
            "x-api-key",
            "x-forwarded-for",
            "content-type")) {
      assertThat(decoder.keepsHeader(not)).as(not).isFalse();
    }
  }

  @Test
  void mappingsThatAreNone() {
    for (String mapping :
        List.of(
            "",
            "[]",
            "{}",
            "{\"event\":1}",
            "{\"event\":\"body.\"}",
            "{\"event\":\"nothing(body)\"}",
            "{\"event\":\"body\",\"color\":\"body\"}",
            "{\"event\":\"a\",\"event\":\"b\"}",
            "{\"event\":\"" + "a".repeat(1_001) + "\"}")) {
      assertThatThrownBy(() -> WebhookMapping.parse(mapping))
          .as(mapping)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (WebhookTemplate template : WebhookTemplate.values()) {
      String json = WebhookMapping.parse(template.mapping()).json();
      assertThat(WebhookMapping.parse(json).json()).isEqualTo(json);
      assertThat(WebhookTemplate.labelled(template.label())).contains(template);
    }
  }
}
