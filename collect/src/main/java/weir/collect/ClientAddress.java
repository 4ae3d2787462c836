package weir.collect;

import org.jspecify.annotations.Nullable;

/** Who sent a request, as far as that can be trusted. */
final class ClientAddress {
  private ClientAddress() {}

  /**
   * The address that the outermost trusted proxy has seen.
   *
   * @param peer the connection's own address
   * @param forwardedFor the header, of which each proxy appends the address of its own peer
   * @param trustedProxies how many of its last entries were written by proxies that are ours
   */
  static String of(String peer, @Nullable String forwardedFor, int trustedProxies) {
    if (trustedProxies == 0 || forwardedFor == null) {
      return peer;
    }
    String[] entries = forwardedFor.split(",", -1);
    String entry = entries[Math.max(0, entries.length - trustedProxies)].strip();
    return entry.isEmpty() || entry.length() > 64 ? peer : entry;
  }
}
