package weir.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import weir.server.config.Configuration;
import weir.server.config.ConfigurationException;
import weir.server.config.ConfigurationLoader;
import weir.server.config.Settings;
import weir.server.directory.DataDirectory;
import weir.server.importing.Collector;
import weir.server.metadata.Credentials;

/** The way to the collector of a running Weir: as told, else as its credentials file says. */
final class CollectorAccess {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder whose credentials.json names URL and key (default: data).")
  @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file that names the folder.")
  @Nullable Path config;

  @Option(names = "--url", paramLabel = "U", description = "URL of the collector.")
  @Nullable String url;

  @Option(names = "--key", paramLabel = "K", description = "Write key.")
  @Nullable String key;

  @Mixin TrustOptions trust = new TrustOptions();

  /**
   * @throws IOException saying what to do, if URL or key are not known
   */
  Collector open(Duration patience) throws IOException, ConfigurationException {
    String base = url;
    String writeKey = key;
    if (base == null || writeKey == null) {
      Credentials credentials = credentials();
      base = base == null ? credentials.collector() : base;
      writeKey = writeKey == null ? credentials.writeKey() : writeKey;
    }
    return new Collector(
        trust.client(URI.create(base), url == null ? Optional.of(directory()) : Optional.empty()),
        base,
        writeKey,
        patience,
        System::nanoTime,
        time -> Thread.sleep(time.toMillis()));
  }

  private DataDirectory directory() throws ConfigurationException {
    Map<String, ConfigurationLoader.Option> given =
        data == null
            ? Map.of()
            : Map.of("--data", new ConfigurationLoader.Option(Settings.DATA, data));
    Configuration configuration = ConfigurationLoader.load(config, System.getenv(), given);
    return new DataDirectory(configuration.get(Settings.DATA));
  }

  private Credentials credentials() throws IOException, ConfigurationException {
    Path file = directory().credentials();
    return Credentials.read(file)
        .orElseThrow(() ->
            new IOException(
                "there is no "
                    + file
                    + ": give --data DIR, or --url and --key, or start Weir there first"));
  }
}
