package weir.decode;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a content-type says. */
final class MediaType {
  private MediaType() {}

  /** Type and subtype in lower case, without parameters; empty if there is none. */
  static String of(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  /** Whether it is JSON: application/json, text/json, application/*+json. */
  static boolean isJson(@Nullable String contentType) {
    String type = of(contentType);
    return type.endsWith("/json") || type.endsWith("+json");
  }
}
