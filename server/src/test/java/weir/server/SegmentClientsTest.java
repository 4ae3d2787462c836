package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.segment.analytics.Analytics;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Segment SDKs with nothing but host and key changed: their events, all fields, in SQL.
 */
class SegmentClientsTest {
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
  void nodeSdk() throws Exception {
    NpmClient client = NpmClient.installed("node");
    assertThat(client.run("segment.mjs", weir.collector(), weir.writeKey())).isZero();
    weir.awaitNumber("select count(*) from events where event_id like 'node-%'", 6);

    JsonNode track =
        weir.query(
                """
                select event, kind, user_id, anonymous_id, actor, original_timestamp, source, protocol,
                  library, library_version, platform, app_name, app_version, app_build, page_url,
                  page_path, page_host, page_title, referrer, referrer_host, utm_source, utm_medium,
                  utm_campaign, utm_term, utm_content, value, currency, ip, os, os_version,
                  device_model, screen_width, screen_height, locale, timezone
                from events where event_id = 'node-track'
                """)
            .get(0);
    assertThat(track)
        .isEqualTo(
            JSON.readTree(
                """
                ["Order Completed", "purchase", "u-node", "a-node", "u-node",
                 "2026-01-02T03:04:05.678Z", "default", "segment", "@segment/analytics-node", "3.1.0",
                 "ios", "shop", "2.1.0", "77", "https://shop.example/p/1?x=1", "/p/1", "shop.example",
                 "Shoe", "https://search.example/q", "search.example", "newsletter", "email",
                 "spring", "shoes", "top", 25.5, "EUR", "203.0.113.7", "iOS", "20.1", "iPhone17,1",
                 390, 844, "de-DE", "Europe/Berlin"]
                """));
    assertThat(
            weir.query(
                    """
                    select coupon, gift, revenue, properties->>'$.products[0].sku',
                      properties->>'$._integrations.All', properties->>'$._context.device.manufacturer'
                    from order_completed where event_id = 'node-track'
                    """)
                .get(0))
        .isEqualTo(JSON.readTree("[\"SPRING\", true, 25.5, \"s1\", \"true\", \"Apple\"]"));
    assertThat(
            weir.query(
                "select event, kind, screen_name, group_id from events where event_id like 'node-%'"
                    + " and event_id <> 'node-track' order by event_id"))
        .isEqualTo(
            JSON.readTree(
                """
                [["aliased", "alias", null, null], ["grouped", "group", null, "g-1"],
                 ["identified", "identify", null, null], ["page_viewed", "page_view", null, null],
                 ["screen_viewed", "screen_view", "Cart", null]]
                """));
    assertThat(
            weir.query("select email, plan, age from identified where event_id = 'node-identify'")
                .get(0))
        .isEqualTo(JSON.readTree("[\"ada@example.org\", \"pro\", 36.0]"));
    assertThat(
            weir.query("select previous_id from aliased where event_id = 'node-alias'")
                .get(0)
                .get(0)
                .asText())
        .isEqualTo("a-node");
  }

  @Test
  void javaSdk() throws Exception {
    Analytics analytics = Analytics.builder(weir.writeKey()).endpoint(weir.collector()).build();
    Date timestamp = Date.from(Instant.parse("2026-01-02T03:04:05.678Z"));
    analytics.enqueue(
        TrackMessage.builder("Product Viewed")
            .messageId("java-track")
            .userId("u-java")
            .anonymousId("a-java")
            .timestamp(timestamp)
            .context(Map.of("ip", "203.0.113.8", "app", Map.of("name", "shop")))
            .properties(Map.of("price", 9.5, "color", "red", "tags", List.of("a", "b"))));
    analytics.enqueue(
        IdentifyMessage.builder()
            .messageId("java-identify")
            .userId("u-java")
            .traits(Map.of("name", "Ada")));
    analytics.enqueue(PageMessage.builder("Home").messageId("java-page").userId("u-java"));
    analytics.enqueue(ScreenMessage.builder("Cart").messageId("java-screen").userId("u-java"));
    analytics.enqueue(GroupMessage.builder("g-2").messageId("java-group").userId("u-java"));
    analytics.enqueue(AliasMessage.builder("a-java").messageId("java-alias").userId("u-java"));
    analytics.flush();
    weir.awaitNumber("select count(*) from events where event_id like 'java-%'", 6);
    analytics.shutdown();

    assertThat(
            weir.query(
                    """
                    select event, kind, user_id, anonymous_id, original_timestamp, timestamp, library,
                      ip, app_name, price, color, properties->>'$.tags[1]'
                    from product_viewed where event_id = 'java-track'
                    """)
                .get(0))
        .isEqualTo(
            JSON.readTree(
                """
                ["Product Viewed", "view_item", "u-java", "a-java", "2026-01-02T03:04:05.678Z",
                 "2026-01-02T03:04:05.678Z", "analytics-java", "203.0.113.8", "shop", 9.5, "red", "b"]
                """));
    assertThat(
            weir.query("select name from identified where event_id = 'java-identify'")
                .get(0)
                .get(0)
                .asText())
        .isEqualTo("Ada");
    assertThat(weir.number("select count(*) from grouped where group_id = 'g-2'")).isEqualTo(1);
  }
}
