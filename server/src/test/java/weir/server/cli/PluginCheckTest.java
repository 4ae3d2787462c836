package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.directory.DataDirectory;
import weir.metadata.MetaStore;
import weir.process.MetaDatabase;
import weir.server.plugins.PluginJars;
import weir.tools.doctor.Finding;

class PluginCheckTest {
  @TempDir Path data;

  private void use(String settings) throws Exception {
    try (MetaDatabase database = MetaDatabase.open(new DataDirectory(data).metadata())) {
      MetaStore store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
      store.ensureFirstProject(data.resolve("credentials.json"), "http://c", "http://a");
      store.enrichments().put("default", settings);
    }
  }

  private List<Finding> findings() throws Exception {
    SettingsOptions options = new SettingsOptions();
    options.data = data.toString();
    return PluginCheck.examine(options.load());
  }

  private Path jar(String file, String name) throws IOException {
    Path folder = Files.createDirectories(new DataDirectory(data).plugins());
    return PluginJars.write(folder.resolve(file), name, "1", "return List.of(event);");
  }

  @Test
  void aDirectoryThatUsesNoneHasNothingToTell() throws Exception {
    assertThat(findings()).isEmpty();
    use("{}");
    assertThat(findings()).isEmpty();
  }

  @Test
  void aPluginThatIsUsedAndNotThereFails() throws Exception {
    use("{\"plugins\":[{\"name\":\"notes\"}]}");
    assertThat(findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
          assertThat(finding.found())
              .isEqualTo(
                  "notes, which the project default uses, is in no jar of "
                      + new DataDirectory(data).plugins());
          assertThat(finding.advice()).contains("weir plugin off notes", "--project default");
        });
    jar("notes.jar", "notes");
    assertThat(findings()).extracting(Finding::level).containsExactly(Finding.Level.OK);
  }

  @Test
  void aJarThatIsRefusedIsNamed() throws Exception {
    use("{\"plugins\":[{\"name\":\"notes\"}]}");
    Files.writeString(
        Files.createDirectories(new DataDirectory(data).plugins()).resolve("notes.jar"), "no zip");
    List<Finding> findings = findings();
    assertThat(findings)
        .extracting(Finding::level)
        .containsExactly(Finding.Level.WARN, Finding.Level.FAIL);
    assertThat(findings.getLast().found()).endsWith("that can be taken; refused: notes.jar");
  }
}
