package weir.event;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses, written as {@code 10.0.0.0/8} or as one address.
 *
 * @param address its first
 * @param bits how many of its bits all others share
 */
public record Network(InetAddress address, int bits) {
  private static final int LONGEST_ADDRESS = 64;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Network of(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a network: write 203.0.113.0/24 or 2001:db8::/32");
    }
    int most = address.getAddress().length * 8;
    String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
    if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a network: behind the slash stands 0 to " + most);
    }
    return new Network(address, Integer.parseInt(bits));
  }

  /** The address that a text is; null if it is none. No name is looked up. */
  public static @Nullable InetAddress address(String text) {
    try {
      return text.length() > LONGEST_ADDRESS ? null : InetAddresses.forString(text.strip());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public boolean contains(InetAddress other) {
    byte[] own = address.getAddress();
    byte[] others = other.getAddress();
    if (own.length != others.length) {
      return false;
    }
    for (int i = 0, left = bits; left > 0; i++, left -= 8) {
      int mask = left >= 8 ? 0xFF : 0xFF << (8 - left) & 0xFF;
      if (((own[i] ^ others[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return InetAddresses.toAddrString(address) + "/" + bits;
  }
}
