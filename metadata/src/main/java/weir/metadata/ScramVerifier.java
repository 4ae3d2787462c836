package weir.metadata;

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
  private static final String HMAC = "HmacSHA256";

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

  /** A client's proof that it knows some key; tried by one thread against many verifiers. */
  public static final class Proof {
    private final byte[] proof;
    private final byte[] message;
    private final Mac mac = hmac();
    private final MessageDigest digest = digest();

    public Proof(byte[] proof, String authMessage) {
      this.proof = proof.clone();
      this.message = authMessage.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the key is that of a verifier. */
    public boolean isOf(ScramVerifier verifier) {
      byte[] signature = keyed(mac, verifier.storedKey).doFinal(message);
      if (proof.length != signature.length) {
        return false;
      }
      for (int i = 0; i < proof.length; i++) {
        signature[i] ^= proof[i]; // the client's key, if it is this one
      }
      return MessageDigest.isEqual(digest.digest(signature), verifier.storedKey);
    }
  }

  /** What proves to the client that the server knows the verifier, in Base64. */
  public String serverSignature(String authMessage) {
    return Base64.getEncoder().encodeToString(hmac(serverKey, authMessage));
  }

  private static byte[] hmac(byte[] key, String message) {
    return keyed(hmac(), key).doFinal(message.getBytes(StandardCharsets.UTF_8));
  }

  private static Mac keyed(Mac mac, byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of bytes is a key of HMAC", e);
    }
  }

  private static Mac hmac() {
    try {
      return Mac.getInstance(HMAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }
}
