package weir.server.roles;

import weir.config.Configuration;
import weir.config.Settings;

/** Addresses as a client on this machine writes them. */
final class Urls {
  private Urls() {}

  static String collector(Configuration configuration, int port) {
    boolean tls = TlsSettings.collect(configuration).isPresent();
    return of(tls, configuration.get(Settings.COLLECT_HOST), port);
  }

  static String api(Configuration configuration, int port) {
    boolean tls = TlsSettings.api(configuration).isPresent();
    return of(tls, configuration.get(Settings.API_HOST), port);
  }

  /** The URL of a port; where it listens on every address, that of the loopback. */
  static String of(boolean tls, String host, int port) {
    return (tls ? "https://" : "http://") + reachable(host) + ":" + port;
  }

  /** The address to be reached at where it listens on every one, as URLs write it. */
  static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "[::]" -> "[::1]";
      default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    };
  }
}
