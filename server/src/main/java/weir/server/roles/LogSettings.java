package weir.server.roles;

import weir.config.Configuration;
import weir.config.Settings;
import weir.log.embedded.LogOptions;

/** The bounds of both logs. */
final class LogSettings {
  private static final int FRAME_OVERHEAD = 1 << 20;

  private LogSettings() {}

  /** A frame holds a request with its headers. */
  static LogOptions raw(Configuration settings) {
    long frame = settings.get(Settings.COLLECT_REQUEST_LIMIT) + FRAME_OVERHEAD;
    return options(
        settings, settings.get(Settings.RAW_LIMIT), settings.get(Settings.DISK_RESERVE), frame);
  }

  /**
   * A frame holds an event, or a request that cannot be read. The reserve is the engine's to use.
   */
  static LogOptions clean(Configuration settings) {
    long frame = 2 * settings.get(Settings.COLLECT_DECODED_LIMIT) + FRAME_OVERHEAD;
    return options(
        settings,
        settings.get(Settings.CLEAN_LIMIT),
        settings.get(Settings.DISK_RESERVE) / 2,
        frame);
  }

  private static LogOptions options(Configuration settings, long limit, long reserve, long frame) {
    long segment = Math.min(settings.get(Settings.SEGMENT_SIZE), limit / 4);
    return new LogOptions(
        segment, limit, reserve, Math.toIntExact(Math.min(frame, Integer.MAX_VALUE)));
  }
}
