package weir.collect;

import java.util.Objects;

/**
 * What lets a client write.
 *
 * @param key as the client sends it
 * @param project whose events it writes
 * @param source the key's name, which its events bear
 * @param enabled a disabled key is refused like one that there is not
 * @param rules what else is asked of requests with it
 */
public record WriteKey(String key, String project, String source, boolean enabled, KeyRules rules) {
  public WriteKey {
    require("key", key);
    require("project", project);
    require("source", source);
    Objects.requireNonNull(rules, "rules");
  }

  /** One without rules. */
  public WriteKey(String key, String project, String source, boolean enabled) {
    this(key, project, source, enabled, KeyRules.NONE);
  }

  private static void require(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a write key's " + name + " is blank");
    }
  }
}
