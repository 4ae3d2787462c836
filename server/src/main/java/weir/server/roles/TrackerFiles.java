package weir.server.roles;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import weir.collect.SitePaths;
import weir.config.Configuration;
import weir.config.Settings;
import weir.server.live.Tracker;

/** The tracker's scripts, which the collector serves to web pages. */
final class TrackerFiles {
  private TrackerFiles() {}

  /**
   * Where settings put them.
   *
   * @throws IOException if one is missing, which is a fault of the build
   */
  static SitePaths paths(Configuration settings) throws IOException {
    String path = settings.get(Settings.COLLECT_TRACKER_PATH);
    return SitePaths.of(
        Map.of(path, script("weir.js"), SitePaths.infixed(path, "core"), script("weir.core.js")),
        settings.get(Settings.COLLECT_EVENTS_PATH));
  }

  /**
   * What pages are told of them.
   *
   * @throws IOException if one is missing, which is a fault of the build
   */
  static Tracker tracker(Configuration settings) throws IOException {
    String path = settings.get(Settings.COLLECT_TRACKER_PATH);
    byte[] script = script("weir.js");
    return new Tracker(
        path,
        SitePaths.versioned(path, script),
        "sha384-" + Base64.getEncoder().encodeToString(sha384(script)),
        settings.get(Settings.COLLECT_EVENTS_PATH));
  }

  /** The line for a web page. */
  static String tag(Configuration settings, String collector, String writeKey) {
    String events =
        settings
            .get(Settings.COLLECT_EVENTS_PATH)
            .map(path -> " data-path=\"" + path + "\"")
            .orElse("");
    return "<script async src=\"%s%s\" data-key=\"%s\"%s></script>"
        .formatted(collector, settings.get(Settings.COLLECT_TRACKER_PATH), writeKey, events);
  }

  private static byte[] sha384(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-384").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-384", e);
    }
  }

  private static byte[] script(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TrackerFiles.class.getResourceAsStream("/weir/sdk/" + name), name)) {
      return in.readAllBytes();
    }
  }
}
