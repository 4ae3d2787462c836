package weir.server.roles;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import weir.collect.TlsFiles;
import weir.config.Configuration;
import weir.config.Setting;
import weir.config.Settings;
import weir.directory.Role;

/** Whether and with what a port serves HTTPS. */
final class TlsSettings {
  private TlsSettings() {}

  static Optional<TlsFiles> collect(Configuration settings) {
    return files(settings, Settings.COLLECT_TLS_CERTIFICATE, Settings.COLLECT_TLS_KEY);
  }

  static Optional<TlsFiles> api(Configuration settings) {
    return files(settings, Settings.API_TLS_CERTIFICATE, Settings.API_TLS_KEY);
  }

  private static Optional<TlsFiles> files(
      Configuration settings, Setting<Optional<Path>> certificate, Setting<Optional<Path>> key) {
    return settings
        .get(certificate)
        .flatMap(file -> settings.get(key).map(secret -> new TlsFiles(file, secret)));
  }

  /**
   * Reads the files of the roles that are to be started.
   *
   * @throws IOException naming the setting and what is wrong with its file
   */
  static void check(Configuration settings) throws IOException {
    if (settings.get(Settings.ROLES).contains(Role.COLLECT)) {
      check(Settings.COLLECT_TLS_CERTIFICATE, collect(settings));
    }
    if (settings.get(Settings.ROLES).contains(Role.ENGINE)) {
      check(Settings.API_TLS_CERTIFICATE, api(settings));
    }
  }

  private static void check(Setting<Optional<Path>> setting, Optional<TlsFiles> files)
      throws IOException {
    if (files.isEmpty()) {
      return;
    }
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    try {
      files.get().read(vertx);
    } catch (IOException e) {
      String section = setting.key().substring(0, setting.key().indexOf('.'));
      throw new IOException(
          section + ".tls_certificate and " + section + ".tls_key: " + e.getMessage(), e);
    } finally {
      vertx.close();
    }
  }
}
