package weir.server.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import weir.config.ConfigurationException;
import weir.metadata.Credentials;
import weir.tools.importing.Collector;

/** The way to the collector of a running Weir: as told, else as its credentials file says. */
final class CollectorAccess {
  @Option(names = "--url", paramLabel = "U", description = "URL of the collector.")
  @Nullable String url;

  @Option(names = "--key", paramLabel = "K", description = "Write key.")
  @Nullable String key;

  @Mixin KnownWeir known = new KnownWeir();
  @Mixin TrustOptions trust = new TrustOptions();

  /**
   * @throws IOException saying what to do, if URL or key are not known
   */
  Collector open(Duration patience) throws IOException, ConfigurationException {
    String base = url;
    String writeKey = key;
    if (base == null || writeKey == null) {
      Credentials credentials = known.credentials();
      base = base == null ? credentials.collector() : base;
      writeKey = writeKey == null ? credentials.writeKey() : writeKey;
    }
    return new Collector(
        trust.client(
            URI.create(base), url == null ? Optional.of(known.directory()) : Optional.empty()),
        base,
        writeKey,
        patience,
        System::nanoTime,
        time -> Thread.sleep(time.toMillis()));
  }
}
