package weir.tools.importing;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells on which host a request of an access log was, since most logs do not name it. */
final class PageHost {
  private static final Pattern HOST =
      Pattern.compile("([\\p{L}\\p{N}](?:[\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?)(?::(\\d{1,5}))?");

  private PageHost() {}

  /** Whether a text is a host, perhaps with a port. */
  static boolean isOne(String text) {
    return HOST.matcher(text).matches();
  }

  /**
   * The beginning of a page's address.
   *
   * @param logged host and perhaps port that the log names; empty if it names none
   * @param referrer of the request; empty if there is none
   * @param site the hosts of the site. Of several it is the one that the visitor came from, since
   *     most go from page to page of one, else the first
   */
  static Optional<String> origin(String logged, String referrer, List<String> site) {
    if (isOne(logged)) {
      return Optional.of(origin(logged));
    }
    String before = site.size() > 1 ? host(referrer) : "";
    return site.stream()
        .filter(host -> isWithin(before, host))
        .findFirst()
        .or(() -> site.stream().findFirst())
        .map(PageHost::origin);
  }

  private static String origin(String host) {
    Matcher parts = HOST.matcher(host);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no host: " + host);
    }
    String port = parts.group(2) == null ? "" : parts.group(2);
    return switch (port) {
      case "", "443" -> "https://" + parts.group(1);
      case "80" -> "http://" + parts.group(1);
      default -> "https://" + host;
    };
  }

  private static boolean isWithin(String before, String host) {
    String known = host.replaceFirst(":.*", "").toLowerCase(Locale.ROOT);
    return before.equals(known) || before.endsWith("." + known);
  }

  private static String host(String referrer) {
    try {
      String host = new URI(referrer).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
