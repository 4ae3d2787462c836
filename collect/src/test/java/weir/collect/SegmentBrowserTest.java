package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.decode.Decoded;
import weir.event.EventColumn;
import weir.log.MemoryLog;

/** The paths of Segment's browser SDK. */
class SegmentBrowserTest {
  @Test
  void everyLetterIsACall() throws IOException {
    Map<String, String> events = new LinkedHashMap<>();
    events.put("t", "Order");
    events.put("p", "page_viewed");
    events.put("i", "identified");
    events.put("g", "grouped");
    events.put("a", "aliased");
    events.put("s", "screen_viewed");
    try (Door door = new Door(new MemoryLog())) {
      for (String letter : events.keySet()) {
        HttpResponse<String> answer =
            door.send(
                door.to("/v1/" + letter)
                    .header("Content-Type", "text/plain")
                    .header("Origin", "https://shop.example")
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            "{\"event\":\"Order\",\"userId\":\"u\",\"groupId\":\"g\",\"previousId\":\"x\",\"writeKey\":\"key-1\"}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
            .contains("https://shop.example");
      }
      assertThat(
              door.post("/v1/b", "{\"batch\":[" + Door.track("x") + "," + Door.track("y") + "]}")
                  .statusCode())
          .isEqualTo(200);
      assertThat(door.decoded())
          .extracting(each -> ((Decoded.Event) each).columns().get(EventColumn.EVENT))
          .containsExactly(
              "Order",
              "page_viewed",
              "identified",
              "grouped",
              "aliased",
              "screen_viewed",
              "x",
              "y");
    }
  }

  @Test
  void settingsNameTheCollectorThatWasAsked() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      HttpResponse<String> answer =
          door.send(
              door.to("/v1/projects/key-1/settings")
                  .header("Origin", "https://shop.example")
                  .GET());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
          .contains("https://shop.example");
      JsonNode segment =
          new ObjectMapper().readTree(answer.body()).path("integrations").path("Segment.io");
      assertThat(segment.path("apiKey").asText()).isEqualTo("key-1");
      assertThat(segment.path("apiHost").asText())
          .isEqualTo("127.0.0.1:" + door.collector.port() + "/v1");
      assertThat(segment.path("protocol").asText()).isEqualTo("http");
      assertThat(door.get("/v1/projects/key-2/settings").statusCode()).isEqualTo(404);
      assertThat(door.get("/v1/projects/none/settings").statusCode()).isEqualTo(404);
      assertThat(door.get("/v1/projects/a/b/settings").statusCode()).isEqualTo(404);
      assertThat(door.stored()).isEmpty();
    }
  }
}
