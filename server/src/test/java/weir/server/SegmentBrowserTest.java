package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.TestCertificate;

/** Segment's browser SDK in a real browser, told nothing but key and collector. */
class SegmentBrowserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  @Test
  void callsBatchesAndBeaconsArrive() throws Exception {
    Assumptions.assumeTrue(
        LivePageTest.browser().isPresent(), "skipped: there is no Chromium here");
    NpmClient client = NpmClient.installed("browser");
    Path certificate = temp.resolve("weir.pem");
    Path key = temp.resolve("weir.key");
    TestCertificate.create(temp, "weir").write(certificate, key);
    Path config = temp.resolve("weir.yaml");
    Files.writeString(
        config,
        """
        collect: {tls_certificate: '%1$s', tls_key: '%2$s'}
        api: {tls_certificate: '%1$s', tls_key: '%2$s'}
        """
            .formatted(certificate, key));
    // batches are sent by https, whatever protocol the SDK is told
    try (RunningWeir weir =
        RunningWeir.startWithTls(temp.resolve("data"), "--config", config.toString())) {
      Path settings = temp.resolve("settings.json");
      Files.writeString(
          settings,
          JSON.createObjectNode()
              .put("chromium", LivePageTest.browser().orElseThrow())
              .put("collector", weir.collector())
              .put("writeKey", weir.writeKey())
              .toString());
      assertThat(client.run("segment.mjs", settings.toString())).as(client.said()).isZero();
      weir.awaitNumber("select count(*) from events", 11);
      assertThat(
              weir.query(
                  "select event, count(*), count(distinct event_id) from events group by 1 order by 1"))
          .isEqualTo(
              JSON.readTree(
                  """
                  [["Browser Batch", 4, 4], ["Browser Beacon", 1, 1], ["Browser Order", 1, 1],
                   ["aliased", 1, 1], ["grouped", 1, 1], ["identified", 1, 1], ["page_viewed", 1, 1],
                   ["screen_viewed", 1, 1]]
                  """));
      assertThat(
              weir.query("select user_id, library, page_title, price from browser_order")
                  .get(0)
                  .toString())
          .isEqualTo("[\"u-browser\",\"analytics.js\",\"Shop\",12.5]");
    }
  }
}
