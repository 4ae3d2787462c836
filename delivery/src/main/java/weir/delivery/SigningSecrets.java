package weir.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What requests are signed with, as the specification Standard Webhooks has it: HMAC-SHA256 over
 * id, time and body. For a while after a rotation both secrets sign.
 *
 * @param secret {@code whsec_} and Base64
 */
public record SigningSecrets(String secret, Optional<Before> before) {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The secret before a rotation, and until when it signs too. */
  public record Before(String secret, Instant until) {}

  /** A new secret. */
  static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  /** The value of the header {@code webhook-signature}. */
  String sign(String id, Instant at, byte[] body) {
    String now = signature(secret, id, at, body);
    return before
        .filter(old -> at.isBefore(old.until()))
        .map(old -> now + " " + signature(old.secret(), id, at, body))
        .orElse(now);
  }

  private static String signature(String secret, String id, Instant at, byte[] body) {
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
