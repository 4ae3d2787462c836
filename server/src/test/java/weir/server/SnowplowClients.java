package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.snowplowanalytics.snowplow.tracker.Snowplow;
import com.snowplowanalytics.snowplow.tracker.Tracker;
import com.snowplowanalytics.snowplow.tracker.configuration.EmitterConfiguration;
import com.snowplowanalytics.snowplow.tracker.configuration.NetworkConfiguration;
import com.snowplowanalytics.snowplow.tracker.configuration.SubjectConfiguration;
import com.snowplowanalytics.snowplow.tracker.configuration.TrackerConfiguration;
import com.snowplowanalytics.snowplow.tracker.events.EcommerceTransaction;
import com.snowplowanalytics.snowplow.tracker.events.EcommerceTransactionItem;
import com.snowplowanalytics.snowplow.tracker.events.PageView;
import com.snowplowanalytics.snowplow.tracker.events.SelfDescribing;
import com.snowplowanalytics.snowplow.tracker.events.Structured;
import com.snowplowanalytics.snowplow.tracker.payload.SelfDescribingJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import weir.testkit.TestData;

/**
 * Snowplow's real trackers with nothing but the collector's address and the app id changed, and the
 * events of a real site: their fields in SQL.
 */
final class SnowplowClients {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningWeir weir;
  private final Path temp;

  /**
   * @param temp a folder to write to
   */
  SnowplowClients(RunningWeir weir, Path temp) {
    this.weir = weir;
    this.temp = temp;
  }

  void nodeTracker() throws Exception {
    NpmClient client = NpmClient.installed("snowplow");
    assertThat(client.run("node.mjs", weir.collector(), weir.writeKey()))
        .as(client.said())
        .isZero();
    weir.awaitNumber("select count(*) from events where library = 'node'", 21);
    for (String user : List.of("u-post", "u-plain", "u-get")) {
      assertThat(
              weir.query(
                  """
                  select event, kind, anonymous_id, session_id, library_version, platform, app_name,
                    page_title, page_path, referrer_host, utm_source, utm_campaign, value, currency,
                    ip, browser, locale, timezone, screen_width, viewport_height, latitude
                  from events where user_id = '%s' order by event
                  """
                      .formatted(user)))
          .isEqualTo(JSON.readTree(NODE_ROWS.replace("$USER", user)));
      assertThat(
              weir.query(
                      """
                      select dish, seconds, hot, page_view_id, properties->>'$.table[0].name',
                        properties->>'$.tags[1]'
                      from dish_viewed where user_id = '%s'
                      """
                          .formatted(user))
                  .get(0))
          .isEqualTo(JSON.readTree("[\"soup\", 3.5, true, \"view-1\", \"Früh & spät\", \"b\"]"));
    }
  }

  private static final String SENDER =
      """
      "203.0.113.7", "Firefox", "de-DE", "Europe/Berlin", 1920, 900\
      """;
  private static final String NODE_ROWS =
      """
      [["Dish Ordered", null, "d-$USER", "s-1", "4.8.0", "server", null, null, null, null, null, null,
        9.5, null, %1$s, null],
       ["dish_viewed", null, "d-$USER", "s-1", "4.8.0", "server", null, null, null, null, null, null,
        null, null, %1$s, 52.5],
       ["link_click", "click", "d-$USER", "s-1", "4.8.0", "server", null, null, null, null, null, null,
        null, null, %1$s, null],
       ["page_ping", "user_engagement", "d-$USER", "s-1", "4.8.0", "server", null, null, "/p/1", null,
        "mail", "spring", null, null, %1$s, null],
       ["page_viewed", "page_view", "d-$USER", "s-1", "4.8.0", "server", null, "Shoe", "/p/1",
        "search.example", "mail", "spring", null, null, %1$s, 52.5],
       ["transaction", "purchase", "d-$USER", "s-1", "4.8.0", "server", null, null, null, null, null,
        null, 25.5, "EUR", %1$s, null],
       ["transaction_item", null, "d-$USER", "s-1", "4.8.0", "server", null, null, null, null, null,
        null, 20.0, "EUR", %1$s, null]]
      """
          .formatted(SENDER);

