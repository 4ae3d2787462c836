package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.tools.backup.Restore;

/** What the first format holds is there in this build, once; see formats/README.md. */
class FirstFormatTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  @Test
  void everyEventIsCountedOnce() throws Exception {
    Path file = temp.resolve("first-format.tar.zst");
    try (InputStream kept =
        Objects.requireNonNull(
            FirstFormatTest.class.getResourceAsStream("/formats/first-format.tar.zst"))) {
      Files.copy(kept, file);
    }
    Path data = temp.resolve("data");
    Restore.into(file, data);
    try (RunningWeir weir = RunningWeir.start(data)) {
      weir.awaitNumber("select count(*) from events", 43);
      assertThat(weir.query("select event, count(*) from events group by 1 order by 1"))
          .isEqualTo(
              JSON.readTree(
                  "[[\"Order Completed\",2],[\"Product Viewed\",40],[\"identified\",1]]"));
      assertThat(weir.query("select count(distinct event_id), sum(p_price) from events").toString())
          .isEqualTo("[[43,840.0]]");
      assertThat(weir.query("select reason, count(*) from bad_events group by 1 order by 1"))
          .hasSize(2);
      assertThat(
              weir.query(
                      "select sum(factor) from product_viewed join prices using (color)"
                          + " where event_id <> 'v2'")
                  .get(0)
                  .get(0)
                  .asDouble())
          .isEqualTo(78);
      Awaitility.await()
          .untilAsserted(() -> {
            JsonNode status = weir.get("/api/v1/status");
            assertThat(status.at("/ledger/in_flight").asLong()).isZero();
            assertThat(status.at("/ledger/accepted").asLong()).isEqualTo(48);
            assertThat(status.path("problems")).isEmpty();
          });
      assertThat(
              weir.query(
                      "select sum(accepted), sum(loaded), sum(quarantined), sum(duplicate),"
                          + " sum(in_flight) from ledger")
                  .get(0)
                  .toString())
          .isEqualTo("[48,43,3,2,0]");
      weir.send(
          "/v1/track", "{\"event\":\"Product Viewed\",\"userId\":\"u1\",\"messageId\":\"v7\"}");
      weir.send(
          "/v1/track", "{\"event\":\"Product Viewed\",\"userId\":\"u1\",\"messageId\":\"new\"}");
      weir.awaitNumber("select count(*) from events where event_id = 'new'", 1);
      assertThat(weir.number("select count(*) from events where event_id = 'v7'")).isEqualTo(1);
    }
  }
}
