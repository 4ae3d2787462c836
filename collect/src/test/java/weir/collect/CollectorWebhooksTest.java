package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.SegmentDecoder;
import weir.decode.WebhookDecoder;
import weir.decode.WebhookTemplate;
import weir.log.MemoryLog;

class CollectorWebhooksTest {
  private static final String SECRET = "whsec_kitchen";
  private static final String BODY =
      "{ \"id\": \"evt_1\",\n \"type\": \"paid\", \"who\": \"Zo\u00eb\" }";
  private static final long NOW = Door.NOW.getEpochSecond();

  @TempDir Path folder;
  private Door door;

  @BeforeEach
  void open() throws IOException {
    List<Decoder> decoders = new ArrayList<>(Decoders.all(SegmentDecoder.MAX_EVENT_BYTES));
    decoders.add(WebhookDecoder.atDoor(SegmentDecoder.MAX_EVENT_BYTES));
    door = new Door(new MemoryLog(), Door.options(), decoders);
    put(
        webhook("stripe-address", "wh_1", WebhookTemplate.STRIPE, KeyRules.NONE),
        webhook("github-address", "wh_2", WebhookTemplate.GITHUB, KeyRules.NONE),
        webhook("shopify-address", "wh_3", WebhookTemplate.SHOPIFY, KeyRules.NONE),
        webhook("plain-address", "wh_4", WebhookTemplate.PLAIN, KeyRules.NONE));
  }

  @AfterEach
  void close() throws IOException {
    door.close();
  }

  private void put(Webhook... webhooks) {
    door.ring = new KeyRing(List.of(new WriteKey("key-1", "shop", "web", true)), List.of(webhooks));
  }

  private static Webhook webhook(
      String address, String id, WebhookTemplate template, KeyRules rules) {
    return new Webhook(
        address,
        new WriteKey(id, "shop", "payments", true, rules),
        template,
        List.of(
            new Webhook.Secret(SECRET, Long.MAX_VALUE),
            new Webhook.Secret("ends-soon", NOW * 1_000_000 + 200_000),
            new Webhook.Secret("has-ended", NOW * 1_000_000 + 123_456)),
        "rk_replay");
  }

  private static byte[] hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String stripe(String secret, long time, String body) {
    return "t=" + time + ",v1=" + HexFormat.of().formatHex(hmac(secret, time + "." + body));
  }

  private HttpResponse<String> call(String path, String body, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        door.to(path)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return door.send(request);
  }

  private HttpResponse<String> stripeCall(String signature) throws IOException {
    return call("/hook/stripe-address", BODY, "Stripe-Signature", signature);
  }

