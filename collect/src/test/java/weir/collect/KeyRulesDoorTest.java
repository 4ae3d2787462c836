package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.log.MemoryLog;

/** What becomes of requests whose write key has rules, or whose sender knows no end. */
class KeyRulesDoorTest {
  private static final String ONE = "{\"batch\":[" + Door.track("a") + "]}";

  private static WriteKey key(String key, String rules) {
    return new WriteKey(key, "shop", "web", true, KeyRules.parse(rules.replace('\'', '"')));
  }

  private static void is(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
  }

  private static double refused(Door door, String reason) {
    return door.meters.get("weir.collect.refused").tag("reason", reason).functionCounter().count();
  }

  private static HttpResponse<String> inBody(Door door, String key, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        door.to("/v1/batch")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"batch\":[" + Door.track("a") + "],\"writeKey\":\"" + key + "\"}"));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return door.send(request);
  }

  @Test
  void originsAndAddressesAreAskedWhereverTheKeyStands() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      door.ring =
          new KeyRing(
              List.of(
                  key("page", "{'origins':['*.shop.example']}"),
                  key("office", "{'allow':['203.0.113.0/24']}")));
      String mine = "https://www.shop.example";
      is(door.postAs("page", ONE, "Origin", mine), 200, "true");
      is(inBody(door, "page", "Origin", mine), 200, "true");
      for (HttpResponse<String> refused :
          List.of(
              door.postAs("page", ONE, "Origin", "https://evil.example"),
              inBody(door, "page", "Origin", "https://evil.example"))) {
        is(refused, 403, "origin_not_allowed");
        assertThat(refused.headers().firstValue("access-control-allow-origin"))
            .as("the page can read why")
            .contains("https://evil.example");
      }
      is(door.postAs("page", ONE, "Referer", "https://evil.example/a"), 403, "origin_not_allowed");
      assertThat(refused(door, "address_not_allowed")).isZero();
      is(door.postAs("office", ONE), 403, "address_not_allowed");
      assertThat(refused(door, "address_not_allowed")).isOne();
      assertThat(refused(door, "origin_not_allowed")).isEqualTo(3);
      is(
          inBody(door, "office", "X-Forwarded-For", "203.0.113.7"),
          403,
          "the address 127.0.0.1 may not send");
      assertThat(door.stored()).hasSize(2);
    }
    CollectorOptions behind = Door.options().withTrustedProxies(1);
    try (Door door = new Door(new MemoryLog(), behind)) {
      door.ring = new KeyRing(List.of(key("office", "{'allow':['203.0.113.0/24']}")));
      is(door.postAs("office", ONE, "X-Forwarded-For", "203.0.113.7, 198.51.100.1"), 403, "198.51");
      is(door.postAs("office", ONE, "X-Forwarded-For", "198.51.100.1, 203.0.113.7"), 200, "true");
    }
  }

  @Test
  void ratesAndQuotasAreAnswered429() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      door.ring =
          new KeyRing(
              List.of(
                  key("slow", "{'events_per_second':1,'burst':1}"),
                  key("few", "{'monthly_quota':1}"),
                  key("free", "{}")));
      String many = "{\"batch\":[" + (Door.track("a") + ",").repeat(999) + Door.track("a") + "]}";
      is(door.postAs("slow", many), 200, "1000");
      HttpResponse<String> refused = door.postAs("slow", ONE);
      is(refused, 429, "rate_limited");
      assertThat(refused.headers().firstValue("retry-after")).contains("1000");
      is(inBody(door, "slow"), 429, "rate_limited");
      is(inBody(door, "few"), 200, "true");
      is(inBody(door, "few"), 429, "quota_exceeded");
      is(door.postAs("few", ONE), 429, "quota_exceeded");
      is(door.postAs("free", ONE), 200, "true");
      assertThat(refused(door, "rate_limited")).isEqualTo(2);
      assertThat(refused(door, "quota_exceeded")).isEqualTo(2);
      assertThat(door.stored()).hasSize(3);
    }
  }

  @Test
  void whatTheLogRefusesCountsTowardsNoQuota() throws IOException {
    HeldLog log = new HeldLog();
    try (Door door = new Door(log)) {
      door.ring = new KeyRing(List.of(key("few", "{'monthly_quota':1}")));
      log.full("test");
      is(door.postAs("few", ONE), 503, "log_full");
      log.full(null);
      is(door.postAs("few", ONE), 200, "true");
      is(door.postAs("few", ONE), 429, "quota_exceeded");
    }
  }

  @Test
  void aRestartRemembersTheMonth(@TempDir Path folder) throws IOException {
    KeyRing ring = new KeyRing(List.of(key("few", "{'monthly_quota':1}")));
    for (int status : new int[] {200, 429}) {
      try (KeyUsage usage = KeyUsage.open(folder.resolve("usage.json"), () -> Door.NOW);
          Door door = new Door(new MemoryLog(), Door.options(), SitePaths.none(), usage)) {
        door.ring = ring;
        assertThat(door.postAs("few", ONE).statusCode()).isEqualTo(status);
      }
    }
  }

  /** Bodies of one key pile up before a log that stands still; another key's still come in. */
  @Test
  void whoSendsWithoutEndLeavesRoomForOthers() throws Exception {
    HeldLog log = new HeldLog();
    log.hold();
    CollectorOptions options = Door.options().withSizes(50_000, 200_000, 1_000_000);
    String large = "{\"batch\":[" + Door.track("a") + "],\"x\":\"" + "y".repeat(40_000) + "\"}";
    try (Door door = new Door(log, options);
        ExecutorService clients = Executors.newCachedThreadPool()) {
      door.ring = new KeyRing(List.of(key("loud", "{}"), key("quiet", "{}")));
      List<Future<HttpResponse<String>>> loud = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        loud.add(clients.submit(() -> door.postAs("loud", large)));
      }
      await()
          .until(
              () -> loud.stream().filter(Future::isDone).count() >= 40 - 500_000 / large.length());
      Future<HttpResponse<String>> quiet = clients.submit(() -> door.postAs("quiet", large));
      Future<HttpResponse<String>> page = clients.submit(() -> inBody(door, "quiet"));
      await()
          .until(() ->
              door.meters.get("weir.collect.in.flight").gauge().value()
                  > 500_000 + large.length() / 2);
      log.letGo();
      assertThat(quiet.get().statusCode()).isEqualTo(200);
      assertThat(page.get().statusCode()).isEqualTo(200);
      int stored = 0;
      for (Future<HttpResponse<String>> one : loud) {
        int status = one.get().statusCode();
        assertThat(status).isIn(200, 429);
        stored += status == 200 ? 1 : 0;
      }
      assertThat(stored).isEqualTo(500_000 / large.length());
      await().until(() -> door.meters.get("weir.collect.in.flight").gauge().value() == 0);
      assertThat(door.postAs("loud", large).statusCode()).isEqualTo(200);
    }
  }

  /** Garbage with a valid key is refused before its body is read, once it has had its rate. */
  @Test
  void garbageSpendsItsRate() throws IOException {
    try (Door door = new Door(new MemoryLog())) {
      door.ring =
          new KeyRing(
              List.of(key("loud", "{'events_per_second':1,'burst':3}"), key("quiet", "{}")));
      for (int i = 0; i < 3; i++) {
        is(door.postAs("loud", "garbage"), 400, "malformed");
      }
      is(door.postAs("loud", "garbage"), 429, "rate_limited");
      door.ticker.add(Duration.ofSeconds(1));
      is(door.postAs("loud", "garbage"), 400, "malformed");
      is(door.postAs("quiet", ONE), 200, "true");
    }
  }
}
