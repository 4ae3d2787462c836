package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.statements.RoleStatements;

class PageRoutesTest {
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href)=\"(web/[^\"]+)\"|from '\\./([^']+)'");

  @TempDir static Path metadata;
  private static KnownKeys keys;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private ApiServer api;

  @BeforeAll
  static void openKeys() throws IOException {
    keys = KnownKeys.create(metadata, "shop");
  }

  @AfterAll
  static void closeKeys() {
    keys.close();
  }

  @BeforeEach
  void start() throws Exception {
    api =
        ApiServer.start(
            new ApiServer.Options(
                "127.0.0.1",
                0,
                Optional.empty(),
                folder.resolve("query.json"),
                Duration.ofSeconds(1)),
            keys.store(),
            new KnownEngine(),
            new KnownEvents(),
            new RoleStatements(folder.resolve("query.json")),
            () -> Instant.EPOCH);
  }

  @AfterEach
  void stop() {
    api.close();
    client.close();
  }

  @Test
  void everythingThatThePageNamesIsThere() throws Exception {
    List<String> open = new ArrayList<>(List.of("/"));
    List<String> seen = new ArrayList<>();
    while (!open.isEmpty()) {
      String path = open.removeLast();
      if (seen.contains(path)) {
        continue;
      }
      seen.add(path);
      HttpResponse<byte[]> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      Matcher names = REFERENCE.matcher(new String(answer.body(), StandardCharsets.UTF_8));
      while (names.find()) {
        open.add(names.group(1) == null ? "/web/" + names.group(2) : "/" + names.group(1));
      }
    }
    assertThat(seen).contains("/web/main.js", "/web/base.css", "/web/chart.js", "/web/icon.svg");
  }

  @Test
  void nothingComesFromElsewhere() throws Exception {
    HttpResponse<byte[]> page = get("/");
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .contains("connect-src 'self' http://127.0.0.1:8080")
        .doesNotContain("unsafe", "*");
  }

  @Test
  void thePolicyNamesTheCollectorAsTheVisitorReachesIt() throws Exception {
    try (RawGet raw = new RawGet(api.port())) {
      assertThat(raw.headers("weir.example:8090"))
          .contains("connect-src 'self' http://127.0.0.1:8080 http://weir.example:8080;");
    }
    try (RawGet raw = new RawGet(api.port())) {
      assertThat(raw.headers("a;script-src")).doesNotContain("a;script-src");
    }
  }

  @Test
  void filesAreAskedForAgainButNotSentAgain() throws Exception {
    HttpResponse<byte[]> first = get("/web/base.css");
    String etag = header(first, "ETag");
    assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<byte[]> again = get("/web/base.css", "If-None-Match", "\"x\", " + etag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(header(again, "ETag")).isEqualTo(etag);
    assertThat(get("/web/base.css", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void gzipIsSentToThoseWhoTakeIt() throws Exception {
    byte[] plain = get("/web/base.css").body();
    HttpResponse<byte[]> packed = get("/web/base.css", "Accept-Encoding", "br, gzip;q=0.8");
    assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
    assertThat(packed.body().length).isLessThan(plain.length / 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
    HttpResponse<byte[]> refused = get("/web/base.css", "Accept-Encoding", "gzip;q=0, identity");
    assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void whatIsNoFileOfThePageIsNotThere() throws Exception {
    for (String path : List.of("/web/nothing.js", "/web/WebFiles.class", "/web/..%2Fversion")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    for (HttpClient.Version version :
        List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
      try (HttpClient fresh = HttpClient.newBuilder().version(version).build()) {
        for (String path : List.of("/", "/health")) {
          HttpResponse<byte[]> answer =
              fresh.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                      .HEAD()
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray());
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(answer.version()).isEqualTo(version);
          assertThat(answer.body()).isEmpty();
          assertThat(header(answer, "Content-Length"))
              .isEqualTo(Integer.toString(get(path).body().length));
        }
      }
    }
  }

  @Test
  void liveRoutesSayWhatIsWrong() throws Exception {
    String[] key = {"Authorization", "Bearer good"};
    assertThat(text(get("/api/v1/events/recent?after=00ff&limit=7", key)))
        .isEqualTo("{\"project\":\"shop\",\"after\":\"00ff\",\"limit\":7}");
    assertThat(text(get("/api/v1/events/recent", key))).contains("\"after\":\"-\",\"limit\":50");
    for (String limit : List.of("0", "501", "x")) {
      HttpResponse<byte[]> answer = get("/api/v1/events/recent?limit=" + limit, key);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(text(answer)).contains("invalid_limit");
    }
    String raw = "/api/v1/events/raw?position=0000000000000010-00000";
    assertThat(text(get(raw + "0", key))).isEqualTo("{\"project\":\"shop\"}");
    assertThat(get(raw + "1", key).statusCode()).isEqualTo(410);
    assertThat(text(get(raw + "1", key))).contains("raw_released");
    assertThat(get(raw + "2", key).statusCode()).isEqualTo(404);
    for (String position : List.of("", "?position=", "?position=nonsense", "?position=-1-0")) {
      assertThat(get("/api/v1/events/raw" + position, key).statusCode()).isEqualTo(400);
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }

  private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
