package weir.server.stream;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import weir.metadata.ApiKey;

/**
 * Tokens that open the stream for a while, for pages whose browser sends no headers with it. They
 * are kept in memory: after a restart a page asks for a new one. Safe for use by several threads.
 */
public final class StreamTokens {
  /** What every token begins with. */
  public static final String PREFIX = "st_";

  private static final int BYTES = 24;
  private static final int MOST = 100_000;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  /** What a token opens: what its key does. */
  public record Token(ApiKey key, String project, Instant expiresAt) {}

  public StreamTokens(InstantSource clock) {
    this.clock = clock;
  }

  /** A new token; empty if there are as many as may be. */
  public Optional<Map.Entry<String, Token>> issue(ApiKey key, String project, Duration valid) {
    Instant now = clock.instant();
    tokens.values().removeIf(token -> !now.isBefore(token.expiresAt()));
    if (tokens.size() >= MOST) {
      return Optional.empty();
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String text = PREFIX + HexFormat.of().formatHex(bytes);
    Token token = new Token(key, project, now.plus(valid));
    tokens.put(text, token);
    return Optional.of(Map.entry(text, token));
  }

  /** What a token opens now. */
  public Optional<Token> find(String text) {
    return Optional.ofNullable(tokens.get(text))
        .filter(token -> clock.instant().isBefore(token.expiresAt()));
  }

  /** Forgets the tokens of a key that is in force no more. */
  public void forget(String keyId) {
    tokens.values().removeIf(token -> token.key().id().equals(keyId));
  }
}
