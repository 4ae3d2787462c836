package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.server.PostHog;
import com.posthog.server.PostHogCaptureOptions;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;
import com.rudderstack.sdk.java.analytics.RudderAnalytics;
import com.rudderstack.sdk.java.analytics.messages.IdentifyMessage;
import com.rudderstack.sdk.java.analytics.messages.TrackMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDKs of other analytics systems with nothing but host and key changed, found in SQL. */
class AnalyticsClientsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temp;
  private static RunningWeir weir;

  @BeforeAll
  static void start() throws IOException {
    weir = RunningWeir.start(temp.resolve("data"));
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @Test
  void posthogNode() throws Exception {
    NpmClient client = NpmClient.installed("analytics");
    int exit = client.run("posthog-node.mjs", weir.collector(), weir.writeKey());
    assertThat(exit).as(client.said()).isZero();
    weir.awaitNumber("select count(*) from events where library = 'posthog-node'", 5);
    assertRows(
        """
        select event, kind, event_id, user_id, anonymous_id, group_id, original_timestamp, protocol,
          platform, page_url, utm_source, value, currency, properties->>'$.nested.a[0]'
        from events where event_id like '0198a000-%'
        """,
        """
        [["Order Completed", "purchase", "0198a000-0000-7000-8000-000000000001", "u-ph-node", null,
          "c-1", "2026-01-02T03:04:05.678Z", "posthog", "server",
          "https://shop.example/p/1?utm_source=mail", "mail", 25.5, "EUR", "1"]]
        """);
    assertRows(
        "select event, kind, user_id, group_id from events where library = 'posthog-node'"
            + " and event <> 'Order Completed' order by 1",
        """
        [["$exception", "error", "u-ph-node", null], ["aliased", "alias", "u-ph-node", null],
         ["grouped", "group", null, "c-1"], ["identified", "identify", "u-ph-node", null]]
        """);
    assertRows(
        "select email, first from identified where user_id = 'u-ph-node'",
        "[[\"ada@example.org\", 1.0]]");
  }

  @Test
  void posthogJava() throws IOException {
    PostHogInterface posthog =
        PostHog.with(PostHogConfig.builder(weir.writeKey()).host(weir.collector()).build());
    posthog.capture(
        "u-ph-java",
        "Product Viewed",
        PostHogCaptureOptions.builder()
            .property("price", 9.5)
            .property("tags", List.of("a", "b"))
            .userProperty("plan", "pro")
            .timestamp(Instant.parse("2026-01-02T03:04:05.678Z"))
            .build());
    posthog.identify("u-ph-java", Map.of("email", "eve@example.org"));
    posthog.alias("u-ph-java", "a-ph-java");
    assertThat(posthog.isFeatureEnabled("u-ph-java", "new-shop")).isFalse();
    posthog.flush();
    weir.awaitNumber("select count(*) from events where user_id = 'u-ph-java'", 4);
    posthog.close();
    assertRows(
        "select kind, original_timestamp, protocol, platform, price, properties->>'$.tags[1]'"
            + " from product_viewed where user_id = 'u-ph-java'",
        "[[\"view_item\", \"2026-01-02T03:04:05.678Z\", \"posthog\", \"server\", 9.5, \"b\"]]");
    assertRows(
        "select email from identified where user_id = 'u-ph-java'", "[[\"eve@example.org\"]]");
  }

  @Test
  void browsers() throws Exception {
    Assumptions.assumeTrue(
        LivePageTest.browser().isPresent(), "skipped: there is no Chromium here");
    NpmClient client = NpmClient.installed("analytics");
    Path settings = temp.resolve("settings.json");
    Files.writeString(
        settings,
        JSON.createObjectNode()
            .put("chromium", LivePageTest.browser().orElseThrow())
            .put("collector", weir.collector())
            .put("writeKey", weir.writeKey())
            .toString());
    assertThat(client.run("browser.mjs", settings.toString())).as(client.said()).isZero();
    weir.awaitNumber("select count(*) from events where event = 'Browser Leaving'", 1);
    assertRows(
        """
        select event, kind, user_id, anonymous_id is not null, session_id is not null, platform,
          library, page_path, page_title, utm_source, utm_campaign, click_id, locale, timezone,
          viewport_width, browser, device_type
        from events where event = '$pageview'
        """,
        """
        [["$pageview", "page_view", null, true, true, "web", "web", "/shop/posthog", "Shop", "mail",
          "spring", "abc", "de-DE", "Europe/Berlin", 1200, "Chrome", "desktop"]]
        """);
    assertRows(
        "select distinct event, kind, user_id from events where library = 'web' and event not like"
            + " '$page%' order by 1",
        """
        [["$autocapture", "click", null], ["Browser Later", null, "u-ph-browser"],
         ["Browser Leaving", null, "u-ph-browser"], ["Browser Order", null, null],
         ["grouped", "group", "u-ph-browser"], ["identified", "identify", "u-ph-browser"]]
        """);
    assertRows(
        "select email, first, plan from users where user_id = 'u-ph-browser'",
        "[[\"ada@example.org\", 1.0, \"pro\"]]");
    weir.awaitNumber(
        "select count(*) from events where protocol = 'clickstream' and event = 'add_to_cart'", 1);
    assertRows(
        """
        select event, kind, user_id, anonymous_id is not null, session_id is not null, platform,
          library, library_version, page_title, page_host, value, currency, locale, viewport_width,
          browser, properties->>'$.items[0].id'
        from events where protocol = 'clickstream' and event = 'add_to_cart'
        """,
        """
        [["add_to_cart", "add_to_cart", "u-cs-browser", true, true, "web",
          "aws-solution-clickstream-sdk", "0.12.6", "Shop", "127.0.0.1", 12.5, "EUR", "de-DE", 1200,
          "HeadlessChrome", "i-1"]]
        """);
    assertThat(
            weir.number(
                "select count(*) from events where library_version = '0.12.6' and kind = 'page_view'"))
        .isEqualTo(1);
    assertRows("select plan, age from users where user_id = 'u-cs-browser'", "[[\"pro\", 36.0]]");
    weir.awaitNumber("select count(*) from events where protocol = 'rakam'", 2);
    assertRows(
        """
        select event, user_id, anonymous_id is not null, session_id is not null, platform, utm_source,
          locale, browser, price, color
        from rakam_order
        """,
        """
        [["Rakam Order", "u-rakam", true, true, "web", "mail", "de-DE", "HeadlessChrome", 12.5,
          "red"]]
        """);
    assertRows("select plan from users where user_id = 'u-rakam'", "[[\"pro\"]]");
  }

  @Test
  void rudderNode() throws Exception {
    NpmClient client = NpmClient.installed("analytics");
    int exit = client.run("rudder-node.mjs", weir.collector(), weir.writeKey());
    assertThat(exit).as(client.said()).isZero();
    weir.awaitNumber("select count(*) from events where event_id like 'rudder-node-%'", 6);
    assertRows(
        "select event, kind, user_id, anonymous_id, original_timestamp, ip, page_host, value,"
            + " currency from events where event_id = 'rudder-node-track'",
        """
        [["Order Completed", "purchase", "u-rudder-node", "a-rudder-node",
          "2026-01-02T03:04:05.678Z", "203.0.113.7", "shop.example", 25.5, "EUR"]]
        """);
    assertRows(
        "select email from identified where event_id = 'rudder-node-identify'",
        "[[\"ada@example.org\"]]");
  }

  @Test
  void rudderJava() throws IOException {
    RudderAnalytics rudder =
        RudderAnalytics.builder(weir.writeKey()).setDataPlaneUrl(weir.collector()).build();
    rudder.enqueue(
        TrackMessage.builder("Product Viewed")
            .messageId("rudder-java-track")
            .userId("u-rudder-java")
            .timestamp(Date.from(Instant.parse("2026-01-02T03:04:05.678Z")))
            .properties(Map.of("price", 9.5)));
    rudder.enqueue(
        IdentifyMessage.builder()
            .messageId("rudder-java-identify")
            .userId("u-rudder-java")
            .traits(Map.of("name", "Ada")));
    rudder.flush();
    weir.awaitNumber("select count(*) from events where event_id like 'rudder-java-%'", 2);
    rudder.shutdown();
    assertRows(
        "select kind, user_id, price from product_viewed where event_id = 'rudder-java-track'",
        "[[\"view_item\", \"u-rudder-java\", 9.5]]");
  }

  @Test
  void aRequestOfTenThousandEventsOfAnApp() throws Exception {
    String data = System.getenv("WEIR_TEST_DATA");
    Assumptions.assumeTrue(data != null, "skipped: WEIR_TEST_DATA is not set");
    Path shop = Path.of(data, "shop-events");
    String query = Files.readString(shop.resolve("request-query.txt")).strip();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            weir.collector()
                                + "/collect?"
                                + query
                                + "&write_key="
                                + weir.writeKey()))
                    .header("Content-Type", "application/json; charset=utf-8")
                    .POST(HttpRequest.BodyPublishers.ofFile(shop.resolve("request-body.txt")))
                    .build(),
                BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    String ofApp =
        " from events where protocol = 'clickstream' and platform is not null"
            + " and library_version <> '0.12.6'";
    weir.awaitNumber("select count(*)" + ofApp, 10_000);
    assertRows(
        "select count(distinct event_id), count(distinct anonymous_id), count(distinct user_id) > 0,"
            + " min(original_timestamp), max(original_timestamp)"
            + ofApp,
        "[[10000, 97, true, \"2024-05-03T00:19:58.688Z\", \"2024-05-03T23:40:16.436Z\"]]");
    assertRows(
        "select event, count(*)" + ofApp + " group by 1 order by 2 desc, 1",
        """
        [["product_exposure", 3676], ["_user_engagement", 2104], ["_screen_view", 1828],
         ["view_item", 457], ["_page_view", 359], ["add_to_cart", 239], ["view_cart", 221],
         ["_app_start", 191], ["_session_start", 191], ["_app_end", 187], ["_scroll", 185],
         ["search", 114], ["view_live", 99], ["remove_from_cart", 44], ["_first_open", 26],
         ["_profile_set", 22], ["login", 22], ["begin_checkout", 19], ["purchase", 10],
         ["logout", 6]]
        """);
    assertRows(
        "select kind, count(*)"
            + ofApp
            + " and kind in ('page_view', 'screen_view', 'session_start', 'first_open', 'scroll')"
            + " group by 1 order by 1",
        """
        [["first_open", 26], ["page_view", 359], ["screen_view", 1828], ["scroll", 185],
         ["session_start", 191]]
        """);
  }

  private static void assertRows(String sql, String expected) throws IOException {
    JsonNode rows = weir.query(sql);
    assertThat(rows).isEqualTo(JSON.readTree(expected));
  }
}
