package weir.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What stands for a project's event id: the first 16 bytes of the SHA-256 of the project's name,
 * the byte FF (which UTF-8 does not have) and the id. It never changes: logs are dealt out by it,
 * and duplicates are known by it, so that a range of hashes is a range of both. Two ids among 50
 * million share one with probability 4e-24.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight
 */
public record EventHash(long high, long low) {
  private static final byte SEPARATOR = (byte) 0xFF;
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(() -> {
        try {
          return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("every Java platform has SHA-256", e);
        }
      });

  /** The hash of an event's id in its project. */
  public static EventHash of(String project, String eventId) {
    MessageDigest digest = SHA_256.get();
    digest.update(project.getBytes(StandardCharsets.UTF_8));
    digest.update(SEPARATOR);
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(eventId.getBytes(StandardCharsets.UTF_8)));
    return new EventHash(hash.getLong(), hash.getLong());
  }

  /** The 16 bytes: the key that the event's part of a request has in a log of keyed records. */
  public byte[] bytes() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
  }

  /**
   * The partition that the event belongs in, from 0: where Kafka's clients put a record with {@link
   * #bytes} as its key, {@code toPositive(murmur2(key)) % partitions}.
   *
   * @param partitions how many there are
   */
  public int partition(int partitions) {
    return (Murmur2.hash(bytes()) & Integer.MAX_VALUE) % partitions;
  }
}
