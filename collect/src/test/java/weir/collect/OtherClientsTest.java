package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.decode.RawRequest;
import weir.log.MemoryLog;

/** What clients of other systems ask for and send, at the door. */
class OtherClientsTest {
  private static final String EVENT =
      "{\"event_type\":\"e\",\"unique_id\":\"a\",\"attributes\":{\"x\":\"%s\"}}";

  private Door door;

  @BeforeEach
  void open() throws IOException {
    door = new Door(new MemoryLog());
  }

  @AfterEach
  void close() throws IOException {
    door.close();
  }

  private HttpResponse<String> post(String path, byte[] body) throws IOException {
    return door.send(
        door.to(path)
            .header("Content-Type", "text/plain")
            .header("Origin", "https://shop.example")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  @Test
  void theAppIdIsTheKeyAndTheQuerysKeyComesFirst() throws IOException {
    byte[] body = EVENT.formatted("y").getBytes(UTF_8);
    assertThat(post("/collect?appId=key-1", body).statusCode()).isEqualTo(200);
    assertThat(post("/collect?appId=app1&write_key=key-1", body).statusCode()).isEqualTo(200);
    assertThat(post("/collect?appId=app1", body).statusCode()).isEqualTo(401);
    assertThat(post("/collect?appId=key-1", body).headers().map())
        .containsEntry("access-control-allow-origin", List.of("https://shop.example"))
        .containsEntry("access-control-allow-credentials", List.of("true"));
    assertThat(door.stored()).extracting(RawRequest::protocol).containsOnly("clickstream");
  }

  @Test
  void whatIsWrappedIsBoundLikeAllElse() throws IOException {
    String large = EVENT.formatted("y".repeat(900_000));
    byte[] wrapped = wrapped(("[" + large + "," + large + "]").getBytes(UTF_8));
    assertThat(wrapped.length).isLessThan(64 * 1024);
    assertThat(post("/collect?appId=key-1", wrapped).body()).contains("\"accepted\":2");
    assertThat(door.stored().getFirst().body()).isEqualTo(wrapped);
    byte[] bomb = wrapped(new byte[CollectorOptions.defaults("h", 0).maxDecodedBytes() + 1]);
    HttpResponse<String> refused = post("/collect?appId=key-1", bomb);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("request_too_large");
    assertThat(post("/collect?appId=key-1", "no base64!".getBytes(UTF_8)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void posthogsBrowserLibraryFindsItsConfiguration() throws IOException {
    HttpResponse<String> config = door.get("/array/key-1/config");
    assertThat(config.statusCode()).isEqualTo(200);
    assertThat(config.headers().firstValue("content-type")).contains("application/json");
    assertThat(config.body()).startsWith("{\"token\":\"key-1\",");
    HttpResponse<String> script = door.get("/array/key-1/config.js");
    assertThat(script.headers().firstValue("cross-origin-resource-policy"))
        .hasValue("cross-origin");
    assertThat(script.body()).contains("_POSTHOG_REMOTE_CONFIG", "['key-1']");
    assertThat(script.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/javascript");
    assertThat(door.get("/array/key-2/config").statusCode()).isEqualTo(404);
    assertThat(door.get("/array/'/config").statusCode()).isEqualTo(404);
    assertThat(door.get("/static/surveys.js?v=1").statusCode()).isEqualTo(200);
    assertThat(door.get("/static/surveys.css").statusCode()).isEqualTo(404);
    assertThat(post("/array/key-1/config", new byte[0]).statusCode()).isEqualTo(405);
  }

  @Test
  void questionsForFlagsNeedAKeyAndStoreNothing() throws IOException {
    HttpResponse<String> flags = post("/flags/?v=2", "{\"token\":\"key-1\"}".getBytes(UTF_8));
    assertThat(flags.statusCode()).isEqualTo(200);
    assertThat(flags.body()).startsWith("{\"flags\":{}");
    assertThat(post("/flags/?v=2", "{\"token\":\"key-9\"}".getBytes(UTF_8)).statusCode())
        .isEqualTo(401);
    assertThat(door.stored()).isEmpty();
  }

  @Test
  void aPixelIsAnImageAndAnEvent() throws IOException {
    HttpResponse<String> pixel =
        door.get("/event/pixel?collection=ad+viewed&api.api_key=key-1&prop._user=u");
    assertThat(pixel.statusCode()).isEqualTo(200);
    assertThat(pixel.headers().firstValue("content-type")).contains("image/gif");
    assertThat(door.stored().getFirst().query()).startsWith("collection=ad+viewed");
    assertThat(door.get("/event/collect").statusCode()).isEqualTo(405);
    HttpResponse<String> one =
        post(
            "/event/collect",
            "{\"collection\":\"e\",\"api\":{\"api_key\":\"key-1\"},\"properties\":{}}"
                .getBytes(UTF_8));
    assertThat(one.body()).isEqualTo("1");
  }

  private static byte[] wrapped(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text);
    }
    return Base64.getEncoder().encode(bytes.toByteArray());
  }
}
