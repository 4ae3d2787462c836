package weir.tools.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.testkit.TestData;

class AccessLogTest {
  @TempDir Path temp;

  private static ObjectNode row(String line) {
    return ((Row.Values) AccessLogRows.parse(1, line)).columns();
  }

  @Test
  void aCombinedLineIsReadWhole() {
    assertThat(
            row("83.149.9.216 - Jane Doe [17/May/2015:10:05:03 +0200] \"GET /a%20b?q=1&r=\\\"x\\\""
                    + " HTTP/1.1\" 200 203023 \"http://x.example/?q=a b\" \"Agent \\\"1.0\\\" \\xc3\\xa4 \\\\\"")
                .toString())
        .isEqualTo(
            "{\"ip\":\"83.149.9.216\",\"user\":\"Jane Doe\",\"time\":\"17/May/2015:10:05:03 +0200\","
                + "\"method\":\"GET\",\"path\":\"/a%20b?q=1&r=\\\"x\\\"\",\"protocol\":\"HTTP/1.1\",\"status\":200,"
                + "\"bytes\":203023,\"referrer\":\"http://x.example/?q=a b\",\"user_agent\":\"Agent \\\"1.0\\\" ä \\\\\"}");
  }

  @Test
  void aCommonLineHasLess() {
    assertThat(row("::1 - - [01/Jan/2024:00:00:00 +0000] \"HEAD / HTTP/1.0\" 304 -").toString())
        .isEqualTo(
            "{\"ip\":\"::1\",\"time\":\"01/Jan/2024:00:00:00 +0000\",\"method\":\"HEAD\",\"path\":\"/\","
                + "\"protocol\":\"HTTP/1.0\",\"status\":304}");
    assertThat(
            row("1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"\\x16\\x03\" 400 0 \"-\" \"-\"")
                .toString())
        .isEqualTo(
            "{\"ip\":\"1.2.3.4\",\"time\":\"01/Jan/2024:00:00:00 +0000\",\"request\":\"\\u0016\\u0003\","
                + "\"status\":400,\"bytes\":0}");
  }

  @Test
  void anAgentThatWasCutIsWhatIsThere() {
    String line =
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"Mozilla (";
    assertThat(row(line).path("user_agent").asText()).isEqualTo("Mozilla (");
  }

  @ParameterizedTest
  @CsvSource({
    "www.shop.example:80 1.2.3.4 - -, www.shop.example:80, 1.2.3.4, ",
    "shop.example 2001:db8::7 - ann, shop.example, 2001:db8::7, ann",
    "shop.example ::1 - Jane Doe, shop.example, ::1, Jane Doe",
    "- 1.2.3.4 - -, , 1.2.3.4, ",
    "crawler.example face -, , crawler.example, ",
    "'1.2.3.4, 5.6.7.8 - -', , '1.2.3.4,', - -",
    "1.2.3.4 5.6.7.8 - -, , 1.2.3.4, - -"
  })
  void aHostMayStandBeforeTheAddress(String start, String host, String ip, String user) {
    ObjectNode row = row(start + " [01/Jan/2024:00:00:00 +0000] \"GET /a HTTP/1.1\" 200 -");
    assertThat(row.path("host").asText(null)).isEqualTo(host);
    assertThat(row.path("ip").asText(null)).isEqualTo(ip);
    assertThat(row.path("user").asText(null)).isEqualTo(user);
    assertThat(row.path("path").asText()).isEqualTo("/a");
  }

