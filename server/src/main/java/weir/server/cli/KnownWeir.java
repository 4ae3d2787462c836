package weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.metadata.Credentials;

/** The Weir of a data directory on this machine. */
final class KnownWeir {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder whose credentials.json names URL and key (default: data).")
  @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file that names the folder.")
  @Nullable Path config;

  DataDirectory directory() throws ConfigurationException {
    Map<String, ConfigurationLoader.Option> given =
        data == null
            ? Map.of()
            : Map.of("--data", new ConfigurationLoader.Option(Settings.DATA, data));
    Configuration configuration = ConfigurationLoader.load(config, System.getenv(), given);
    return new DataDirectory(configuration.get(Settings.DATA));
  }

  /**
   * @throws IOException saying what to do, if there are none
   */
  Credentials credentials() throws IOException, ConfigurationException {
    Path file = directory().credentials();
    return Credentials.read(file)
        .orElseThrow(() ->
            new IOException(
                "there is no "
                    + file
                    + ": give --data DIR, or --url and --key, or start Weir there first"));
  }
}
