package weir.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.WebhookMapping;
import weir.event.EventColumn;
import weir.metadata.MetaStore;
import weir.metadata.RefusedException;
import weir.metadata.Webhook;
import weir.process.MetaDatabase;

class WebhookControlTest {
  private static final int LIMIT = 1 << 20;
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  private static final String MAPPING =
      "{\"event\":\"body.what\",\"message_id\":\"body.nr\",\"properties\":\"body\"}";

  @TempDir Path folder;
  private MetaDatabase database;
  private MetaStore store;
  private WebhookControl control;

  @BeforeEach
  void open() throws IOException {
    database = MetaDatabase.open(folder.resolve("meta.db"));
    store = new MetaStore(database.jdbi(), () -> NOW, (keys, webhooks) -> {});
    store.ensureFirstProject(folder.resolve("credentials.json"), "http://c", "http://a");
    control = WebhookControl.start(store, LIMIT, () -> NOW);
  }

  @AfterEach
  void close() {
    control.close();
    database.close();
  }

  private Webhook create(String name, String mapping) throws RefusedException {
    return control.create(
        "default", new Webhook.New(name, "plain", Optional.empty(), mapping, Optional.empty()));
  }

  private static RawRequest request(Webhook webhook, String path, int number, String body) {
    return new RawRequest(
        new UUID(webhook.id().hashCode(), number),
        "webhook",
        webhook.project(),
        webhook.name(),
        webhook.id(),
        "192.0.2.7",
        1_770_000_000_000_000L + number,
        path,
        "",
        1,
        List.of(new Header("content-type", "application/json")),
        body.getBytes(UTF_8));
  }

  private static List<Decoded> decode(Decoder decoder, RawRequest request) {
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(request, request.body(), decoded::add);
    return decoded;
  }

  private static String bell(int number) {
    return "{\"what\":\"Rung\",\"nr\":" + number + ",\"deep\":{\"x\":1.50}}";
  }

  private static List<String> ids(ObjectNode tried) {
    List<String> ids = new ArrayList<>();
    for (JsonNode request : tried.path("requests")) {
      ids.add(request.path("events").path(0).path("event_id").asText());
    }
    return ids;
  }

  @Test
  void theLastRequestsOutliveARestart() throws RefusedException {
    Webhook bells = create("bells", MAPPING);
    Webhook doors = create("doors", MAPPING);
    Decoder decoder = control.decoder();
    for (int i = 0; i < 250; i++) {
      decode(decoder, request(bells, "/hook", i, bell(i)));
    }
    decode(decoder, request(doors, "/hook", 1, bell(1)));
    decode(decoder, request(doors, "/hook", 1, bell(1)));
    decode(decoder, request(doors, "/hook", 2, bell(2).replace("Rung", "x".repeat(140_000))));
    decode(decoder, request(doors, "/hook/replay", 3, "[{\"body\":" + bell(3) + "}]"));
    assertThat(ids(control.tryLast("default", bells.id(), Optional.empty(), 3)))
        .containsExactly("249", "248", "247");
    decode(decoder, request(bells, "/hook", 250, bell(250)));
    control.close();
    control = WebhookControl.start(store, LIMIT, () -> NOW);
    assertThat(ids(control.tryLast("default", bells.id(), Optional.empty(), 1_000)))
        .hasSize(100)
        .startsWith("250", "249", "248")
        .endsWith("151");
    assertThat(ids(control.tryLast("default", doors.id(), Optional.empty(), 100)))
        .as("once, not the large one, and not what was brought again")
        .containsExactly("1");
  }

  @Test
  void aDryRunShowsTheEventsOfAnyMapping() throws Exception {
    Webhook bells = create("bells", "{\"event\":\"body.kind\"}");
    Decoder decoder = control.decoder();
    assertThat(decode(decoder, request(bells, "/hook", 7, bell(7))).getFirst())
        .isInstanceOf(Decoded.Bad.class);
    ObjectNode inForce = control.tryLast("default", bells.id(), Optional.empty(), 10);
    assertThat(inForce.path("bad").asInt()).isEqualTo(1);
    assertThat(inForce.at("/requests/0/events/0/reason").asText()).isEqualTo("mapping_failed");
    WebhookMapping other = WebhookMapping.parse(MAPPING);
    JsonNode event =
        new ObjectMapper()
            .readTree(control.tryLast("default", bells.id(), Optional.of(other), 10).toString())
            .at("/requests/0/events/0");
    assertThat(event)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"event":"Rung","event_id":"7","protocol":"webhook","platform":"server",
                     "timestamp":"2026-02-02T02:40:00.000007Z",
                     "properties":{"what":"Rung","nr":7,"deep":{"x":1.50}}}
                    """));
    assertThat(decode(decoder, request(bells, "/hook", 8, bell(8))).getFirst())
        .as("the one in force is another still")
        .isInstanceOf(Decoded.Bad.class);
    control.change(
        "default",
        bells.id(),
        new Webhook.Change(Optional.of(other.json()), UnaryOperator.identity(), Optional.empty()));
    assertThat(decode(decoder, request(bells, "/hook", 9, bell(9))).getFirst())
        .isInstanceOf(Decoded.Event.class);
  }

  @Test
  void payloadsOfBadEventsAreTried() throws RefusedException {
    Webhook bells = create("bells", "{\"event\":\"body.kind\"}");
    Decoded.Bad bad =
        (Decoded.Bad) decode(control.decoder(), request(bells, "/hook", 7, bell(7))).getFirst();
    ObjectNode tried =
        control.tryPayloads(
            "default",
            bells.id(),
            Optional.of(WebhookMapping.parse(MAPPING)),
            List.of(new String(bad.payload(), UTF_8), "cut off {", "{}", "[]", "{} {}"));
    assertThat(tried.at("/requests/0/events/0/event").asText()).isEqualTo("Rung");
    assertThat(tried.path("events").asInt()).isEqualTo(1);
    assertThat(tried.path("bad").asInt()).isEqualTo(4);
    assertThat(tried.path("requests")).hasSize(5);
  }

  @Test
  void whatWaitedIsMappedAlsoAfterTheEnd() throws RefusedException {
    Webhook bells = create("bells", MAPPING);
    control.delete("default", bells.id());
    control.close();
    control = WebhookControl.start(store, LIMIT, () -> NOW);
    Decoded.Event event =
        (Decoded.Event) decode(control.decoder(), request(bells, "/hook", 1, bell(1))).getFirst();
    assertThat(event.columns()).containsEntry(EventColumn.EVENT, "Rung");
  }
}
