package weir.server.roles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.server.plugins.PluginOptions;
import weir.server.plugins.child.Limits;

/** How plug-ins are run, as the settings say. */
public final class PluginSettings {
  /** After it a process answers what it has come to, so that nobody waits for a whole batch. */
  private static final Duration BATCH = Duration.ofMillis(500);

  private static final int THREADS = 32;

  private PluginSettings() {}

  /** With the folders of a data directory. */
  public static PluginOptions of(Configuration settings, DataDirectory directory) {
    return of(
        settings,
        settings.get(Settings.PLUGINS_PATH).orElse(directory.plugins()),
        directory.pluginCopies());
  }

  /**
   * With other folders.
   *
   * @param jars of plug-ins
   * @param copies for copies of them and for temporary files
   */
  public static PluginOptions of(Configuration settings, Path jars, Path copies) {
    long heap = settings.get(Settings.PLUGINS_MEMORY);
    return new PluginOptions(
        jars,
        copies,
        () -> {
          try {
            return ChildCommand.plugins(heap, Files.createDirectories(copies));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        new Limits(
            settings.get(Settings.PLUGINS_EVENT_TIME),
            BATCH,
            settings.get(Settings.PLUGINS_EVENTS),
            Math.toIntExact(settings.get(Settings.PLUGINS_RESULT_LIMIT)),
            THREADS),
        settings.get(Settings.PLUGINS_USUAL_TIME),
        settings.get(Settings.PLUGINS_LOST_TIME),
        settings.get(Settings.PLUGINS_REST));
  }
}
