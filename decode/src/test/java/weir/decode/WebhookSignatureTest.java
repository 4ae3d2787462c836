package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
  private static final String SECRET = "whsec_kitchen";
  private static final long NOW = 1_796_068_759;
  private static final String BODY = new String(Captured.read("webhook-stripe").body(), UTF_8);

  private static @Nullable String fault(
      WebhookTemplate template, List<String> secrets, Map<String, String> headers, byte[] body) {
    return WebhookSignature.fault(
        template, secrets, headers::get, body, Instant.ofEpochSecond(NOW));
  }

  private static @Nullable String stripe(String header) {
    return fault(
        WebhookTemplate.STRIPE,
        List.of(SECRET),
        Map.of("stripe-signature", header),
        BODY.getBytes(UTF_8));
  }

  private static byte[] hmac(String secret, byte[] text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return mac.doFinal(text);
  }

  private static String hex(String secret, String text) throws Exception {
    return HexFormat.of().formatHex(hmac(secret, text.getBytes(UTF_8)));
  }

  /** What Stripe's own library says of a header. */
  private static boolean stripeTakes(String header) {
    try {
      return Webhook.Signature.verifyHeader(BODY, header, SECRET, 300);
    } catch (SignatureVerificationException e) {
      return false;
    }
  }

  @Test
  void asStripesOwnLibrarySigns() throws Exception {
    String signature = Webhook.Util.computeHmacSha256(SECRET, NOW + "." + BODY);
    assertThat(stripe("t=" + NOW + ",v1=" + signature)).isNull();
    assertThat(stripe("t=" + NOW + ",v1=" + "0".repeat(64) + ",v1=" + signature + ",v0=x"))
        .isNull();
    assertThat(stripe("t=" + NOW + ",v0=" + signature)).contains("cannot be read");
    assertThat(stripe("t=" + (NOW - 1) + ",v1=" + signature)).contains("not that of this body");
    assertThat(stripe("v1=" + signature)).contains("cannot be read");
  }

  @Test
  void theTimeOfStripesSignatureMayBeOff() throws Exception {
    for (long off : new long[] {-300, -1, 1, 300}) {
      assertThat(stripe("t=" + (NOW + off) + ",v1=" + hex(SECRET, (NOW + off) + "." + BODY)))
          .isNull();
    }
    for (long off : new long[] {-301, 301, -100_000}) {
      assertThat(stripe("t=" + (NOW + off) + ",v1=" + hex(SECRET, (NOW + off) + "." + BODY)))
          .contains("older than 5 minutes");
    }
  }

  /** The vendor's library knows only the time of now, so it judges headers without an old one. */
  @Test
  void whatStripesLibraryRefusesIsRefused() throws Exception {
    long now = Instant.ofEpochMilli(Webhook.Util.getTimeNow() * 1000).getEpochSecond();
    String right = "t=" + now + ",v1=" + hex(SECRET, now + "." + BODY);
    assertThat(stripeTakes(right)).isTrue();
    Random random = new Random(7);
    int taken = 0;
    for (int i = 0; i < 2_000; i++) {
      StringBuilder header = new StringBuilder(right);
      if (i > 0) {
        int at = random.nextInt(header.length());
        switch (random.nextInt(3)) {
          case 0 -> header.setCharAt(at, (char) (32 + random.nextInt(95)));
          case 1 -> header.deleteCharAt(at);
          default -> header.insert(at, (char) (32 + random.nextInt(95)));
        }
      }
      String text = header.toString();
      boolean ours =
          WebhookSignature.fault(
                  WebhookTemplate.STRIPE,
                  List.of(SECRET),
                  name -> text,
                  BODY.getBytes(UTF_8),
                  Instant.ofEpochSecond(now))
              == null;
      taken += ours ? 1 : 0;
      if (ours) {
        // ours forgives blanks and the case of hexadecimal digits, which change nothing
        String plain = text.replace(" ", "").toLowerCase(java.util.Locale.ROOT);
        assertThat(stripeTakes(plain)).as(text).isTrue();
      }
    }
    assertThat(taken).isPositive();
  }

  @Test
  void github() throws Exception {
    byte[] body = Captured.read("webhook-github").body();
    // the example of the documentation on validating deliveries
    assertThat(
            fault(
                WebhookTemplate.GITHUB,
                List.of("It's a Secret to Everybody"),
                Map.of(
                    "x-hub-signature-256",
                    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
                "Hello, World!".getBytes(UTF_8)))
        .isNull();
    String right = "sha256=" + HexFormat.of().formatHex(hmac(SECRET, body));
    String name = "x-hub-signature-256";
    assertThat(fault(WebhookTemplate.GITHUB, List.of(SECRET), Map.of(name, right), body)).isNull();
    body[20] ^= 1;
    assertThat(fault(WebhookTemplate.GITHUB, List.of(SECRET), Map.of(name, right), body))
        .contains("not that of this body");
    assertThat(fault(WebhookTemplate.GITHUB, List.of(SECRET), Map.of(name, "sha1=00"), body))
        .contains("cannot be read");
    assertThat(fault(WebhookTemplate.GITHUB, List.of(SECRET), Map.of(name, "sha256="), body))
        .contains("not that of this body");
    assertThat(fault(WebhookTemplate.GITHUB, List.of(SECRET), Map.of(), body))
        .contains("not signed");
  }

  @Test
  void shopify() throws Exception {
    byte[] body = Captured.read("webhook-shopify").body();
    String right = Base64.getEncoder().encodeToString(hmac(SECRET, body));
    String name = "x-shopify-hmac-sha256";
    assertThat(fault(WebhookTemplate.SHOPIFY, List.of(SECRET), Map.of(name, right), body)).isNull();
    assertThat(fault(WebhookTemplate.SHOPIFY, List.of("other"), Map.of(name, right), body))
        .contains("not that of this body");
    assertThat(fault(WebhookTemplate.SHOPIFY, List.of(SECRET), Map.of(name, "%"), body))
        .contains("cannot be read");
    assertThat(fault(WebhookTemplate.SHOPIFY, List.of(SECRET), Map.of(), body))
        .contains("not signed");
  }

  @Test
  void anyOfTheSecretsInForce() throws Exception {
    String header = "t=" + NOW + ",v1=" + hex("new", NOW + "." + BODY);
    Map<String, String> headers = Map.of("stripe-signature", header);
    byte[] body = BODY.getBytes(UTF_8);
    assertThat(fault(WebhookTemplate.STRIPE, List.of("old", "new"), headers, body)).isNull();
    assertThat(fault(WebhookTemplate.STRIPE, List.of("old"), headers, body)).isNotNull();
    assertThat(fault(WebhookTemplate.STRIPE, List.of(), headers, body)).contains("no secret");
    assertThat(fault(WebhookTemplate.PLAIN, List.of(), Map.of(), body)).isNull();
  }

  @Test
  void templatesSayWhetherTheyAreSigned() {
    assertThat(WebhookTemplate.PLAIN.isSigned()).isFalse();
    assertThat(WebhookTemplate.STRIPE.isSigned()).isTrue();
    assertThat(WebhookTemplate.labelled("slack")).isEmpty();
    assertThatThrownBy(() -> WebhookMapping.parse(WebhookTemplate.labels()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
