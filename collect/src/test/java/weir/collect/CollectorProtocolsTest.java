package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.decode.Decoders;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.SegmentDecoder;
import weir.log.MemoryLog;

/** What protocols ask of the collector that Segment's does not. */
class CollectorProtocolsTest {
  private Door door;

  @BeforeEach
  void open() throws IOException {
    door = new Door(new MemoryLog(), Door.options(), Decoders.all(SegmentDecoder.MAX_EVENT_BYTES));
  }

  @AfterEach
  void close() throws IOException {
    door.close();
  }

  @Test
  void anEventInTheQueryOfAnImage() throws IOException {
    HttpResponse<String> gif =
        door.send(door.to("/i?e=pv&aid=key-1&url=x").header("SP-Anonymous", "*").GET());

    assertThat(gif.statusCode()).isEqualTo(200);
    assertThat(gif.headers().firstValue("content-type")).hasValue("image/gif");
    assertThat(gif.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(gif.headers().firstValue("cross-origin-resource-policy")).hasValue("cross-origin");
    assertThat(gif.body()).startsWith("GIF89a");
    RawRequest raw = door.stored().getFirst();
    assertThat(raw.protocol()).isEqualTo("snowplow");
    assertThat(raw.query()).isEqualTo("e=pv&aid=key-1&url=x");
    assertThat(raw.events()).isEqualTo(1);
    assertThat(raw.headers()).contains(new Header("sp-anonymous", "*"));
    assertThat(door.get("/i?e=pv&aid=nobody").statusCode()).isEqualTo(401);
    assertThat(door.get("/i?aid=key-1").statusCode()).isEqualTo(400);
  }

  @Test
  void anEventInHeaders() throws IOException {
    String[] headers = {
      "Content-Type",
      "image/png",
      "CE-Id",
      "1",
      "ce-type",
      "t",
      "ce-source",
      "/s",
      "ce-specversion",
      "1.0",
      "X-Other",
      "o"
    };
    HttpResponse<String> answer = door.post("/ce", new byte[] {(byte) 0xff, 0}, headers);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    RawRequest raw = door.stored().getFirst();
    assertThat(raw.headers())
        .contains(
            new Header("content-type", "image/png"),
            new Header("ce-id", "1"),
            new Header("ce-type", "t"),
            new Header("ce-source", "/s"),
            new Header("ce-specversion", "1.0"))
        .noneMatch(header -> header.name().equals("x-other"));
    assertThat(raw.body()).isEqualTo(new byte[] {(byte) 0xff, 0});
  }

  @Test
  void whatOneProtocolMayAnotherMayNot() throws IOException {
    String track = Door.track("e");
    assertThat(door.post("/v1/track", track, "Content-Type", "image/png").statusCode())
        .isEqualTo(415);
    assertThat(door.post("/v1/track", track, "ce-id", "1").statusCode()).isEqualTo(200);
    assertThat(door.stored().getFirst().headers())
        .noneMatch(header -> header.name().startsWith("ce-"));
    HttpResponse<String> get = door.get("/ce");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).hasValue("POST, OPTIONS");
  }

  @Test
  void nothingToStore() throws IOException {
    String body = "{\"client_id\":\"c\",\"events\":[{\"name\":\"e\"}]}";
    HttpResponse<String> answer = door.post("/debug/mp/collect?api_secret=key-1", body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"validationMessages\":[]}");
    assertThat(door.stored()).isEmpty();
    assertThat(door.post("/mp/collect", body).statusCode()).isEqualTo(204);
    assertThat(door.stored()).extracting(RawRequest::events).isEqualTo(List.of(1));
  }
}
