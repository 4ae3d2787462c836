package weir.server.metadata;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What SCRAM-SHA-256 (RFC 7677) needs to know of an API key: with it a client's proof can be
 * checked, but no proof made. The salt is the project's, the same for all its keys, so that the
 * server can name it before it knows which key a client has; keys are too long to guess.
 */
public record ScramVerifier(byte[] storedKey, byte[] serverKey) {
  public static final int ITERATIONS = 4096;

  private static final int SALT_BYTES = 16;

  /** The verifier of a key of a project. */
  public static ScramVerifier of(String project, String apiKey) {
    byte[] salted = Secrets.pbkdf2(apiKey, salt(project), ITERATIONS);
    return new ScramVerifier(sha256(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
  }

  /** Reads what {@link #text()} gave. */
  static ScramVerifier parse(String text) {
    String[] parts = text.split(":", -1);
    HexFormat hex = HexFormat.of();
    return new ScramVerifier(hex.parseHex(parts[0]), hex.parseHex(parts[1]));
  }

  String text() {
    HexFormat hex = HexFormat.of();
    return hex.formatHex(storedKey) + ":" + hex.formatHex(serverKey);
  }

  /** The salt of a project, also of one that does not exist. */
  public static byte[] salt(String project) {
    byte[] hash = sha256(("weir project " + project).getBytes(StandardCharsets.UTF_8));
    return Arrays.copyOf(hash, SALT_BYTES);
  }

  /** Whether a client has proved that it knows the key. */
  public boolean proves(byte[] proof, String authMessage) {
    byte[] signature = hmac(storedKey, authMessage);
    if (proof.length != signature.length) {
      return false;
    }
    byte[] clientKey = new byte[proof.length];
    for (int i = 0; i < proof.length; i++) {
      clientKey[i] = (byte) (proof[i] ^ signature[i]);
    }
    return MessageDigest.isEqual(sha256(clientKey), storedKey);
  }

  /** What proves to the client that the server knows the verifier, in Base64. */
  public String serverSignature(String authMessage) {
    return Base64.getEncoder().encodeToString(hmac(serverKey, authMessage));
  }

  private static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
