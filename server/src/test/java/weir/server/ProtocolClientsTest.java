package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of other protocols than Segment's, as they are, at one Weir: what they send is there by
 * SQL.
 */
class ProtocolClientsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temp;
  private static RunningWeir weir;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    weir = RunningWeir.start(temp.resolve("data"));
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @Test
  void snowplowNode() throws Exception {
    new SnowplowClients(weir, temp).nodeTracker();
  }

  @Test
  void snowplowJava() throws Exception {
    new SnowplowClients(weir, temp).javaTracker();
  }

  @Test
  void snowplowBrowser() throws Exception {
    new SnowplowClients(weir, temp).browserTracker();
  }

  @Test
  void snowplowWebSessions() throws Exception {
    new SnowplowClients(weir, temp).webSessions();
  }

  @Test
  void cloudEventsNode() throws Exception {
    new CloudEventsClients(weir).node();
  }

  @Test
  void cloudEventsJava() throws Exception {
    new CloudEventsClients(weir).java();
  }

  @Test
  void ga4() throws Exception {
    String collect = "/mp/collect?measurement_id=G-MENU1&api_secret=";
    HttpResponse<String> answer = send(collect + weir.writeKey(), GA4);
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(send(collect + "wrong", GA4).statusCode()).isEqualTo(401);
    assertThat(send("/mp/collect?write_key=" + weir.writeKey(), "[]").statusCode()).isEqualTo(400);
    String debug = "/debug" + collect + weir.writeKey();
    assertThat(send(debug, GA4).body()).isEqualTo("{\"validationMessages\":[]}");
    assertThat(send(debug, "{\"client_id\":\"c\",\"events\":[{}]}").body())
        .contains("events[0].name");
    weir.awaitNumber("select count(*) from events where protocol = 'ga4'", 2);
    assertThat(
            weir.query(
                """
                select event, kind, user_id, anonymous_id, session_id, original_timestamp, value,
                  currency, page_path, page_title, referrer_host, utm_campaign, ip, country, city,
                  os, browser, device_type, locale, screen_height, p_transaction_id,
                  p_engagement_time_msec, properties->>'$.items[0].item_id',
                  properties->>'$.user_properties.plan.value', p_measurement_id
                from events where protocol = 'ga4' and event = 'purchase'
                """))
        .isEqualTo(
            JSON.readTree(
                """
                [["purchase", "purchase", "u-ga4", "c-1.2", "1796068000",
                  "2026-01-02T03:04:05.678901Z", 25.5, "EUR", "/order", "Thank you", "shop.example",
                  "spring", "203.0.113.9", "DE", "Berlin", "iOS", "Mobile Safari", "mobile", "de-DE",
                  844, "o-1", 100.0, "sku-1", "pro", "G-MENU1"]]
                """));
  }

  private static final String GA4 =
      """
      {"client_id":"c-1.2","user_id":"u-ga4","timestamp_micros":"1767323045678901",
       "user_properties":{"plan":{"value":"pro"}},
       "user_location":{"city":"Berlin","region_id":"DE-BE","country_id":"DE"},
       "device":{"category":"mobile","language":"de-DE","screen_resolution":"390x844"},
       "ip_override":"203.0.113.9",
       "user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 \
      (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
       "events":[
         {"name":"purchase","params":{"session_id":"1796068000","engagement_time_msec":100,
           "transaction_id":"o-1","value":25.5,"currency":"EUR",
           "items":[{"item_id":"sku-1","price":10,"quantity":2}],
           "page_location":"https://shop.example/order?utm_source=mail&utm_campaign=spring",
           "page_title":"Thank you","page_referrer":"https://shop.example/cart"}},
         {"name":"user_engagement","params":{"session_id":1796068000}}]}
      """;

  @Test
  void pixel() throws Exception {
    String query =
        "&event=Dish+Viewed&user_id=u-pixel&utm_source=mail&prop.dish=soup&prop.price=4.5";
    HttpResponse<byte[]> image =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        weir.collector() + "/pixel.gif?write_key=" + weir.writeKey() + query))
                .header("Referer", "https://shop.example/menu")
                .header(
                    "User-Agent",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(image.statusCode()).isEqualTo(200);
    assertThat(image.body()).startsWith("GIF89a".getBytes(StandardCharsets.US_ASCII));
    assertThat(image.headers().firstValue("content-type")).hasValue("image/gif");
    assertThat(image.headers().firstValue("cache-control")).hasValue("no-store");
    weir.awaitNumber("select count(*) from events where protocol = 'pixel'", 1);
    assertThat(
            weir.query(
                    """
                    select event, user_id, page_path, utm_source, browser, p_dish, p_price
                    from events where protocol = 'pixel'
                    """)
                .get(0))
        .isEqualTo(
            JSON.readTree(
                "[\"Dish Viewed\",\"u-pixel\",\"/menu\",\"mail\",\"Firefox\",\"soup\",4.5]"));
  }

  /** Events without a person count where events count, and nowhere else. */
  @Test
  void eventsOfNobody() throws Exception {
    String event =
        "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"door_opened\",\"id\":\"%s\"}";
    String batch = "[" + event.formatted("1") + "," + event.formatted("2") + "]";
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(weir.collector() + "/ce?write_key=" + weir.writeKey()))
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(HttpRequest.BodyPublishers.ofString(batch))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("\"accepted\":2");
    weir.awaitNumber("select count(*) from door_opened where actor is null", 2);
    assertThat(weir.number("select count(*) from sessions where person_id is null")).isZero();
    assertThat(weir.number("select count(*) from users where person_id is null")).isZero();
    assertThat(weir.number("select count(*) from bad_events where event = 'door_opened'")).isZero();
    assertThat(insight("trend", "{\"events\":[\"door_opened\"],\"measure\":\"total\"}"))
        .contains("\"value\":2");
    assertThat(insight("trend", "{\"events\":[\"door_opened\"],\"measure\":\"persons\"}"))
        .doesNotContain("\"value\":1")
        .doesNotContain("\"value\":2");
    assertThat(insight("funnel", "{\"steps\":[{\"event\":\"door_opened\"},{\"event\":\"x\"}]}"))
        .contains("\"count\":0")
        .doesNotContain("\"count\":1");
  }

  private static String insight(String name, String question) {
    HttpResponse<String> answer = weir.post("/api/v1/insights/" + name, question);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> send(String target, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(weir.collector() + target))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
