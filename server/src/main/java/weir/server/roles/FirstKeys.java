package weir.server.roles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.collect.KeyFile;
import weir.collect.KeyRing;
import weir.collect.WriteKey;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.log.files.Files;
import weir.metadata.Credentials;
import weir.metadata.MetaStore;

/**
 * Gives a new data directory the keys of its first project before the engine is there to keep them,
 * so that the collector takes events from its own first second on. The engine takes them over from
 * the credentials file, as it does after a crash between that file and its database.
 */
final class FirstKeys {
  private FirstKeys() {}

  /**
   * Writes credentials and key file where there is no metadata yet. Leaves it to the engine where
   * one of the two ports is not known before it is bound, or no engine starts here.
   *
   * @throws IOException if there is a credentials file that cannot be read
   */
  static void publish(Configuration configuration, DataDirectory directory) throws IOException {
    int collectPort = configuration.get(Settings.COLLECT_PORT);
    int apiPort = configuration.get(Settings.API_PORT);
    if (java.nio.file.Files.exists(directory.metadata())
        || !configuration.get(Settings.ROLES).containsAll(Set.of(Role.COLLECT, Role.ENGINE))
        || collectPort == 0
        || apiPort == 0) {
      return;
    }
    Path file = directory.credentials();
    Optional<Credentials> known = Credentials.read(file);
    Credentials credentials =
        known.orElseGet(() ->
            Credentials.mint(
                Urls.collector(configuration, collectPort), Urls.api(configuration, apiPort)));
    if (known.isEmpty()) {
      credentials.write(file);
    }
    WriteKey key =
        new WriteKey(credentials.writeKey(), credentials.project(), MetaStore.FIRST_SOURCE, true);
    KeyFile.publish(Files.system(), directory.keys(), new KeyRing(List.of(key)));
  }
}
