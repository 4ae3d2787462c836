package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.collect.KeyFile;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.metadata.Credentials;
import weir.metadata.MetaStore;
import weir.process.MetaDatabase;

class FirstKeysTest {
  private static final String ALL = "collect,engine,query";

  @TempDir Path folder;
  private DataDirectory directory;

  @BeforeEach
  void prepare() throws IOException {
    directory = new DataDirectory(folder.resolve("data"));
    directory.prepare();
  }

  private Configuration settings(int apiPort, String roles) throws ConfigurationException {
    Map<String, String> settings =
        Map.of(
            Settings.DATA.environmentName(),
            directory.root().toString(),
            Settings.COLLECT_PORT.environmentName(),
            "1",
            Settings.API_PORT.environmentName(),
            Integer.toString(apiPort),
            Settings.ROLES.environmentName(),
            roles);
    return ConfigurationLoader.load(null, settings, Map.of());
  }

  private Credentials written() throws IOException {
    return Credentials.read(directory.credentials()).orElseThrow();
  }

  private boolean opens(String writeKey) {
    try (KeyFile keys = KeyFile.watch(directory.keys())) {
      return keys.get().find(writeKey) != null;
    }
  }

  @Test
  void theCollectorHasAKeyThatTheEngineTakesOver() throws Exception {
    FirstKeys.publish(settings(2, ALL), directory);
    Credentials credentials = written();
    assertThat(opens(credentials.writeKey())).isTrue();
    try (MetaDatabase database = MetaDatabase.open(directory.metadata())) {
      MetaStore store = new MetaStore(database.jdbi(), () -> Instant.EPOCH, (keys, webhooks) -> {});
      assertThat(
              store.ensureFirstProject(
                  directory.credentials(), credentials.collector(), credentials.api()))
          .contains(credentials);
      assertThat(store.keys().writeKeys())
          .singleElement()
          .satisfies(key -> {
            assertThat(key.key()).isEqualTo(credentials.writeKey());
            assertThat(key.source()).isEqualTo(MetaStore.FIRST_SOURCE);
          });
    }
  }

  @Test
  void whoseCredentialsAreThereKeepsThem() throws Exception {
    Credentials mine =
        new Credentials("http://c", "http://a", "default", "wk_1", "ak_1", "a@b", "secret");
    mine.write(directory.credentials());
    FirstKeys.publish(settings(2, ALL), directory);
    assertThat(written()).isEqualTo(mine);
    assertThat(opens("wk_1")).isTrue();
  }

  @Test
  void aPortNotKnownYetLeavesItToTheEngine() throws Exception {
    FirstKeys.publish(settings(0, ALL), directory);
    assertThat(directory.credentials()).doesNotExist();
    assertThat(directory.keys()).doesNotExist();
  }

  @Test
  void withoutAnEngineHereNothingIsMinted() throws Exception {
    FirstKeys.publish(settings(2, "collect"), directory);
    assertThat(directory.credentials()).doesNotExist();
  }

  @Test
  void aDirectoryWithMetadataKeepsItsKeys() throws Exception {
    Files.createFile(directory.metadata());
    FirstKeys.publish(settings(2, ALL), directory);
    assertThat(directory.credentials()).doesNotExist();
    assertThat(directory.keys()).doesNotExist();
  }

  @Test
  void brokenCredentialsStopTheStart() throws Exception {
    Files.writeString(directory.credentials(), "{}");
    assertThatThrownBy(() -> FirstKeys.publish(settings(2, ALL), directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("credentials.json");
  }
}
