package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.decode.Decoded;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.event.EventColumn;
import weir.log.MemoryLog;

class CollectorTest {
  private static final String ONE = "{\"success\":true,\"accepted\":1,\"quarantined\":[]}";
  private Door door;

  @BeforeEach
  void open() throws IOException {
    door = new Door(new MemoryLog());
  }

  @AfterEach
  void close() throws IOException {
    door.close();
  }

  private static void is(HttpResponse<String> response, int status, String... said) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    List.of(said).forEach(text -> assertThat(response.body()).contains(text));
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
  }

  @Test
  void storesWhatArrivedByteForByte() throws IOException {
    byte[] body = " {\"event\" : \"a\",\"userId\":\"\u00e9\"}\n".getBytes(UTF_8);

    is(
        door.post(
            "/v1/track?x=1",
            body,
            "Content-Type",
            "text/plain",
            "User-Agent",
            "ua",
            "Origin",
            "https://shop.example",
            "X-Forwarded-For",
            "203.0.113.1",
            "X-Other",
            "o"),
        200,
        ONE);

    RawRequest raw = door.stored().getFirst();
    assertThat(raw.body()).isEqualTo(body);
    assertThat(raw.protocol()).isEqualTo("segment");
    assertThat(raw.project()).isEqualTo("shop");
    assertThat(raw.source()).isEqualTo("web");
    assertThat(raw.key()).isEqualTo("key-1");
    assertThat(raw.address()).isEqualTo("127.0.0.1");
    assertThat(raw.path()).isEqualTo("/v1/track");
    assertThat(raw.query()).isEqualTo("x=1");
    assertThat(raw.events()).isEqualTo(1);
    assertThat(raw.receivedAt()).isEqualTo(1_770_091_506_123_456L);
    assertThat(raw.id().version()).isEqualTo(4);
    assertThat(raw.headers())
        .containsExactly(
            new Header("content-type", "text/plain"),
            new Header("user-agent", "ua"),
            new Header("origin", "https://shop.example"),
            new Header("x-forwarded-for", "203.0.113.1"));
  }

  @Test
  void allSevenCallsAndTheImport() throws IOException {
    is(door.post("/v1/track", Door.track("a")), 200, ONE);
    is(door.post("/v1/page", "{\"userId\":\"u\"}"), 200, ONE);
    is(door.post("/v1/screen", "{\"userId\":\"u\"}"), 200, ONE);
    is(door.post("/v1/identify", "{\"userId\":\"u\"}"), 200, ONE);
    is(door.post("/v1/group", "{\"userId\":\"u\",\"groupId\":\"g\"}"), 200, ONE);
    is(door.post("/v1/alias", "{\"userId\":\"u\",\"previousId\":\"p\"}"), 200, ONE);
    is(door.post("/v1/batch", "{\"batch\":[" + Door.track("b") + "]}"), 200, ONE);
    is(door.post("//v1/import/", "[" + Door.track("c") + "]"), 200, ONE);

    assertThat(door.decoded())
        .allSatisfy(one -> assertThat(one).isInstanceOf(Decoded.Event.class))
        .extracting(one -> ((Decoded.Event) one).columns().get(EventColumn.EVENT))
        .containsExactly(
            "a", "page_viewed", "screen_viewed", "identified", "grouped", "aliased", "b", "c");
    assertThat(door.stored().getLast().path()).isEqualTo("/v1/import");
  }

  @Test
  void saysWhichEventsAreQuarantined() throws IOException {
    String lines = Door.track("a") + "\n{oops\n\n{\"type\":\"track\",\"event\":\"b\"}\n";

    is(
        door.post("/v1/batch", lines, "Content-Type", "application/x-ndjson"),
        200,
        "{\"success\":true,\"accepted\":3,\"quarantined\":[{\"index\":1,\"reason\":\"malformed_json\"},"
            + "{\"index\":2,\"reason\":\"no_identity\"}]}");
    assertThat(door.stored().getFirst().events()).isEqualTo(3);
    is(door.post("/v1/batch", "{\"batch\":[]}"), 200, "\"accepted\":0");
    assertThat(door.stored()).hasSize(1);
    assertThat(
            door.meters
                .get("weir.collect.quarantined")
                .tag("reason", "no_identity")
                .functionCounter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void theKeyInFourPlaces() throws IOException {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(Door.track("a"));
    String withKey = "{\"writeKey\":\"key-1\",\"batch\":[" + Door.track("a") + "]}";
    is(
        door.send(door.to("/v1/track").header("Authorization", "Bearer key-1").POST(body)),
        200,
        ONE);
    is(
        door.send(door.to("/v1/track").header("Authorization", "bearer  key-1").POST(body)),
        200,
        ONE);
    is(
        door.send(door.to("/v1/track").header("Authorization", Door.basic("key-1:pw")).POST(body)),
        200,
        ONE);
    is(door.send(door.to("/v1/track?write_key=key%2D1").POST(body)), 200, ONE);
    is(
        door.send(door.to("/v1/batch").POST(HttpRequest.BodyPublishers.ofString(withKey))),
        200,
        ONE);
    int stored = door.stored().size();

    is(door.send(door.to("/v1/track").POST(body)), 401, "no_write_key", "Basic");
    is(door.send(door.to("/v1/track?write_key=x").POST(body)), 401, "wrong_write_key");
    for (String header :
        new String[] {
          "Bearer nope", "Bearer key-2", "Basic !!!", "Basic", "Digest x", Door.basic(":")
        }) {
      is(
          door.send(door.to("/v1/track").header("Authorization", header).POST(body)),
          401,
          "wrong_write_key");
    }
    is(
        door.send(
            door.to("/v1/batch")
                .header("Authorization", "Bearer nope")
                .POST(HttpRequest.BodyPublishers.ofString(withKey))),
        401,
        "wrong_write_key");
    for (HttpRequest.Builder request :
        List.of(
            door.to("/v1/track?write_key=ak_x"),
            door.to("/v1/track").header("Authorization", "Bearer ak_x"),
            door.to("/v1/track").header("Authorization", Door.basic("ak_x:")))) {
      is(door.send(request.POST(body)), 401, "wrong_write_key", "this is an API key");
    }
    assertThat(door.stored()).hasSize(stored);
  }

  @Test
  void aQueryThatCannotBeReadIsRefused() throws IOException {
    try (Socket socket = door.connect()) {
      String request =
          "POST /v1/track?write_key=%zz HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(new RawHttp(socket).readStatus()).isEqualTo(400);
    }
  }

  @Test
  void aBodyThatIsNotJsonIsStoredByNobody() throws IOException {
    for (String body : new String[] {"", "{", "nope", "[1", "{\"batch\":7}", "{\"batch\":[NaN]}"}) {
      is(door.post("/v1/batch", body), 400, "\"error\":{\"code\":\"malformed\",\"message\":");
    }
    assertThat(door.stored()).isEmpty();
  }

  @Test
  void unknownPathsAndMethods() throws IOException {
    is(door.post("/v1/nope", "{}"), 404, "/v1/batch, /v1/group", "/health");
    is(door.get("/"), 404, "not_found", "/ is at the API's port");
    is(door.post("/api/v1/query", "{}"), 404, "not_found", "/api/v1/query is at the API's port");
    HttpResponse<String> wrongMethod = door.get("/v1/track");
    is(wrongMethod, 405, "method_not_allowed", "POST");
    assertThat(wrongMethod.headers().firstValue("allow")).contains("POST, OPTIONS");
    is(door.post("/health", "{}"), 405, "GET");
  }

  @Test
  void contentEncodings() throws IOException {
    byte[] plain =
        ("[" + (Door.track("a") + ",").repeat(5000) + Door.track("b") + "]").getBytes(UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    ByteArrayOutputStream deflate = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(deflate)) {
      out.write(plain);
    }
    is(door.post("/v1/batch", plain), 200, "\"accepted\":5001");
    is(door.post("/v1/batch", gzip.toByteArray(), "Content-Encoding", "gzip"), 200, "5001");
    is(door.post("/v1/batch", deflate.toByteArray(), "Content-Encoding", "deflate"), 200, "5001");
    is(door.post("/v1/batch", Zstd.compress(plain), "Content-Encoding", "zstd"), 200, "5001");
    assertThat(door.stored().get(1).body()).isEqualTo(gzip.toByteArray());
    assertThat(door.decoded()).hasSize(4 * 5001);

    is(door.post("/v1/batch", plain, "Content-Encoding", "gzip"), 400, "malformed", "gzip");
    is(
        door.post("/v1/batch", plain, "Content-Encoding", "gzip, br"),
        415,
        "unsupported_content_encoding");
    is(
        door.post("/v1/batch", plain, "Content-Type", "application/xml"),
        415,
        "unsupported_media_type");
  }

  @Test
  void pagesOfAnyOriginMaySend() throws IOException {
    HttpResponse<String> asked =
        door.send(
            door.to("/v1/batch")
                .header("Origin", "https://a.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-custom")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("access-control-allow-origin"))
        .contains("https://a.example");
    assertThat(asked.headers().firstValue("access-control-allow-headers"))
        .contains("authorization,x-custom");
    assertThat(asked.headers().firstValue("access-control-allow-methods"))
        .contains("GET, POST, OPTIONS");

    for (int status : new int[] {200, 400}) {
      HttpResponse<String> sent =
          door.post(
              "/v1/track",
              status == 200 ? Door.track("a") : "{",
              "Origin",
              "https://a.example",
              "Content-Type",
              "text/plain;charset=UTF-8");
      is(sent, status);
      assertThat(sent.headers().firstValue("access-control-allow-origin"))
          .contains("https://a.example");
      assertThat(sent.headers().firstValue("vary"))
          .hasValueSatisfying(vary -> assertThat(vary).isEqualToIgnoringCase("origin"));
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    try (Socket socket = door.connect()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        String body = i % 3 == 2 ? "{" : Door.track("e" + i);
        requests
            .append("POST /v1/track HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer key-1\r\n")
            .append("Content-Length: " + body.length() + "\r\n\r\n" + body);
      }
      socket.getOutputStream().write(requests.toString().getBytes(UTF_8));
      RawHttp http = new RawHttp(socket);
      for (int i = 0; i < 50; i++) {
        assertThat(http.readStatus()).isEqualTo(i % 3 == 2 ? 400 : 200);
      }
    }
    assertThat(door.decoded())
        .extracting(one -> ((Decoded.Event) one).columns().get(EventColumn.EVENT))
        .startsWith("e0", "e1", "e3")
        .hasSize(34);
  }

  @Test
  void readyWithKeysOnly() throws IOException {
    is(door.get("/health"), 200, "ok");
    is(door.get("/ready"), 200, "ready");
    KeyRing keys = door.ring;
    door.ring = KeyRing.empty();
    is(door.get("/health"), 200, "ok");
    is(door.get("/ready"), 503, "no write keys");
    HttpResponse<String> refused = door.post("/v1/track", Door.track("a"));
    is(refused, 503, "no_keys");
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    door.ring = keys;
    is(door.post("/v1/track", Door.track("a")), 200, ONE);
  }

  @Test
  void clientsAddressBehindProxies() {
    assertThat(behind(0, "192.0.2.1, 192.0.2.2, 192.0.2.3")).isEqualTo("p");
    assertThat(behind(1, "192.0.2.1, 192.0.2.2, 192.0.2.3")).isEqualTo("192.0.2.3");
    assertThat(behind(2, "192.0.2.1, 192.0.2.2, 192.0.2.3")).isEqualTo("192.0.2.2");
    assertThat(behind(1, "")).isEqualTo("p");
    assertThat(behind(1, "192.0.2.1, ")).isEqualTo("p");
    assertThat(behind(1)).isEqualTo("p");
  }

  @Test
  void proxiesWriteAddressesInTheirOwnWays() {
    assertThat(behind(1, "203.0.113.7:61598")).isEqualTo("203.0.113.7");
    assertThat(behind(1, "[2001:db8::1]:443")).isEqualTo("2001:db8::1");
    assertThat(behind(1, "::ffff:203.0.113.7")).isEqualTo("203.0.113.7");
    assertThat(behind(1, "unknown")).isEqualTo("p");
    assertThat(behind(1, "_hidden")).isEqualTo("p");
  }

  @Test
  void aForgedAddressIsNotBelieved() throws IOException {
    assertThat(behind(0, "192.0.2.9")).isEqualTo("p");
    assertThat(behind(1, "192.0.2.9", "192.0.2.1"))
        .as("a proxy that adds a line")
        .isEqualTo("192.0.2.1");
    assertThat(behind(2, "192.0.2.9, 192.0.2.1", "192.0.2.2")).isEqualTo("192.0.2.1");
    assertThat(behind(2, "192.0.2.9")).as("past one of the proxies").isEqualTo("p");
    door.post("/v1/track", Door.track("a"), "X-Forwarded-For", "203.0.113.9");
    assertThat(door.stored()).extracting(RawRequest::address).containsExactly("127.0.0.1");
  }

  private static String behind(int trustedProxies, String... forwardedFor) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    List.of(forwardedFor).forEach(line -> headers.add("X-Forwarded-For", line));
    return ClientAddress.of("p", headers, trustedProxies);
  }

  @Test
  void odditiesDisturbNothing() throws IOException {
    StringBuilder wide =
        new StringBuilder("{\"event\":\"a\",\"userId\":\"u\",\"properties\":{\"p0\":0");
    for (int i = 1; i < 5000; i++) {
      wide.append(",\"p").append(i).append("\":").append(i);
    }
    is(door.post("/v1/track", wide + "}}"), 200, ONE);
    String nested = "[".repeat(100) + "]".repeat(100);
    is(
        door.post(
            "/v1/track",
            "{\"event\":\"a\",\"userId\":\"u\",\"properties\":{\"x\":" + nested + "}}"),
        200,
        ONE);
    is(door.post("/v1/track", "[".repeat(100_000)), 400, "one event");
    is(door.post("/v1/track", "{\"a\":" + "[".repeat(100_000)), 400, "500 levels");
    is(door.post("/v1/track", "{\"event\":\"\",\"userId\":\"u\"}"), 200, "no_event_name");
    is(door.post("/v1/track", Door.track("n".repeat(10_240))), 200, "event_name_too_long");
    is(
        door.post(
            "/v1/track",
            "{\"event\":\"a\",\"userId\":\"u\",\"timestamp\":\"1821-01-01T00:00:00Z\"}"),
        200,
        ONE);
    assertThat(((Decoded.Event) door.decoded().getFirst()).properties()).hasSize(5000);
    assertThat(List.copyOf(door.stored())).hasSize(5);
  }
}
