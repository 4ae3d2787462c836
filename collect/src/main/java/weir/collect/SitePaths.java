package weir.collect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the collector has for web pages beside its protocols' paths: scripts, and a path for events
 * that a site has chosen.
 */
public final class SitePaths {
  private static final String BATCH = "/v1/batch";
  private static final SitePaths NONE = new SitePaths(Map.of(), Optional.empty());

  private final Map<String, Script> scripts;
  private final @Nullable String events;

  private SitePaths(Map<String, Script> scripts, Optional<String> events) {
    this.scripts = scripts;
    this.events = events.orElse(null);
  }

  /** Nothing. */
  public static SitePaths none() {
    return NONE;
  }

  /**
   * Scripts by their paths, and where batches of events are taken besides {@code /v1/batch}. Each
   * script has a second path, with the first digits of its hash, whose content never changes.
   *
   * @throws IllegalArgumentException if two are to be at one path
   */
  public static SitePaths of(Map<String, byte[]> contents, Optional<String> events) {
    Map<String, Script> scripts = new HashMap<>();
    contents.forEach((path, content) -> {
      Script script = Script.of(content, false);
      put(scripts, path, script);
      put(scripts, versioned(path, script.hash()), Script.of(content, true));
    });
    events.filter(scripts::containsKey).ifPresent(SitePaths::refuse);
    return new SitePaths(Map.copyOf(scripts), events);
  }

  private static void put(Map<String, Script> scripts, String path, Script script) {
    if (scripts.put(path, script) != null) {
      refuse(path);
    }
  }

  private static void refuse(String path) {
    throw new IllegalArgumentException("two things are to be at the path " + path);
  }

  /** The path of this content of a script alone: of {@code /weir.js}, {@code /weir.1f0a2b3c.js}. */
  public static String versioned(String path, byte[] content) {
    return versioned(path, Script.of(content, true).hash());
  }

  static String versioned(String path, String hash) {
    return infixed(path, hash.substring(0, 8));
  }

  /** A path with something before its ending. */
  public static String infixed(String path, String infix) {
    int dot = path.lastIndexOf('.');
    return dot <= path.lastIndexOf('/') + 1
        ? path + "." + infix
        : path.substring(0, dot) + "." + infix + path.substring(dot);
  }

  /** The script at a normalized path; null if none is. */
  @Nullable Script script(String path) {
    return scripts.get(path);
  }

  /** The path that a protocol knows for a normalized path: the path itself, unless it is ours. */
  String protocolPath(String path) {
    return path.equals(events) ? BATCH : path;
  }

  /** Says no where a protocol has a path that is to be the site's. */
  void refuseTaken(Map<String, ?> routes) {
    scripts.keySet().stream().filter(routes::containsKey).findFirst().ifPresent(SitePaths::refuse);
    if (events != null && routes.containsKey(events) && !events.equals(BATCH)) {
      refuse(events);
    }
  }
}
