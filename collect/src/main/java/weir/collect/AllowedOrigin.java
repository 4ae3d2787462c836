package weir.collect;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Pages that may send, by their origin: {@code https://shop.example} and that alone; {@code
 * shop.example} by HTTP and HTTPS; {@code *.shop.example} for its subdomains, without itself; with
 * {@code :8443} at that port, with {@code :*} at any, else at the scheme's own; {@code null} for
 * pages opened from files, and others without an origin.
 *
 * @param text as it is written
 * @param scheme null for HTTP and HTTPS
 * @param host in lower case; of a pattern, what its subdomains end in, with the dot
 * @param port 0 for the scheme's own, -1 for any
 */
record AllowedOrigin(
    String text, @Nullable String scheme, String host, boolean subdomains, int port) {
  private static final String NONE = "null";
  private static final int LONGEST = 300;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<scheme>[a-z][a-z0-9+.-]*)://)?(?<any>\\*\\.)?"
              + "(?<host>[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(?::(?<port>[0-9]{1,5}|\\*))?");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static AllowedOrigin of(String text) {
    String lower = ascii(text.strip().toLowerCase(Locale.ROOT));
    if (lower.equals(NONE)) {
      return new AllowedOrigin(NONE, null, "", false, 0);
    }
    Matcher matcher = FORM.matcher(lower);
    boolean any = matcher.matches() && matcher.group("any") != null;
    if (lower.length() > LONGEST
        || !matcher.matches()
        || any && matcher.group("host").startsWith("[")) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not an origin: write https://shop.example, shop.example:8443, *.shop.example,"
              + " or null for pages opened from files");
    }
    String port = matcher.group("port");
    String host = matcher.group("host");
    return new AllowedOrigin(
        lower,
        matcher.group("scheme"),
        any ? "." + host : host,
        any,
        port == null ? 0 : port.equals("*") ? -1 : Integer.parseInt(port));
  }

  /**
   * With a host in other letters as browsers write it: münchen.example is xn--mnchen-3ya.example.
   */
  private static String ascii(String origin) {
    if (origin.chars().allMatch(c -> c < 0x80)) {
      return origin;
    }
    int scheme = origin.indexOf("://");
    int from = scheme < 0 ? 0 : scheme + 3;
    int colon = origin.indexOf(':', from);
    int to = colon < 0 ? origin.length() : colon;
    try {
      return origin.substring(0, from)
          + IDN.toASCII(origin.substring(from, to))
          + origin.substring(to);
    } catch (IllegalArgumentException e) {
      return origin;
    }
  }

  /**
   * The origin of the page that sends: what Origin says, or else where Referer leads, since images
   * bring no Origin. Null where neither says anything.
   */
  static @Nullable String ofPage(MultiMap headers) {
    String origin = headers.get(HttpHeaders.ORIGIN);
    String referer = origin == null ? headers.get(HttpHeaders.REFERER) : null;
    int host = referer == null ? -1 : referer.indexOf("://");
    if (referer == null || host < 0) {
      return origin;
    }
    int path = referer.indexOf('/', host + 3);
    return path < 0 ? referer : referer.substring(0, path);
  }

  /** Whether a request with this Origin header is of such a page. */
  boolean matches(String origin) {
    if (text.equals(NONE) || origin.equals(NONE)) {
      return text.equals(origin);
    }
    int start = origin.indexOf("://");
    if (start < 0) {
      return false;
    }
    String from = origin.substring(0, start).toLowerCase(Locale.ROOT);
    String rest = origin.substring(start + 3).toLowerCase(Locale.ROOT);
    int colon = rest.lastIndexOf(':');
    boolean hasPort = colon > rest.lastIndexOf(']');
    String name = hasPort ? rest.substring(0, colon) : rest;
    return matchesScheme(from)
        && (subdomains ? name.endsWith(host) && name.length() > host.length() : name.equals(host))
        && matchesPort(from, hasPort ? rest.substring(colon + 1) : "");
  }

  private boolean matchesScheme(String from) {
    return scheme == null ? isWeb(from) : scheme.equals(from);
  }

  private static boolean isWeb(String from) {
    return from.equals("https") || from.equals("http");
  }

  private boolean matchesPort(String from, String given) {
    return switch (port) {
      case -1 -> true;
      case 0 -> given.isEmpty() || given.equals(own(from));
      default -> String.valueOf(port).equals(given.isEmpty() ? own(from) : given);
    };
  }

  private static String own(String scheme) {
    return switch (scheme) {
      case "https" -> "443";
      case "http" -> "80";
      default -> "";
    };
  }
}
