package weir.server.roles;

/** Addresses as a client on this machine writes them. */
final class Urls {
  private Urls() {}

  /** The URL of a port; where it listens on every address, that of the loopback. */
  static String of(boolean tls, String host, int port) {
    String reachable =
        switch (host) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "[::1]";
          default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    return (tls ? "https://" : "http://") + reachable + ":" + port;
  }
}
