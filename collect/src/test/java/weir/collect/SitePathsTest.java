package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.log.MemoryLog;

/** Scripts for web pages, and a site's own path for events. */
class SitePathsTest {
  private static final byte[] CONTENT =
      "void 'a tracker'\n".repeat(50).getBytes(StandardCharsets.UTF_8);

  private Door door;

  @BeforeEach
  void open() throws IOException {
    SitePaths site = SitePaths.of(Map.of("/js/m.js", CONTENT), Optional.of("/menu/seen"));
    door = new Door(new MemoryLog(), Door.options(), site);
  }

  @AfterEach
  void close() throws IOException {
    door.close();
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    return exchange(path, "GET", headers);
  }

  private HttpResponse<byte[]> exchange(String path, String method, String... headers)
      throws Exception {
    HttpRequest.Builder request = door.to(path).method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void aPageOfAnyOriginGetsTheScript() throws Exception {
    HttpResponse<byte[]> answer = get("/js/m.js", "Origin", "null");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(CONTENT);
    assertThat(header(answer, "content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(answer, "content-length")).isEqualTo(String.valueOf(CONTENT.length));
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(answer, "cross-origin-resource-policy")).isEqualTo("cross-origin");
    assertThat(header(answer, "cache-control"))
        .isEqualTo("public, max-age=3600, stale-while-revalidate=86400");
    assertThat(header(answer, "vary")).isEqualToIgnoringCase("accept-encoding");
  }

  @Test
  void itComesCompressedToWhoTakesThat() throws Exception {
    HttpResponse<byte[]> answer = get("/js/m.js", "Accept-Encoding", "br, gzip;q=0.8");
    assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
    assertThat(header(answer, "content-length")).isEqualTo(String.valueOf(answer.body().length));
    assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
        .isEqualTo(CONTENT);
    assertThat(header(answer, "etag")).isNotEqualTo(header(get("/js/m.js"), "etag"));
    assertThat(header(get("/js/m.js", "Accept-Encoding", "gzip;q=0"), "content-encoding"))
        .isEmpty();
  }

  @Test
  void whoHasItAlreadyIsToldSo() throws Exception {
    for (String encoding : List.of("identity", "gzip")) {
      String etag = header(get("/js/m.js", "Accept-Encoding", encoding), "etag");
      for (String asked : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
        HttpResponse<byte[]> answer =
            get("/js/m.js", "Accept-Encoding", encoding, "If-None-Match", asked);
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "etag")).isEqualTo(etag);
        assertThat(header(answer, "access-control-allow-origin")).isEqualTo("*");
      }
    }
    assertThat(get("/js/m.js", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void aHeadHasTheHeadersAlone() throws Exception {
    HttpResponse<byte[]> answer = exchange("/js/m.js", "HEAD");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "content-length")).isEqualTo(String.valueOf(CONTENT.length));
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void oneVersionMayBeKeptForEver() throws Exception {
    String hash = header(get("/js/m.js"), "etag").substring(1, 9);
    HttpResponse<byte[]> answer = get("/js/m." + hash + ".js");
    assertThat(answer.body()).isEqualTo(CONTENT);
    assertThat(header(answer, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(get("/js/m.00000000.js").statusCode()).isEqualTo(404);
    assertThat(get("/weir.js").statusCode()).isEqualTo(404);
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<byte[]> answer = exchange("/js/m.js", "DELETE");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(exchange("/js/m.js", "OPTIONS", "Origin", "https://shop.example").statusCode())
        .isEqualTo(204);
  }

  @Test
  void aSiteChoosesWhereItsEventsGo() throws Exception {
    String batch = "{\"batch\":[" + Door.track("seen") + "],\"writeKey\":\"key-1\"}";
    assertThat(door.post("/menu/seen", batch).statusCode()).isEqualTo(200);
    assertThat(door.post("/menu//seen/", batch).statusCode()).isEqualTo(200);
    assertThat(door.stored()).extracting(each -> each.path()).containsOnly("/v1/batch").hasSize(2);
    assertThat(door.decoded()).hasSize(2);
    HttpResponse<byte[]> preflight =
        exchange("/menu/seen", "OPTIONS", "Origin", "https://shop.example");
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "access-control-allow-origin")).isEqualTo("https://shop.example");
  }

  @Test
  void twoThingsAreNotAtOnePath() {
    byte[] content = {1};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SitePaths.of(Map.of("/a", content), Optional.of("/a")))
        .withMessageContaining("/a");
    for (SitePaths taken :
        List.of(
            SitePaths.of(Map.of("/v1/track", content), Optional.empty()),
            SitePaths.of(Map.of(), Optional.of("/v1/page")))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Door(new MemoryLog(), Door.options(), taken))
          .withMessageContaining("/v1/");
    }
  }

  @Test
  void versionsStandBeforeTheEnding() {
    assertThat(SitePaths.versioned("/weir.js", "0123456789")).isEqualTo("/weir.01234567.js");
    assertThat(SitePaths.versioned("/a.b/m", "0123456789")).isEqualTo("/a.b/m.01234567");
    assertThat(SitePaths.infixed("/.m", "core")).isEqualTo("/.m.core");
  }
}
