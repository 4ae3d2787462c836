package weir.delivery;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

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
    byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    HashCode signed =
        Hashing.hmacSha256(key)
            .newHasher()
            .putString(id + "." + at.getEpochSecond() + ".", StandardCharsets.UTF_8)
            .putBytes(body)
            .hash();
    return "v1," + Base64.getEncoder().encodeToString(signed.asBytes());
  }
}
