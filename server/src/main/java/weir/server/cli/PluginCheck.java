package weir.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.TemporaryFolder;
import weir.server.plugins.PluginReport;
import weir.server.plugins.Plugins;
import weir.server.roles.PluginSettings;
import weir.tools.doctor.Finding;

/** Looks whether the jars of plug-ins can be taken. */
final class PluginCheck {
  private static final String SUBJECT = "plug-ins";

  private PluginCheck() {}

  static List<Finding> examine(Configuration settings) throws IOException {
    DataDirectory directory = new DataDirectory(settings.get(Settings.DATA));
    Path jars = settings.get(Settings.PLUGINS_PATH).orElse(directory.plugins());
    if (!Files.isDirectory(jars)) {
      return List.of();
    }
    Path work = Files.createTempDirectory("weir-plugins");
    try (Plugins plugins =
        Plugins.start(
            PluginSettings.of(settings, jars, work),
            InstantSource.system(),
            System::nanoTime,
            new SimpleMeterRegistry())) {
      List<Finding> findings = new ArrayList<>();
      for (PluginReport.Jar jar : plugins.report().jars()) {
        findings.add(of(jar));
      }
      return findings;
    } finally {
      TemporaryFolder.delete(work);
    }
  }

  private static Finding of(PluginReport.Jar jar) {
    if (!jar.problem().isEmpty()) {
      return new Finding(
          SUBJECT,
          Finding.Level.WARN,
          jar.file() + ": " + jar.problem(),
          "build the jar again, or take it away; weir plugin test JAR says more");
    }
    String found =
        jar.plugins().stream()
            .map(each -> each.name() + " " + each.version())
            .collect(Collectors.joining(", "));
    return new Finding(SUBJECT, Finding.Level.OK, jar.file() + ": " + found, "");
  }
}
