package weir.metadata;

import java.time.Instant;
import java.util.Optional;

/**
 * What may be told of a key.
 *
 * @param id names the key and opens nothing
 * @param name a write key's source
 * @param rules of a write key, as JSON; empty for none
 * @param shown the whole of a write key, which is public; what an API key begins with
 */
public record KeyRecord(
    String id,
    String project,
    String name,
    String shown,
    KeyScope scope,
    boolean installation,
    Optional<KeyLimit> limit,
    Optional<String> rules,
    Instant createdAt,
    Optional<Instant> revokedAt) {

  /**
   * A key that has just been made.
   *
   * @param secret the key itself, which is not told again if it is an API key
   */
  public record Created(KeyRecord key, String secret) {}
}
