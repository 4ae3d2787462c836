package weir.server.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.config.Setting;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.server.tls.Trust;

/**
 * Whom a command believes to be Weir where it speaks HTTPS: by itself the system's authorities, and
 * the very certificate that the Weir of a data directory on this machine was started with.
 */
final class TrustOptions {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file with the authority that signed the server's certificate.")
  @Nullable Path ca;

  @Option(
      names = "--insecure",
      description = "Believe every certificate: keys may reach the wrong server.")
  boolean insecure;

  /**
   * A client for a URL.
   *
   * @param local the data directory of the Weir that is asked, where it was named by that
   * @throws IOException saying what to do, if a certificate cannot be read
   */
  HttpClient client(URI base, Optional<DataDirectory> local)
      throws IOException, ConfigurationException {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (!"https".equalsIgnoreCase(base.getScheme())) {
      return client.build();
    }
    if (insecure) {
      return client.sslContext(Trust.anyone()).build();
    }
    if (ca != null) {
      return client.sslContext(Trust.authorities(ca)).build();
    }
    Optional<Path> own = local.isPresent() ? ownCertificate(local.get(), base) : Optional.empty();
    return own.isPresent() ? client.sslContext(Trust.exactly(own.get())).build() : client.build();
  }

  /** The certificate that the last start on a data directory serves this port with. */
  private static Optional<Path> ownCertificate(DataDirectory directory, URI base)
      throws ConfigurationException {
    if (!Files.isReadable(directory.settings())) {
      return Optional.empty();
    }
    Configuration settings = ConfigurationLoader.load(directory.settings(), Map.of(), Map.of());
    boolean collector = base.getPort() == settings.get(Settings.COLLECT_PORT);
    Setting<Optional<Path>> certificate =
        collector ? Settings.COLLECT_TLS_CERTIFICATE : Settings.API_TLS_CERTIFICATE;
    return settings.get(certificate).filter(Files::isReadable);
  }
}