  @Test
  void whatIsSignedIsStoredByteForByte() throws IOException {
    HttpResponse<String> answer =
        call(
            "//hook/stripe-address/?from=x",
            BODY,
            "Stripe-Signature",
            stripe(SECRET, NOW, BODY),
            "X-Request-Id",
            "r-1",
            "X-Api-Key",
            "opens something",
            "Cookie",
            "c=1");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"accepted\":1");
    RawRequest raw = door.stored().getFirst();
    assertThat(raw.body()).isEqualTo(BODY.getBytes(UTF_8));
    assertThat(raw.protocol()).isEqualTo("webhook");
    assertThat(raw.project()).isEqualTo("shop");
    assertThat(raw.source()).isEqualTo("payments");
    assertThat(raw.key()).as("names the webhook").isEqualTo("wh_1");
    assertThat(raw.path()).as("without what opens it").isEqualTo("/hook");
    assertThat(raw.query()).isEqualTo("from=x");
    assertThat(raw.headers())
        .contains(new Header("x-request-id", "r-1"))
        .noneMatch(header -> header.value().contains("v1="))
        .noneMatch(header -> header.value().contains("opens"))
        .noneMatch(header -> header.name().equals("cookie"));
  }

  @Test
  void eachTemplateHasItsSignature() throws IOException {
    String hex = HexFormat.of().formatHex(hmac(SECRET, BODY));
    String base64 = Base64.getEncoder().encodeToString(hmac(SECRET, BODY));
    assertThat(call("/hook/github-address", BODY, "X-Hub-Signature-256", "sha256=" + hex))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    assertThat(call("/hook/shopify-address", BODY, "X-Shopify-Hmac-Sha256", base64))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    assertThat(call("/hook/plain-address", BODY).statusCode()).isEqualTo(200);
    assertThat(call("/hook/shopify-address", BODY, "X-Hub-Signature-256", "sha256=" + hex))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(401);
    assertThat(door.stored()).hasSize(3);
  }

  @Test
  void whatIsForgedOldOrNotSignedIsNotStored() throws IOException {
    for (String wrong :
        List.of(
            stripe("guessed", NOW, BODY),
            stripe(SECRET, NOW, BODY + " "),
            stripe(SECRET, NOW - 301, BODY),
            stripe("has-ended", NOW, BODY),
            "t=" + NOW,
            "x")) {
      HttpResponse<String> answer = stripeCall(wrong);
      assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
      assertThat(answer.body()).contains("\"code\":\"wrong_signature\"").doesNotContain(SECRET);
    }
    assertThat(call("/hook/stripe-address", BODY).body()).contains("not signed");
    assertThat(stripeCall(stripe("ends-soon", NOW, BODY)).statusCode()).isEqualTo(200);
    assertThat(door.stored()).hasSize(1);
  }

  @Test
  void garbageIsRefusedWhoeverSignsIt() throws IOException {
    HttpResponse<String> signed =
        call("/hook/stripe-address", "no JSON", "Stripe-Signature", stripe(SECRET, NOW, "no JSON"));
    assertThat(signed.statusCode()).isEqualTo(400);
    assertThat(call("/hook/plain-address", "[1,").statusCode()).isEqualTo(400);
    assertThat(call("/hook/plain-address", "").statusCode()).isEqualTo(400);
    assertThat(call("/hook/plain-address", "[]").body()).contains("\"accepted\":0");
    assertThat(call("/hook/plain-address", "[{},1]").body())
        .contains("\"accepted\":2", "not_an_object");
    assertThat(door.stored()).hasSize(1);
  }

  @Test
  void anAddressOpensNothingElse() throws IOException {
    for (String path :
        List.of("/hook", "/hook/", "/hook/wh_1", "/hook/key-1", "/hook/none", "/hook/a/b")) {
      assertThat(call(path, BODY).statusCode()).as(path).isEqualTo(404);
    }
    for (String key : List.of("wh_4", "plain-address", "rk_replay")) {
      assertThat(door.postAs(key, Door.track("e")).statusCode()).as(key).isEqualTo(401);
    }
    HttpResponse<String> get = door.get("/hook/plain-address");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).hasValue("POST");
    assertThat(door.post("/hook/stripe-address", BODY).statusCode())
        .as("a write key is no signature")
        .isEqualTo(401);
    assertThat(door.stored()).isEmpty();
    put();
    assertThat(call("/hook/plain-address", BODY).body()).contains("no_webhook");
  }

  @Test
  void whatIsBroughtAgainNeedsItsKey() throws IOException {
    String path = "/hook/stripe-address/replay";
    assertThat(call(path, "[{\"body\":{}}]").statusCode()).isEqualTo(401);
    assertThat(call(path, "[]", "Authorization", "Bearer key-1").body())
        .contains("wrong_replay_key");
    assertThat(call(path, "[{\"body\":{}},{}]", "Authorization", "Bearer rk_replay").body())
        .contains("\"accepted\":2");
    RawRequest raw = door.stored().getFirst();
    assertThat(raw.path()).isEqualTo("/hook/replay");
    assertThat(raw.events()).isEqualTo(2);
    assertThat(raw.headers()).noneMatch(header -> header.value().contains("rk_"));
  }

  @Test
  void rulesAreThoseOfKeys() throws IOException {
    KeyRules slow = KeyRules.parse("{\"events_per_second\":1,\"burst\":2}");
    KeyRules elsewhere = KeyRules.parse("{\"allow\":[\"192.0.2.0/24\"]}");
    KeyRules few = KeyRules.parse("{\"monthly_quota\":1}");
    put(
        webhook("slow", "wh_5", WebhookTemplate.PLAIN, slow),
        webhook("elsewhere", "wh_6", WebhookTemplate.PLAIN, elsewhere),
        webhook("few", "wh_7", WebhookTemplate.PLAIN, few));
    assertThat(call("/hook/slow", "[{},{}]").statusCode()).isEqualTo(200);
    assertThat(call("/hook/slow", BODY).statusCode()).isEqualTo(429);
    assertThat(call("/hook/elsewhere", BODY).statusCode()).isEqualTo(403);
    assertThat(call("/hook/few", BODY).statusCode()).isEqualTo(200);
    assertThat(call("/hook/few", BODY).body()).contains("quota_exceeded");
    assertThat(door.stored()).hasSize(2);
  }

  @Test
  void largeBodiesAreSignedToo() throws IOException {
    String large = "{\"id\":\"" + "x".repeat(300_000) + "\"}";
    HttpResponse<String> right =
        call("/hook/stripe-address", large, "Stripe-Signature", stripe(SECRET, NOW, large));
    assertThat(right.statusCode()).as(right.body()).isEqualTo(200);
    assertThat(call("/hook/stripe-address", large, "Stripe-Signature", stripe("x", NOW, large)))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(401);
  }

  @Test
  void theKeyFileTellsOfThem() throws IOException {
    Webhook one =
        webhook("a", "wh_1", WebhookTemplate.SHOPIFY, KeyRules.parse("{\"events_per_second\":5}"));
    Webhook two = webhook("b", "wh_2", WebhookTemplate.PLAIN, KeyRules.NONE);
    Path file = folder.resolve("keys.json");
    KeyFile.publish(weir.log.files.Files.system(), file, new KeyRing(List.of(), List.of(one, two)));
    KeyRing read = KeyFile.parse(Files.readAllBytes(file));
    assertThat(read.webhooks()).containsExactly(one, two);
    assertThat(read.isEmpty()).isFalse();
    assertThat(one + "" + one.secrets()).doesNotContain(SECRET, "rk_");
    KeyRing unknown =
        KeyFile.parse(
            "{\"keys\":[],\"webhooks\":[{\"template\":\"later\",\"x\":{\"y\":[1]}}]}"
                .getBytes(UTF_8));
    assertThat(unknown.webhooks()).isEmpty();
  }
}
