package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SigningSecretsTest {
  /** The example of the specification. */
  @Test
  void theSpecificationsExampleIsSignedSo() {
    SigningSecrets secrets =
        new SigningSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Optional.empty());
    String signature =
        secrets.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1_614_265_330),
            "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  /** By the library that receivers use. */
  @Test
  void receiversVerifyWithEitherSecret() throws Exception {
    byte[] body =
        "{\"type\":\"weir.events\",\"events\":[{\"dish\":\"cr\u00e8me\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    String old = SigningSecrets.random();
    String young = SigningSecrets.random();
    SigningSecrets both =
        new SigningSecrets(young, Optional.of(new SigningSecrets.Before(old, now.plusSeconds(60))));
    HttpHeaders headers =
        HttpHeaders.of(
            Map.of(
                "webhook-id", List.of("msg_1"),
                "webhook-timestamp", List.of(String.valueOf(now.getEpochSecond())),
                "webhook-signature", List.of(both.sign("msg_1", now, body))),
            (name, value) -> true);
    String text = new String(body, StandardCharsets.UTF_8);
    new Webhook(old).verify(text, headers.map());
    new Webhook(young).verify(text, headers.map());
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new Webhook(SigningSecrets.random()).verify(text, headers.map()))
        .isInstanceOf(com.standardwebhooks.exceptions.WebhookVerificationException.class);
  }
}
