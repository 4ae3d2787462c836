package weir.metadata;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Makes keys and passwords, and what is stored of them. */
final class Secrets {
  private static final String ALPHABET =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

  /**
   * What is hashed is random and of 93 bits at least, which nobody guesses at any speed. A password
   * that a person has thought of would need some hundred thousand, and half a second.
   */
  private static final int ITERATIONS = 4_096;

  private static final int HASH_BITS = 256;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** Random letters and digits, none of which looks like another. */
  static String random(String prefix, int length) {
    StringBuilder text = new StringBuilder(prefix);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** For secrets too long to guess, which need no salt. */
  static String sha256(String secret) {
    try {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * PBKDF2 of a random password, with a salt: {@code pbkdf2-sha256$ITERATIONS$SALT$HASH}, the last
   * two in hexadecimal.
   */
  static String hashRandomPassword(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    HexFormat hex = HexFormat.of();
    byte[] hash = pbkdf2(password, salt, ITERATIONS);
    return "pbkdf2-sha256$" + ITERATIONS + "$" + hex.formatHex(salt) + "$" + hex.formatHex(hash);
  }

  /** Whether a password is the one that was hashed. */
  static boolean matches(String password, String hashed) {
    String[] parts = hashed.split("\\$", -1);
    HexFormat hex = HexFormat.of();
    byte[] hash = pbkdf2(password, hex.parseHex(parts[2]), Integer.parseInt(parts[1]));
    return MessageDigest.isEqual(hash, hex.parseHex(parts[3]));
  }

  static byte[] pbkdf2(String password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}
