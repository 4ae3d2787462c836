package weir.server.roles;

import weir.config.Configuration;
import weir.config.Settings;
import weir.lake.LakeOptions;
import weir.lake.UpkeepOptions;

/** How the lake is written, from the settings. */
final class LakeSettings {
  private LakeSettings() {}

  static LakeOptions of(Configuration settings) {
    return new LakeOptions(
        settings.get(Settings.LAKE_COMMIT_EVENTS),
        settings.get(Settings.LAKE_COMMIT_INTERVAL),
        settings.get(Settings.LAKE_QUIET_COMMIT_INTERVAL),
        settings.get(Settings.LAKE_PENDING_LIMIT),
        settings.get(Settings.LAKE_HELD_LOG),
        Math.max(
            settings.get(Settings.LAKE_WRITER_MEMORY), settings.get(Settings.LAKE_PENDING_LIMIT)),
        LakeOptions.DEFAULT.engineThreads(),
        upkeep(settings));
  }

  private static UpkeepOptions upkeep(Configuration settings) {
    return new UpkeepOptions(
        settings.get(Settings.LAKE_FILE_SIZE),
        settings.get(Settings.LAKE_COMPACTION_MEMORY),
        settings.get(Settings.LAKE_QUIET_DAY),
        settings.get(Settings.LAKE_SNAPSHOT_AGE),
        settings.get(Settings.LAKE_ORPHAN_AGE),
        settings.get(Settings.RETENTION_EVENTS),
        settings.get(Settings.RETENTION_BAD_EVENTS));
  }
}