  @ParameterizedTest
  @CsvSource({
    "'', /a?b=1, '', '', ",
    "'', /a?b=1, '', shop.example, https://shop.example/a?b=1",
    "shop.example:80, /a, '', '', http://shop.example/a",
    "shop.example:443, /a, '', other.example, https://shop.example/a",
    "shop.example:8443, /a, '', '', https://shop.example:8443/a",
    "_, /a, '', shop.example, https://shop.example/a",
    "'', /a, https://www.b.example/x, a.example;b.example, https://b.example/a",
    "'', /a, https://notb.example/x, a.example;b.example, https://a.example/a",
    "'', /a, not a url, a.example;b.example, https://a.example/a",
    "'', *, '', shop.example, ",
    "'', //x.example/a, '', shop.example, https://shop.example//x.example/a"
  })
  void aPageHasAnAddressWhereItsHostIsKnown(
      String host, String path, String referrer, String site, String url) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("host", host).put("path", path).put("referrer", referrer);
    List<String> hosts = site.isEmpty() ? List.of() : List.of(site.split(";"));
    assertThat(AccessLogRows.url(row, hosts).orElse(null)).isEqualTo(url);
  }

  @Test
  void theSiteIsHostsOfAnAccessLog() {
    for (String wrong : List.of("https://shop.example", "shop.example/a", "a b", "")) {
      assertThatThrownBy(() -> new ImportOptions.Values(true, Map.of(), '.', List.of(wrong)))
          .hasMessageContaining("hosts such as shop.example");
    }
    assertThatThrownBy(() -> new ImportOptions.Values(false, Map.of(), '.', List.of("a.example")))
        .hasMessageContaining("access logs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200",
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 2000 1",
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"a\"",
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"open",
        "1.2.3.4 - - [01/Jan/2024:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"a\" \"b\" more"
      })
  void aBrokenLineIsRefusedWhole(String line) {
    assertThat(AccessLogRows.parse(7, line))
        .isInstanceOfSatisfying(
            Row.Unreadable.class, bad -> assertThat(bad.text()).isEqualTo(line));
  }

  /** As its SOURCE.txt says. */
  @Test
  void aRealSitesLogIsReadAsItIs() throws Exception {
    Path file = TestData.folder("access-log").resolve("apache_logs.gz");
    Map<Integer, Integer> statuses = new HashMap<>();
    Map<String, Integer> clients = new HashMap<>();
    Set<String> days = new HashSet<>();
    try (RowSource source = FileImport.open(options(file))) {
      Meaning meaning = Meaning.of(options(file), List.of(), false);
      for (Row row = source.next(); row != null; row = source.next()) {
        Row.Values values = (Row.Values) row;
        statuses.merge(values.columns().path("status").asInt(), 1, Integer::sum);
        clients.merge(values.columns().path("ip").asText(), 1, Integer::sum);
        days.add(meaning.of(values.columns()).time().orElseThrow().toString().substring(0, 10));
      }
    }
    assertThat(statuses)
        .isEqualTo(
            Map.of(200, 9126, 304, 445, 404, 213, 301, 164, 206, 45, 500, 3, 416, 2, 403, 2));
    assertThat(clients)
        .hasSize(1753)
        .containsEntry("66.249.73.135", 482)
        .containsEntry("46.105.14.53", 364)
        .containsEntry("130.237.218.86", 357);
    assertThat(days)
        .containsExactlyInAnyOrder("2015-05-17", "2015-05-18", "2015-05-19", "2015-05-20");
  }

  @Test
  void requestsBecomeEventsOfTheirClients() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("access.log"),
            "203.0.113.7 - - [17/May/2015:10:05:03 +0200] \"GET /menu?table=4 HTTP/1.1\" 200 12 \"https://a.example/\" \"Mozilla/5.0\"\n"
                + "no request\n"
                + "198.51.100.2 - ann [31/Feb/2015:10:05:03 +0200] \"GET / HTTP/1.1\" 200 12\n"
                + "198.51.100.2 - ann [28/Feb/2015:10:05:03 +0200] \"POST /order HTTP/1.1\" 500 -\n");
    ImportResult result;
    try (ImportDoor door = new ImportDoor(1, 0);
        Collector collector =
            new Collector(
                HttpClient.newHttpClient(),
                door.url(),
                "wk",
                Duration.ZERO,
                System::nanoTime,
                time -> {})) {
      result =
          new FileImport(options(file), Instant::now, System::nanoTime, new Silent())
              .run(collector, ImportLookup.UNKNOWN);
      String mark =
          ",\"library\":{\"name\":\"weir-import\",\"version\":\"import "
              + result.id().text()
              + "\"}}";
      assertThat(((ObjectNode) door.events().getFirst()).without("messageId").toString())
          .isEqualTo(
              "{\"type\":\"track\",\"event\":\"Request\",\"anonymousId\":\"203.0.113.7\",\"timestamp\":\"2015-05-17T08:05:03Z\","
                  + "\"context\":{\"ip\":\"203.0.113.7\",\"userAgent\":\"Mozilla/5.0\",\"page\":{\"path\":\"/menu\",\"referrer\":\"https://a.example/\"}"
                  + mark
                  + ",\"properties\":{\"method\":\"GET\",\"path\":\"/menu?table=4\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"bytes\":12}}");
      assertThat(door.events().getLast().path("userId").asText()).isEqualTo("ann");
      assertThat(door.events()).hasSize(2);
    }
    assertThat(result.reasons())
        .startsWith(
            "line 2: it is no line of an access log in the common or combined format",
            "line 3: time is no time: '31/Feb/2015:10:05:03 +0200'");
    assertThat(Files.readString(temp.resolve("access.log.refused.log")))
        .startsWith("no request\n198.51.100.2 - ann [31/Feb");
  }

  /** What the site changes in an event makes it another one, and nothing else does. */
  @Test
  void theSiteIsInTheAddressesAndInTheIds() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("access.log"),
            "203.0.113.7 - - [17/May/2015:10:05:03 +0200] \"GET /menu HTTP/1.1\" 200 1\n"
                + "b.example 203.0.113.7 - - [17/May/2015:10:05:04 +0200] \"GET /b HTTP/1.1\" 200 1\n");
    List<List<String>> urls = new ArrayList<>();
    List<List<String>> ids = new ArrayList<>();
    for (List<String> site : List.of(List.<String>of(), List.of("a.example"))) {
      try (ImportDoor door = new ImportDoor(1, 0);
          Collector collector =
              new Collector(
                  HttpClient.newHttpClient(),
                  door.url(),
                  "wk",
                  Duration.ZERO,
                  System::nanoTime,
                  time -> {})) {
        new FileImport(options(file, site), Instant::now, System::nanoTime, new Silent())
            .run(collector, ImportLookup.UNKNOWN);
        urls.add(
            door.events().stream().map(each -> each.at("/context/page/url").asText()).toList());
        ids.add(door.events().stream().map(each -> each.path("messageId").asText()).toList());
        assertThat(door.events()).noneMatch(each -> each.path("properties").has("host"));
      }
    }
    assertThat(urls)
        .containsExactly(
            List.of("", "https://b.example/b"),
            List.of("https://a.example/menu", "https://b.example/b"));
    assertThat(ids.get(0).get(0)).isNotEqualTo(ids.get(1).get(0));
    assertThat(ids.get(0).get(1)).isEqualTo(ids.get(1).get(1));
  }

  private static ImportOptions options(Path file) {
    return options(file, List.of());
  }

  private static ImportOptions options(Path file, List<String> site) {
    return new ImportOptions(
        file,
        false,
        "Request",
        null,
        null,
        null,
        null,
        ZoneId.of("UTC"),
        new ImportOptions.Values(true, Map.of(), '.', site),
        false,
        Duration.ZERO);
  }

  private static final class Silent implements ImportProgress {
    @Override
    public void say(String line) {}

    @Override
    public void update(long done, long size, boolean countsBytes, long rows) {}

    @Override
    public void close() {}
  }
}
