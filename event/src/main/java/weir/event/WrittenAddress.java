package weir.event;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;

/**
 * An IP address as proxies and servers write it: {@code 203.0.113.7:4711}, {@code [2001:db8::1]},
 * {@code ::ffff:203.0.113.7}, or the whole list that they were handed.
 */
public final class WrittenAddress {
  private static final int LONGEST = 512;

  private WrittenAddress() {}

  /**
   * The address alone, of IPv4 as such; of a list the first one, which is the client's. A text that
   * holds none is answered as it is.
   */
  public static String bare(String text) {
    if (isBare(text) || text.length() > LONGEST) {
      return text;
    }
    for (String entry : text.split(",", -1)) {
      InetAddress address = Network.address(withoutPort(entry.strip()));
      if (address != null) {
        return InetAddresses.toAddrString(address);
      }
    }
    return text;
  }

  /** As nearly all are: digits and dots, or hexadecimal digits and colons. */
  private static boolean isBare(String text) {
    boolean dots = false;
    boolean colons = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      dots |= c == '.';
      colons |= c == ':';
      if (c != '.' && c != ':' && Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return !(dots && colons);
  }

  private static String withoutPort(String address) {
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      return end < 0 ? address : address.substring(1, end);
    }
    int colon = address.indexOf(':');
    return colon >= 0 && colon == address.lastIndexOf(':') ? address.substring(0, colon) : address;
  }
}
