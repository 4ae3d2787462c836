package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.TestData;

/** Half a year of a shop's journeys, sent through the door and sent again. */
class EcomJourneysTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Long> EVENTS =
      Map.ofEntries(
          Map.entry("product_view", 6851L),
          Map.entry("catalog", 6521L),
          Map.entry("search", 4011L),
          Map.entry("home", 2762L),
          Map.entry("filter_results", 2610L),
          Map.entry("add_to_cart", 1346L),
          Map.entry("cart", 1204L),
          Map.entry("shipping_details", 958L),
          Map.entry("wishlist_add", 812L),
          Map.entry("promo_page", 796L),
          Map.entry("payment_details", 709L),
          Map.entry("account_page", 659L),
          Map.entry("purchase", 470L),
          Map.entry("review_page", 406L),
          Map.entry("support_chat", 277L),
          Map.entry("error_page", 276L),
          Map.entry("compare", 275L),
          Map.entry("payment_error", 119L),
          Map.entry("checkout_bug", 44L));
  private static final String SESSIONS =
      """
      with gaps as (
        select actor, timestamp, timestamp - lag(timestamp) over (partition by actor order by timestamp) as gap
        from events)
      select count(*) from gaps where gap is null or gap > interval 30 minutes
      """;

  @TempDir Path temp;

  @Test
  void everyLineBecomesOneEventAndNoneASecond() throws Exception {
    List<ArrayNode> batches = batches(TestData.folder("ecom-journeys").resolve("ecom.csv.gz"));
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      send(weir, batches);
      weir.awaitNumber("select count(*) from events", 31_106);
      assertKnownAnswers(weir);

      send(weir, batches);
      weir.awaitNumber("select coalesce(sum(duplicate), 0) from ledger", 31_106);
      assertKnownAnswers(weir);
      assertThat(weir.number("select count(*) from bad_events")).isZero();
      assertThat(weir.get("/api/v1/ledger").get("balanced").asBoolean()).isTrue();
    }
  }

  private static void assertKnownAnswers(RunningWeir weir) {
    assertThat(weir.number("select count(*) from events")).isEqualTo(31_106);
    assertThat(weir.number("select count(distinct event_id) from events")).isEqualTo(31_106);
    assertThat(weir.number("select count(distinct user_id) from events")).isEqualTo(600);
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode row : weir.query("select event, count(*) from events group by event")) {
      counts.put(row.get(0).asText(), row.get(1).asLong());
    }
    assertThat(counts).isEqualTo(new TreeMap<>(EVENTS));
    JsonNode span = weir.query("select min(timestamp), max(timestamp) from events").get(0);
    assertThat(span.get(0).asText()).startsWith("2024-01-04T11:45:38");
    assertThat(span.get(1).asText()).startsWith("2024-06-29T22:02:40");
    assertThat(weir.number(SESSIONS)).isEqualTo(3_605);
    assertThat(weir.number("select count(*) from sessions")).isEqualTo(3_605);
    assertThat(funnel(weir)).containsExactly(600L, 511L, 431L, 225L);
    assertThat(ask(weir, "sessions", "{}").path("sessions").asLong()).isEqualTo(3_605);
    assertThat(
            weir.number("select count(*) from product_view where acquisition_channel is not null"))
        .isEqualTo(6_851);
  }

  private static List<Long> funnel(RunningWeir weir) {
    String steps =
        Stream.of("catalog", "add_to_cart", "cart", "purchase")
            .map("{\"event\":\"%s\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]"));
    JsonNode answer = ask(weir, "funnel", "{\"window\":\"365d\",\"steps\":" + steps + "}");
    List<Long> counts = new ArrayList<>();
    answer.path("steps").forEach(step -> counts.add(step.path("count").asLong()));
    return counts;
  }

  private static JsonNode ask(RunningWeir weir, String question, String body) {
    HttpResponse<String> response = weir.post("/api/v1/insights/" + question, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(RunningWeir weir, List<ArrayNode> batches) throws IOException {
    for (ArrayNode batch : batches) {
      ObjectNode body = JSON.createObjectNode();
      body.set("batch", batch);
      HttpResponse<String> response = weir.send("/v1/import", JSON.writeValueAsBytes(body));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(JSON.readTree(response.body()).get("accepted").asInt()).isEqualTo(batch.size());
    }
  }

  private static List<ArrayNode> batches(Path file) throws IOException {
    List<ArrayNode> batches = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String[] header = lines.readLine().split(",");
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (number % 500 == 0) {
          batches.add(JSON.createArrayNode());
        }
        batches.getLast().add(event(header, line.split(",", -1), number++));
      }
    }
    return batches;
  }

  private static ObjectNode event(String[] header, String[] values, int line) {
    ObjectNode event =
        JSON.createObjectNode().put("type", "track").put("messageId", "line-" + line);
    ObjectNode properties = event.putObject("properties");
    for (int i = 0; i < header.length; i++) {
      switch (header[i]) {
        case "user_id" -> event.put("userId", values[i]);
        case "event" -> event.put("event", values[i]);
        case "timestamp" -> event.put("timestamp", values[i].replace(' ', 'T') + "Z");
        default -> properties.put(header[i], values[i]);
      }
    }
    return event;
  }
}
