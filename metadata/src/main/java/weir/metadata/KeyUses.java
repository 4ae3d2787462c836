package weir.metadata;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What API keys have opened and hold open: sessions, streams, queries. When a key is revoked, all
 * of it ends. Safe for use by several threads.
 */
public final class KeyUses {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);

  private final Map<String, Set<Use>> open = new ConcurrentHashMap<>();
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();

  /** Something that a key holds open; closed when it is over. */
  public final class Use implements AutoCloseable {
    private final String key;
    private final Runnable end;

    private Use(String key, Runnable end) {
      this.key = key;
      this.end = end;
    }

    @Override
    public void close() {
      open.computeIfPresent(
          key,
          (ignored, uses) -> {
            uses.remove(this);
            return uses.isEmpty() ? null : uses;
          });
    }
  }

  /**
   * Holds something open by a key.
   *
   * @param end ends it, on any thread, at once if the key has been revoked since it was looked up;
   *     must not block for long
   */
  public Use open(String key, Runnable end) {
    Use use = new Use(key, end);
    open.compute(
        key,
        (ignored, uses) -> {
          Set<Use> all = uses == null ? ConcurrentHashMap.newKeySet() : uses;
          all.add(use);
          return all;
        });
    if (revoked.contains(key)) {
      end(key);
    }
    return use;
  }

  /** Ends what revoked keys hold open. */
  void revoked(Collection<String> keys) {
    revoked.addAll(keys);
    keys.forEach(this::end);
  }

  private void end(String key) {
    Set<Use> uses = open.remove(key);
    if (uses != null) {
      for (Use use : uses) {
        try {
          use.end.run();
        } catch (RuntimeException e) {
          LOG.warn("something that the revoked key {} holds open did not end", key, e);
        }
      }
    }
  }
}
