package weir.delivery;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import weir.event.Network;

/**
 * Which addresses may be delivered to. Whoever may make a delivery names any URL, and the engine
 * stands inside; so nothing but the public Internet, and what the operator allows. A name is looked
 * up once for each request, and the address that was checked is the one that is connected to.
 */
final class AddressRules {
  private static final List<Network> RESERVED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3")
          .map(Network::of)
          .toList();

  /** The part of IPv6 that is given out. */
  private static final Network GLOBAL = Network.of("2000::/3");

  private static final List<Network> RESERVED_GLOBAL =
      Stream.of("2001::/23", "2001:db8::/32", "3fff::/20").map(Network::of).toList();

  private static final Network NAT64 = Network.of("64:ff9b::/96");

  private final List<Network> allowed;
  private final Resolver resolver;

  /** Looks up names. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  AddressRules(List<Network> allowed, Resolver resolver) {
    this.allowed = allowed;
    this.resolver = resolver;
  }

  /**
   * An address that may be connected to, or why there is none.
   *
   * @param unknown whether the name service did not know one
   */
  record Checked(Optional<InetAddress> address, boolean unknown, String why) {}

  /** Looks up the host of a URL. Blocks. */
  Checked check(URI url) {
    String host = String.valueOf(url.getHost()).replaceAll("^\\[|]$", "");
    InetAddress[] found;
    try {
      InetAddress literal = Network.address(host);
      found = literal == null ? resolver.resolve(host) : new InetAddress[] {literal};
    } catch (UnknownHostException e) {
      return new Checked(Optional.empty(), true, "the name " + host + " is not known");
    }
    for (InetAddress address : found) {
      if (isAllowed(address) || (isPublic(address) && url.getScheme().equals("https"))) {
        return new Checked(Optional.of(address), false, "");
      }
    }
    return new Checked(
        Optional.empty(),
        false,
        found.length > 0 && isPublic(found[0])
            ? "events go to public addresses by https alone, unless deliveries.allowed_networks"
                + " lists that of "
                + host
            : "nothing is delivered to " + host + " unless deliveries.allowed_networks lists it");
  }

  private boolean isAllowed(InetAddress address) {
    return allowed.stream().anyMatch(network -> network.contains(address));
  }

  static boolean isPublic(InetAddress address) {
    if (address instanceof Inet4Address) {
      return RESERVED.stream().noneMatch(network -> network.contains(address));
    }
    if (NAT64.contains(address)) {
      byte[] all = address.getAddress();
      return isPublic(
          InetAddresses.fromInteger(
              all[12] << 24 | (all[13] & 0xFF) << 16 | (all[14] & 0xFF) << 8 | all[15] & 0xFF));
    }
    Inet6Address six = (Inet6Address) address;
    return GLOBAL.contains(six)
        && RESERVED_GLOBAL.stream().noneMatch(network -> network.contains(six))
        && (!InetAddresses.is6to4Address(six) || isPublic(InetAddresses.get6to4IPv4Address(six)));
  }
}
