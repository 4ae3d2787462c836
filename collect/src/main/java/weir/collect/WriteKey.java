package weir.collect;

/**
 * What lets a client write.
 *
 * @param key as the client sends it
 * @param project whose events it writes
 * @param source the key's name, which its events bear
 * @param enabled a disabled key is refused like one that there is not
 */
public record WriteKey(String key, String project, String source, boolean enabled) {
  public WriteKey {
    require("key", key);
    require("project", project);
    require("source", source);
  }

  private static void require(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a write key's " + name + " is blank");
    }
  }
}
