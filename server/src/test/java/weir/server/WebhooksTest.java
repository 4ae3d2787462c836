package weir.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.server.cli.WeirCommand;

/** Webhooks of a real Weir, by the API and by commands. */
class WebhooksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "whsec_kitchen_of_the_test";

  @TempDir Path temp;
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  private String weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", temp.resolve("data").toString()));
    StringWriter out = new StringWriter();
    PrintWriter both = new PrintWriter(out);
    WeirCommand.execute(both, both, all.toArray(new String[0]));
    return out.toString();
  }

  /** A line of what a command printed. */
  private static String field(String printed, String name) {
    return printed
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError(printed));
  }

  private HttpResponse<String> call(String url, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }

  private static String hex(String secret, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }

  private HttpResponse<String> stripe(String url, String secret, String body) throws Exception {
    long now = Instant.ofEpochMilli(System.currentTimeMillis()).getEpochSecond();
    return call(url, body, "Stripe-Signature", "t=" + now + ",v1=" + hex(secret, now + "." + body));
  }

  private void awaitStatus(int status, java.util.concurrent.Callable<HttpResponse<String>> call) {
    Awaitility.await()
        .untilAsserted(() -> {
          HttpResponse<String> answer = call.call();
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        });
  }

  private static String paid(String id, int amount) {
    return """
    {"id":"%s","object":"event","created":%d,"type":"charge.succeeded","livemode":true,
     "data":{"object":{"id":"ch_1","object":"charge","amount":%d,"currency":"eur",
      "customer":"cus_7","metadata":{},"paid":true}}}
    """
        .formatted(id, System.currentTimeMillis() / 1000, amount);
  }

  @Test
  void signedRequestsBecomeOneEventEachOfTheirProject() throws Exception {
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      String made =
          weir("webhook", "create", "payments", "--template", "stripe", "--secret", SECRET);
      String url = field(made, "url");
      String id = field(made, "id");
      assertThat(url).startsWith(weir.collector() + "/hook/").hasSizeGreaterThan(50);
      assertThat(made).doesNotContain(SECRET);

      awaitStatus(200, () -> stripe(url, SECRET, paid("evt_1", 1250)));
      assertThat(stripe(url, SECRET, paid("evt_1", 1250)).statusCode()).isEqualTo(200);
      assertThat(stripe(url, "guessed", paid("evt_2", 1)).statusCode()).isEqualTo(401);
      assertThat(call(url, paid("evt_3", 1)).body()).contains("not signed");
      assertThat(stripe(url, SECRET, paid("evt_4", 700)).statusCode()).isEqualTo(200);
      weir.awaitNumber("select count(*) from events where source = 'payments'", 2);
      JsonNode row =
          weir.query(
                  "select event, user_id, value, currency, protocol, platform, kind, ip,"
                      + " p_stripe_event from events where event_id = 'evt_1'")
              .get(0);
      assertThat(row.toString())
          .isEqualTo(
              "[\"charge.succeeded\",\"cus_7\",12.5,\"EUR\",\"webhook\",\"server\",null,null,"
                  + "\"evt_1\"]");
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(weir.number("select sum(duplicate) from ledger where source = 'payments'"))
                  .isPositive());

      String rotated = weir("webhook", "rotate", id, "--secret", "whsec_new", "--keep", "1h");
      assertThat(field(rotated, "secrets")).startsWith("one, one until 20");
      awaitStatus(200, () -> stripe(url, "whsec_new", paid("evt_5", 1)));
      assertThat(stripe(url, SECRET, paid("evt_6", 1)).statusCode()).isEqualTo(200);
      String moved = field(weir("webhook", "rotate", id, "--address"), "url");
      awaitStatus(404, () -> stripe(url, "guessed", "{}"));
      assertThat(stripe(moved, SECRET, paid("evt_8", 1)).statusCode()).isEqualTo(200);
      weir("webhook", "disable", id);
      awaitStatus(404, () -> stripe(moved, "guessed", "{}"));
      weir("webhook", "enable", id);
      awaitStatus(200, () -> stripe(moved, SECRET, paid("evt_10", 1)));

      String list = weir("webhook", "list");
      assertThat(list).contains(id, "payments", "stripe").doesNotContain("whsec", "/hook/");
      assertThat(weir("webhook", "create", "payments")).contains("there is a webhook 'payments'");
      assertThat(weir("webhook", "create", "x", "--secret", "s")).contains("not signed");
      assertThat(weir("webhook", "create", "x", "--template", "slack")).contains("plain, stripe");
      assertThat(weir("webhook", "rotate", id)).contains("either --address or --secret");
      assertThat(weir("webhook", "change", id)).contains("nothing to change");
      assertThat(weir("webhook", "show", "wh_none")).contains("no webhook wh_none");
      String address = moved.substring(moved.lastIndexOf('/') + 1);
      assertLogsKeepQuiet(SECRET, "whsec_new", address);
      weir("webhook", "delete", id);
      awaitStatus(404, () -> stripe(moved, "guessed", "{}"));
      weir.awaitNumber("select count(*) from events where source = 'payments'", 6);
      projectsHaveTheirOwn(weir);
    }
  }

  private void assertLogsKeepQuiet(String... secrets) throws Exception {
    try (Stream<Path> logs = Files.walk(temp.resolve("data").resolve("logs"))) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(log)).as(log.toString()).doesNotContain(secrets);
      }
    }
  }

  @Test
  void aMappingIsTriedMendedAndReplayed() throws Exception {
    String url;
    String id;
    Path wrong = Files.writeString(temp.resolve("wrong.json"), "{\"event\":\"body.kind\"}");
    Path right =
        Files.writeString(
            temp.resolve("right.json"),
            "{\"event\":\"body.what\",\"message_id\":\"body.nr\",\"user_id\":\"body.by\","
                + "\"properties\":\"body\"}");
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      String made = weir("webhook", "create", "bells", "--mapping", wrong.toString());
      url = field(made, "url");
      id = field(made, "id");
      awaitStatus(200, () -> call(url, "{\"what\":\"Rung\",\"nr\":1,\"by\":\"table 12\"}"));
      assertThat(call(url, "[{\"what\":\"Rung\",\"nr\":2},{\"nr\":3}]").statusCode())
          .isEqualTo(200);
      weir.awaitNumber("select count(*) from bad_events where source = 'bells'", 3);
      JsonNode bad =
          weir.query("select stage, reason, message, payload from bad_events limit 1").get(0);
      assertThat(bad.get(0).asText()).isEqualTo("decode");
      assertThat(bad.get(1).asText()).isEqualTo("mapping_failed");
      assertThat(bad.get(2).asText()).contains("event gives no name", "webhook change");
      assertThat(JSON.readTree(bad.get(3).asText()).path("body").path("what").asText())
          .isEqualTo("Rung");

      String tried = weir("webhook", "try", id, "--mapping", right.toString(), "--last", "5");
      assertThat(tried)
          .contains("\"event\":\"Rung\"", "\"user_id\":\"table 12\"", "\"event_id\":\"2\"")
          .endsWith("2 requests: 2 events, 1 bad\n");
      assertThat(weir("webhook", "try", id)).endsWith("2 requests: 0 events, 3 bad\n");
      weir.awaitNumber("select count(*) from events", 0);
      assertThat(weir("webhook", "try", id, "--last", "101")).contains("from 1 to 100");
    }
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      String now = weir.collector() + url.substring(url.indexOf("/hook/"));
      assertThat(weir("webhook", "try", id, "--mapping", right.toString(), "--last", "1"))
          .as("the newest, also after a restart")
          .contains("\"event_id\":\"2\"")
          .endsWith("1 requests: 1 events, 1 bad\n");
      assertThat(weir("webhook", "replay", id)).contains("3 bad events: 0 brought again");
      weir("webhook", "change", id, "--mapping", right.toString());
      assertThat(weir("webhook", "show", id, "--mapping")).contains("body.what");
      assertThat(weir("webhook", "replay", id))
          .contains("3 bad events: 2 brought again, 1 still bad");
      weir.awaitNumber("select count(*) from events where event = 'Rung'", 2);
      assertThat(weir("webhook", "replay", id)).contains("2 brought again");
      awaitStatus(200, () -> call(now, "{\"what\":\"Rung\",\"nr\":4,\"by\":\"table 2\"}"));
      weir.awaitNumber("select count(*) from events where event = 'Rung'", 3);
      weir.awaitNumber("select count(distinct event_id) from events where source = 'bells'", 3);
      weir.awaitNumber("select count(*) from events where p_by = 'table 12'", 1);
      assertThat(weir("webhook", "change", id, "--mapping", temp.resolve("none").toString()))
          .contains("none");
      Files.writeString(wrong, "{\"event\":\"body.\"}");
      assertThat(weir("webhook", "change", id, "--mapping", wrong.toString()))
          .contains("\"event\"");
    }
  }

  /** Bodies as GitHub's and Shopify's documents show them, and what replays and forgers send. */
  @Test
  void eachServicesRequestsAreVerifiedAsItSignsThem() throws Exception {
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      String payments = made("payments", "stripe", SECRET);
      String builds = made("builds", "github", "gh");
      String shop = made("shop", "shopify", "shp");
      String later = field(weir("webhook", "create", "later", "--template", "stripe"), "url");
      String paid = paid("evt_1", 1250);
      awaitStatus(200, () -> stripe(payments, SECRET, paid));
      long now = System.currentTimeMillis() / 1000;
      for (long time : new long[] {now - 600, now + 600}) {
        String signature = "t=" + time + ",v1=" + hex(SECRET, time + "." + paid);
        assertThat(call(payments, paid, "Stripe-Signature", signature).body())
            .contains("wrong_signature", "older than 5 minutes");
      }
      String signed = "t=" + now + ",v1=" + hex(SECRET, now + "." + paid);
      assertThat(call(payments, paid.replace("1250", "9250"), "Stripe-Signature", signed))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(401);
      awaitStatus(401, () -> stripe(later, SECRET, paid));
      assertThat(stripe(later, SECRET, paid).body()).contains("no secret in force");

      String issue =
          "{\"action\":\"opened\",\"issue\":{\"number\":1347,\"title\":\"Found a bug\"},"
              + "\"repository\":{\"full_name\":\"octocat/Hello-World\"},"
              + "\"sender\":{\"login\":\"octocat\"}}";
      awaitStatus(200, () -> github(builds, issue, "gh", "d-1"));
      assertThat(github(builds, issue, "guessed", "d-2").statusCode()).isEqualTo(401);
      String order =
          "{\"id\":820982911946154508,\"currency\":\"USD\",\"total_price\":\"254.98\","
              + "\"customer\":{\"id\":115310627314723954}}";
      awaitStatus(200, () -> shopify(shop, order, "shp", "s-1"));
      assertThat(shopify(shop, order, "guessed", "s-2").statusCode()).isEqualTo(401);

      weir.awaitNumber("select count(*) from events", 3);
      assertThat(
              weir.query("select source, event, event_id, user_id, value from events order by 1")
                  .toString())
          .isEqualTo(
              "[[\"builds\",\"issues.opened\",\"d-1\",\"octocat\",null],"
                  + "[\"payments\",\"charge.succeeded\",\"evt_1\",\"cus_7\",12.5],"
                  + "[\"shop\",\"orders/create\",\"s-1\",\"115310627314723954\",254.98]]");
      weir.awaitNumber("select count(*) from bad_events", 0);
    }
  }

  private String made(String name, String template, String secret) {
    return field(
        weir("webhook", "create", name, "--template", template, "--secret", secret), "url");
  }

  private HttpResponse<String> github(String url, String body, String secret, String delivery)
      throws Exception {
    return call(
        url,
        body,
        "X-Hub-Signature-256",
        "sha256=" + hex(secret, body),
        "X-GitHub-Event",
        "issues",
        "X-GitHub-Delivery",
        delivery);
  }

  private HttpResponse<String> shopify(String url, String body, String secret, String id)
      throws Exception {
    byte[] mac = HexFormat.of().parseHex(hex(secret, body));
    return call(
        url,
        body,
        "X-Shopify-Hmac-Sha256",
        Base64.getEncoder().encodeToString(mac),
        "X-Shopify-Topic",
        "orders/create",
        "X-Shopify-Webhook-Id",
        id);
  }

  private void projectsHaveTheirOwn(RunningWeir weir) throws Exception {
    long before = weir.number("select count(*) from events");
    try (ApiCalls calls = new ApiCalls(weir)) {
      ApiCalls.Answer other = calls.newProject("other");
      String admin = other.text("api_key");
      String body = "{\"name\":\"builds\",\"template\":\"github\",\"secret\":\"gh\"}";
      ApiCalls.Answer made = calls.post("/webhooks", admin, body);
      assertThat(made.status()).as(made.toString()).isEqualTo(201);
      assertThat(made.json().toString()).doesNotContain("\"gh\"", "rk_");
      String id = made.text("id");
      String push =
          "{\"ref\":\"refs/heads/main\",\"repository\":{\"full_name\":\"kitchen/menu\"},"
              + "\"sender\":{\"login\":\"waiter\"}}";
      String[] headers = {
        "X-Hub-Signature-256", "sha256=" + hex("gh", push),
        "X-GitHub-Event", "push",
        "X-GitHub-Delivery", "d-1"
      };
      awaitStatus(200, () -> call(made.text("url"), push, headers));
      Awaitility.await()
          .untilAsserted(() ->
              assertThat(
                      calls
                          .sql(admin, "select event, user_id, group_id, event_id from events")
                          .at("/rows/0")
                          .toString())
                  .isEqualTo("[\"push\",\"waiter\",\"kitchen/menu\",\"d-1\"]"));
      weir.awaitNumber("select count(*) from events", before);

      for (String path : List.of("/webhooks/" + id, "/webhooks/" + id + "/replay")) {
        assertThat(calls.get(path, admin).status()).isEqualTo(200);
        assertThat(calls.get(path, weir.apiKey()).status()).as("of another project").isEqualTo(404);
      }
      assertThat(calls.post("/webhooks/" + id + "/try", weir.apiKey(), "{}").status())
          .isEqualTo(404);
      String reader = calls.readKey(admin).text("key");
      assertThat(calls.get("/webhooks", reader).status()).isEqualTo(403);
      assertThat(calls.get("/webhooks", admin).json().toString())
          .contains(id)
          .doesNotContain("/hook/", "rk_", "\"gh\"");
      for (String wrong :
          List.of(
              "{}",
              "{\"name\":\"\",\"template\":\"plain\"}",
              "{\"name\":\"x\",\"template\":\"plain\",\"mapping\":{}}",
              "{\"name\":\"x\",\"template\":\"plain\",\"mapping\":{\"event\":\"(\"}}",
              "{\"name\":\"x\",\"template\":\"plain\",\"rules\":{\"deny\":[\"x\"]}}",
              "{\"name\":\"x\",\"template\":\"plain\",\"color\":1}")) {
        assertThat(calls.post("/webhooks", admin, wrong).status()).as(wrong).isEqualTo(400);
      }
      assertThat(calls.post("/webhooks", admin, body).status()).isEqualTo(409);
      assertThat(
              calls.ask(
                  "PATCH",
                  "/webhooks/" + id,
                  admin,
                  "{\"rules\":{\"events_per_second\":1,\"burst\":1},\"enabled\":true}"))
          .extracting(answer -> answer.at("/rules/burst").asInt())
          .isEqualTo(1);
      awaitStatus(429, () -> call(made.text("url"), push, headers));
      assertThat(calls.ask("DELETE", "/projects/other", weir.apiKey(), "").status())
          .isLessThan(300);
      awaitStatus(404, () -> call(made.text("url"), push, headers));
    }
  }
}
