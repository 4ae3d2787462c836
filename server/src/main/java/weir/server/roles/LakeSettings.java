package weir.server.roles;

import weir.lake.LakeOptions;
import weir.server.config.Configuration;
import weir.server.config.Settings;

/** How the lake is written, from the settings. */
final class LakeSettings {
  private LakeSettings() {}

  static LakeOptions of(Configuration settings) {
    return new LakeOptions(
        settings.get(Settings.LAKE_COMMIT_EVENTS),
        settings.get(Settings.LAKE_COMMIT_INTERVAL),
        settings.get(Settings.LAKE_PENDING_LIMIT),
        Math.max(
            settings.get(Settings.LAKE_WRITER_MEMORY), settings.get(Settings.LAKE_PENDING_LIMIT)),
        LakeOptions.DEFAULT.engineThreads(),
        settings.get(Settings.LAKE_SNAPSHOT_AGE));
  }
}
