package weir.enrich.page;

import org.jspecify.annotations.Nullable;

/**
 * Hosts that browsers take for an IPv4 address: one to four numbers, also octal and hexadecimal.
 */
final class Ipv4 {
  private Ipv4() {}

  /** Whether the last part of a host is a number, so that it must be an address. */
  static boolean isMeant(String host) {
    int end = host.endsWith(".") ? host.length() - 1 : host.length();
    String last = host.substring(host.lastIndexOf('.', end - 1) + 1, end);
    if (last.isEmpty()) {
      return false;
    }
    boolean digits = last.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits || number(last) >= 0;
  }

  /** As four decimal numbers; null if it is none. */
  static @Nullable String address(String host) {
    String[] parts =
        (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).split("\\.", -1);
    if (parts.length > 4) {
      return null;
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      long part = number(parts[i]);
      boolean last = i == parts.length - 1;
      long limit = last ? 1L << (8 * (4 - i)) : 256;
      if (part < 0 || part >= limit) {
        return null;
      }
      address += last ? part : part << (8 * (3 - i));
    }
    return (address >> 24)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }

  private static long number(String text) {
    boolean hex = text.startsWith("0x");
    int radix = hex ? 16 : text.length() > 1 && text.startsWith("0") ? 8 : 10;
    String digits = hex ? text.substring(2) : text;
    if (hex && digits.isEmpty()) {
      return 0;
    }
    try {
      return digits.startsWith("-") || digits.startsWith("+") ? -1 : Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