  void javaTracker() throws Exception {
    Tracker tracker =
        Snowplow.createTracker(
            new TrackerConfiguration("java", weir.writeKey()),
            new NetworkConfiguration(weir.collector()),
            new EmitterConfiguration().batchSize(5),
            new SubjectConfiguration()
                .userId("u-java")
                .domainUserId("d-java")
                .ipAddress("203.0.113.8")
                .language("fr-FR")
                .screenResolution(1280, 720));
    tracker.track(
        PageView.builder()
            .pageUrl("https://shop.example/menu")
            .pageTitle("Menu")
            .referrer("https://search.example/")
            .build());
    tracker.track(
        Structured.builder()
            .category("menu")
            .action("Java Order")
            .label("soup")
            .value(4.5)
            .build());
    tracker.track(
        SelfDescribing.builder()
            .eventData(
                new SelfDescribingJson(
                    "iglu:com.acme/java_event/jsonschema/1-0-0",
                    Map.of("dish", "soup", "count", 2)))
            .customContext(
                List.of(
                    new SelfDescribingJson(
                        "iglu:com.acme/table/jsonschema/1-0-0", Map.of("number", 4))))
            .build());
    tracker.track(
        EcommerceTransaction.builder()
            .orderId("o-java")
            .totalValue(30.0)
            .taxValue(1.0)
            .shipping(2.0)
            .currency("EUR")
            .items(
                EcommerceTransactionItem.builder()
                    .itemId("o-java")
                    .sku("s")
                    .price(10.0)
                    .quantity(3)
                    .currency("EUR")
                    .build())
            .build());
    tracker.close();
    weir.awaitNumber("select count(*) from events where library = 'java'", 5);
    assertThat(
            weir.query(
                """
                select event, kind, user_id, anonymous_id, library_version, platform, ip, locale,
                  screen_height, page_title, value, currency
                from events where library = 'java' order by event
                """))
        .isEqualTo(
            JSON.readTree(
                """
                [["Java Order", null, %1$s, null, 4.5, null],
                 ["java_event", null, %1$s, null, null, null],
                 ["page_viewed", "page_view", %1$s, "Menu", null, null],
                 ["transaction", "purchase", %1$s, null, 30.0, "EUR"],
                 ["transaction_item", null, %1$s, null, 30.0, "EUR"]]
                """
                    .formatted(
                        "\"u-java\",\"d-java\",\"1.0.1\",\"server\",\"203.0.113.8\",\"fr-FR\",720")));
    assertThat(
            weir.query("select dish, \"count\", properties->>'$.table[0].number' from java_event")
                .get(0))
        .isEqualTo(JSON.readTree("[\"soup\", 2.0, \"4\"]"));
  }

  void browserTracker() throws Exception {
    Assumptions.assumeTrue(
        LivePageTest.browser().isPresent(), "skipped: there is no Chromium here");
    NpmClient client = NpmClient.installed("snowplow");
    Path settings = temp.resolve("settings.json");
    Files.writeString(
        settings,
        JSON.createObjectNode()
            .put("chromium", LivePageTest.browser().orElseThrow())
            .put("collector", weir.collector())
            .put("writeKey", weir.writeKey())
            .toString());
    assertThat(client.run("browser.mjs", settings.toString())).as(client.said()).isZero();
    String ofBrowser = " from events where library = 'js' and library_version = '4.10.1'";
    weir.awaitNumber("select count(*)" + ofBrowser, 12);
    assertThat(
            weir.query(
                """
                select coalesce(user_id, 'nobody'), count(distinct event), count(distinct session_id),
                  count(distinct anonymous_id), count(actor), count(ip), min(browser), min(page_title),
                  min(page_path), min(utm_campaign), min(viewport_width), min(timezone), min(platform)
                """
                    + ofBrowser
                    + " group by 1 order by 1"))
        .isEqualTo(
            JSON.readTree(
                """
                [["nobody", 3, 0, 0, 0, 0, %1$s], ["u-web-beacon", 3, 1, 1, 3, 3, %1$s],
                 ["u-web-get", 3, 1, 1, 3, 3, %1$s], ["u-web-post", 3, 1, 1, 3, 3, %1$s]]
                """
                    .formatted(
                        "\"HeadlessChrome\",\"Shop\",\"/menu\",\"spring\",1000,\"Europe/Berlin\",\"web\"")));
    assertThat(
            weir.query(
                    "select dish, section, library from dish_viewed where user_id = 'u-web-post'")
                .get(0))
        .isEqualTo(JSON.readTree("[\"soup\", \"Starters & more\", \"js\"]"));
  }

  /** Rows of a real site's table of events, sent as its tracker had sent them. */
  void webSessions() throws Exception {
    Path file = TestData.folder("web-sessions").resolve("snowplow_web_events.csv");
    List<Map<String, String>> rows = SnowplowRows.read(file);
    assertThat(rows).hasSize(160);
    for (int i = 0; i < rows.size(); i += 20) {
      String body = SnowplowRows.request(rows.subList(i, Math.min(i + 20, rows.size())));
      String path = "/com.snowplowanalytics.snowplow/tp2";
      assertThat(weir.send(path, body).statusCode()).isEqualTo(200);
    }
    String ofSite = " from events where app_name like 'site-%'";
    weir.awaitNumber("select count(*)" + ofSite, 157);
    List<String> expected = new ArrayList<>();
    SnowplowRows.distinct(rows)
        .forEach(row -> expected.add(String.join("|", SnowplowRows.columns(row))));
    List<String> found = new ArrayList<>();
    weir.query("select concat_ws('|', " + SnowplowRows.SELECT + ")" + ofSite + " order by event_id")
        .forEach(row -> found.add(row.get(0).asText()));
    assertThat(found).containsExactlyElementsOf(expected);
  }
}
