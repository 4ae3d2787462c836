package weir.collect;

import io.vertx.core.MultiMap;
import java.util.List;
import weir.event.Network;
import weir.event.WrittenAddress;

/** Who sent a request, as far as that can be trusted. */
final class ClientAddress {
  private static final int LONGEST = 64;

  private ClientAddress() {}

  /**
   * The address that the outermost trusted proxy has seen; where that proxy writes none, such as
   * {@code unknown}, the connection's own.
   *
   * @param peer the connection's own address
   * @param headers of the request; to x-forwarded-for each proxy appends the address of its own
   *     peer, in the same line or in one more
   * @param trustedProxies how many of its last entries were written by proxies that are ours; where
   *     there are fewer, the request did not come through all of them, and none is believed
   */
  static String of(String peer, MultiMap headers, int trustedProxies) {
    if (trustedProxies == 0) {
      return peer;
    }
    List<String> lines = headers.getAll(KeptHeaders.X_FORWARDED_FOR);
    String[] entries = String.join(",", lines).split(",", -1);
    if (entries.length < trustedProxies) {
      return peer;
    }
    String entry = entries[entries.length - trustedProxies].strip();
    String address = entry.length() > LONGEST ? "" : WrittenAddress.bare(entry);
    return Network.address(address) == null ? peer : address;
  }
}
