package weir.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.TemporaryFolder;
import weir.enrich.plugin.PluginUse;
import weir.enrich.settings.SettingsJson;
import weir.metadata.EnrichmentStore;
import weir.process.MetaDatabase;
import weir.server.plugins.PluginReport;
import weir.server.plugins.Plugins;
import weir.server.roles.PluginSettings;
import weir.tools.doctor.Finding;

/** Looks whether the jars of plug-ins can be taken, and whether those are there that are used. */
final class PluginCheck {
  private static final String SUBJECT = "plug-ins";

  private PluginCheck() {}

  static List<Finding> examine(Configuration settings) throws IOException {
    DataDirectory directory = new DataDirectory(settings.get(Settings.DATA));
    Path jars = settings.get(Settings.PLUGINS_PATH).orElse(directory.plugins());
    SortedMap<String, List<String>> users = users(directory);
    if (!Files.isDirectory(jars) && users.isEmpty()) {
      return List.of();
    }
    Path work = Files.createTempDirectory("weir-plugins");
    try (Plugins plugins =
        Plugins.start(
            PluginSettings.of(settings, jars, work),
            InstantSource.system(),
            System::nanoTime,
            new SimpleMeterRegistry())) {
      List<PluginReport.Jar> found = plugins.report().jars();
      List<Finding> findings = new ArrayList<>();
      found.forEach(jar -> findings.add(of(jar)));
      found.forEach(jar -> jar.plugins().forEach(each -> users.remove(each.name())));
      users.forEach((name, projects) -> findings.add(missing(name, projects, jars, found)));
      return findings;
    } finally {
      TemporaryFolder.delete(work);
    }
  }

  /** By plug-in the projects that use it. */
  private static SortedMap<String, List<String>> users(DataDirectory directory) throws IOException {
    SortedMap<String, List<String>> users = new TreeMap<>();
    new TreeMap<>(settings(directory.metadata()))
        .forEach((project, text) ->
            uses(text)
                .forEach(use ->
                    users.computeIfAbsent(use.name(), name -> new ArrayList<>()).add(project)));
    return users;
  }

  private static Map<String, String> settings(Path metadata) throws IOException {
    if (!Files.exists(metadata)) {
      return Map.of();
    }
    try (MetaDatabase database = MetaDatabase.openToRead(metadata)) {
      return EnrichmentStore.kept(database.jdbi());
    }
  }

  /** Settings that cannot be read are not in force either. */
  private static List<PluginUse> uses(String settings) {
    try {
      return SettingsJson.read(settings).plugins();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private static Finding missing(
      String name, List<String> projects, Path folder, List<PluginReport.Jar> jars) {
    String refused =
        jars.stream()
            .filter(jar -> !jar.problem().isEmpty())
            .map(PluginReport.Jar::file)
            .collect(Collectors.joining(", "));
    String of = projects.size() == 1 ? "the project " : "the projects ";
    return new Finding(
        SUBJECT,
        Finding.Level.FAIL,
        name
            + ", which "
            + of
            + String.join(", ", projects)
            + (projects.size() == 1 ? " uses" : " use")
            + ", is in no jar of "
            + folder
            + (refused.isEmpty() ? "" : " that can be taken; refused: " + refused),
        "put its jar there, or weir plugin off "
            + name
            + " --project "
            + projects.getFirst()
            + "; until then all events of "
            + String.join(", ", projects)
            + " are quarantined");
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
