package weir.enrich.page;

import com.google.common.net.InetAddresses;
import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weir.decode.PercentQuery;

/**
 * An address of a page in its parts, as browsers understand it: the WHATWG URL standard for http,
 * https and their like, of which wrong ones are refused; other schemes, and what has none, are
 * split as they are written.
 *
 * @param host in lower case, in ASCII, without port; null where there is none
 * @param path beginning with a slash where there is a host; as a browser writes it
 * @param query without its question mark; empty if there is none
 * @param fragment without its hash; empty if there is none
 */
public record PageUrl(@Nullable String host, String path, String query, String fragment) {
  private static final int LONGEST_HOST = 253;
  private static final String FORBIDDEN_IN_HOST = "\0\t\n\r #/<>?@[\\]^|%";

  /** Null if a browser would refuse it. */
  public static @Nullable PageUrl of(String written) {
    String url = stripped(written);
    int scheme = schemeEnd(url);
    boolean special = scheme > 0 && isSpecial(url, scheme);
    int hash = url.indexOf('#');
    int end = hash < 0 ? url.length() : hash;
    String fragment = hash < 0 ? "" : url.substring(hash + 1);
    int from = scheme < 0 ? 0 : scheme + 1;
    int mark = url.indexOf('?', from);
    int pathEnd = mark >= 0 && mark < end ? mark : end;
    String query = pathEnd < end ? url.substring(pathEnd + 1, end) : "";
    int authority = authority(url, from, pathEnd, special);
    if (authority < 0) {
      return new PageUrl(null, url.substring(from, pathEnd), query, fragment);
    }
    int authorityEnd = authority;
    while (authorityEnd < pathEnd && !isSlash(url.charAt(authorityEnd), special)) {
      authorityEnd++;
    }
    String host = host(url.substring(authority, authorityEnd), special);
    if (host == null) {
      return null;
    }
    String path = UrlPath.normalized(url.substring(authorityEnd, pathEnd), special);
    return new PageUrl(host.isEmpty() ? null : host, path, query, fragment);
  }

  /** Without what browsers strip and pass over. */
  private static String stripped(String written) {
    int from = 0;
    int to = written.length();
    while (from < to && written.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && written.charAt(to - 1) <= ' ') {
      to--;
    }
    String url = written.substring(from, to);
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == '\t' || c == '\n' || c == '\r') {
        return url.replace("\t", "").replace("\n", "").replace("\r", "");
      }
    }
    return url;
  }

  /** Where the colon behind the scheme is; -1 if there is no scheme. */
  private static int schemeEnd(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':' && i > 0) {
        return i;
      }
      if (!letter && (i == 0 || !later)) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isSpecial(String url, int end) {
    return switch (url.substring(0, end).toLowerCase(Locale.ROOT)) {
      case "http", "https", "ws", "wss", "ftp" -> true;
      default -> false;
    };
  }

  /** Where the authority begins; -1 if there is none. */
  private static int authority(String url, int from, int end, boolean special) {
    int at = from;
    while (at < end && isSlash(url.charAt(at), special)) {
      at++;
    }
    if (special) {
      return at;
    }
    return at - from >= 2 ? from + 2 : -1;
  }

  private static boolean isSlash(char c, boolean special) {
    return c == '/' || (special && c == '\\');
  }

  /** Null if it is wrong; empty if there is none and need not be. */
  private static @Nullable String host(String authority, boolean special) {
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = hostAndPort.lastIndexOf(':');
    boolean port = colon >= 0 && hostAndPort.indexOf(']', colon) < 0;
    if (port && !isPort(hostAndPort, colon + 1)) {
      return null;
    }
    String host = port ? hostAndPort.substring(0, colon) : hostAndPort;
    if (host.isEmpty()) {
      return special ? null : "";
    }
    if (host.startsWith("[")) {
      return bracketed(host);
    }
    return isPlain(host) ? plain(host) : domain(host);
  }

  private static boolean isPort(String text, int from) {
    int port = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = Math.min(port * 10 + c - '0', 1 << 20);
    }
    return port <= 0xFFFF;
  }

  private static @Nullable String bracketed(String host) {
    String address = host.substring(1, host.length() - 1);
    return host.endsWith("]") && address.indexOf('%') < 0 && InetAddresses.isInetAddress(address)
        ? "[" + InetAddresses.toAddrString(InetAddresses.forString(address)) + "]"
        : null;
  }

  /** Letters, digits, dots and hyphens alone: nearly every host. */
  private static boolean isPlain(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String plain(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return Ipv4.isMeant(lower) ? Ipv4.address(lower) : lower;
  }

  private static @Nullable String domain(String host) {
    try {
      String ascii = ascii(PercentQuery.decoded(host, false));
      for (int i = 0; i < ascii.length(); i++) {
        char c = ascii.charAt(i);
        if (c <= ' ' || c == 0x7F || FORBIDDEN_IN_HOST.indexOf(c) >= 0) {
          return null;
        }
      }
      return ascii.isEmpty() || ascii.length() > LONGEST_HOST ? null : plain(ascii);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static String ascii(String host) {
    StringBuilder kept = new StringBuilder(host.length());
    host.codePoints()
        .filter(c -> c != 0xAD && c != 0x200B && c != 0x2060)
        .forEach(kept::appendCodePoint);
    return IDN.toASCII(kept.toString(), IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
  }
}
