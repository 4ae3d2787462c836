package weir.collect;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What clients say of the content that they have and take. */
public final class HttpCaching {
  private HttpCaching() {}

  /** Whether an If-None-Match names a tag, which stands in quotes. */
  public static boolean matches(@Nullable String header, String etag) {
    if (header == null) {
      return false;
    }
    for (String each : header.split(",", -1)) {
      String tag = each.strip();
      if (tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an Accept-Encoding takes gzip. */
  public static boolean takesGzip(@Nullable String header) {
    if (header == null) {
      return false;
    }
    for (String each : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = each.strip().split(";", 2);
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equals("gzip") && !refused) {
        return true;
      }
    }
    return false;
  }
}
