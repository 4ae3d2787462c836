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

  private static final String PASSWORD = "pw_";
  private static final int PASSWORD_LENGTH = 20;
  private static final int ROUNDS = 600_000;

  /** For a password of 116 random bits, which nobody guesses anyway; a start waits for its hash. */
  private static final int ROUNDS_OF_RANDOM = 4_096;

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

  /** One that shows that nobody has thought of it. */
  static String randomPassword() {
    return random(PASSWORD, PASSWORD_LENGTH);
  }

  private static boolean isRandom(String password) {
    return password.startsWith(PASSWORD)
        && password.length() == PASSWORD.length() + PASSWORD_LENGTH
        && password.chars().skip(PASSWORD.length()).allMatch(c -> ALPHABET.indexOf(c) >= 0);
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

  /** PBKDF2 with a salt: {@code pbkdf2-sha256$ROUNDS$SALT$HASH}, the last two in hexadecimal. */
  static String hashPassword(String password) {
    int rounds = isRandom(password) ? ROUNDS_OF_RANDOM : ROUNDS;
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    HexFormat hex = HexFormat.of();
    byte[] hash = pbkdf2(password, salt, rounds);
    return "pbkdf2-sha256$" + rounds + "$" + hex.formatHex(salt) + "$" + hex.formatHex(hash);
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
