package weir.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What stands for a project's event id: the first 16 bytes of the SHA-256 of the project's name,
 * the byte FF (which UTF-8 does not have) and the id. Two ids among 50 million share one with
 * probability 4e-24.
 */
record Fingerprint(long high, long low) {
  private static final byte SEPARATOR = (byte) 0xFF;
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(() -> {
        try {
          return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("every Java platform has SHA-256", e);
        }
      });

  static Fingerprint of(String project, String eventId) {
    MessageDigest digest = SHA_256.get();
    digest.update(project.getBytes(StandardCharsets.UTF_8));
    digest.update(SEPARATOR);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(eventId.getBytes(StandardCharsets.UTF_8)));
    return new Fingerprint(hash.getLong(), hash.getLong());
  }
}
