package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicReference;

/** The real CloudEvents SDKs with nothing but address and key told: their events in SQL. */
final class CloudEventsClients {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningWeir weir;

  CloudEventsClients(RunningWeir weir) {
    this.weir = weir;
  }

  void node() throws Exception {
    NpmClient client = NpmClient.installed("cloudevents");
    String url = weir.collector() + "/ce";
    assertThat(client.run("send.mjs", url, weir.writeKey())).as(client.said()).isZero();
    weir.awaitNumber("select count(*) from events where event = 'dish.cooked'", 7);
    assertThat(
            weir.query(
                """
                select event_id, actor, original_timestamp, p_dish, p_minutes, p_spicy, p_data,
                  p_data_base64, p_ce_subject, p_ce_traceparent, properties->>'$.tags[1]'
                from events where event = 'dish.cooked' order by event_id
                """))
        .isEqualTo(
            JSON.readTree(
                """
                [["/kitchen/1 base64", null, %2$s, null, null, null, null, "AQL/", %3$s, null],
                 ["/kitchen/1 batch-1", %1$s],
                 ["/kitchen/1 batch-2", %1$s],
                 ["/kitchen/1 binary", %1$s],
                 ["/kitchen/1 emitter", %1$s],
                 ["/kitchen/1 structured", %1$s],
                 ["/kitchen/1 text", null, %2$s, null, null, null, "done", null, %3$s, null]]
                """
                    .formatted(
                        """
                        "u-ce", "2026-01-02T03:04:05.678Z", "Früh & spät", 7.5, true, null, null,
                        "soup", "00-1-1-00", "b"\
                        """,
                        "\"2026-01-02T03:04:05.678Z\"",
                        "\"soup\", \"00-1-1-00\"")));
  }

  void java() throws Exception {
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId("binary")
            .withSource(URI.create("urn:java"))
            .withType("order_completed")
            .withSubject("order 1")
            .withTime(OffsetDateTime.parse("2026-01-02T03:04:05.678Z"))
            .withExtension("anonymousid", "a-java-ce")
            .withExtension("attempt", 2)
            .withData(
                "application/json",
                "{\"value\":12.5,\"currency\":\"EUR\",\"lines\":[1]}"
                    .getBytes(StandardCharsets.UTF_8))
            .build();
    send(writer -> writer.writeBinary(event));
    CloudEvent other = CloudEventBuilder.v1(event).withId("structured").build();
    send(writer -> writer.writeStructured(other, new JsonFormat()));
    weir.awaitNumber("select count(*) from events where event = 'order_completed'", 2);
    assertThat(
            weir.query(
                """
                select event_id, kind, anonymous_id, actor, value, currency, p_ce_subject,
                  p_ce_source, properties->>'$.lines[0]', original_timestamp
                from events where event = 'order_completed' order by event_id
                """))
        .isEqualTo(
            JSON.readTree(
                """
                [["urn:java binary", %1$s], ["urn:java structured", %1$s]]
                """
                    .formatted(
                        """
                        "purchase", "a-java-ce", "a-java-ce", 12.5, "EUR", "order 1", "urn:java",
                        "1", "2026-01-02T03:04:05.678Z"\
                        """)));
  }

  /** Something that writes an event with the SDK. */
  private interface Writing {
    void write(MessageWriter<?, ?> writer);
  }

  private void send(Writing writing) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(weir.collector() + "/ce"))
            .header("Authorization", "Bearer " + weir.writeKey());
    AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
    writing.write(HttpMessageFactory.createWriter(request::header, body::set));
    request.POST(HttpRequest.BodyPublishers.ofByteArray(body.get()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }
}
