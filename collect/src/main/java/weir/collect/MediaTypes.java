package weir.collect;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content types that are read. JSON comes under many names: beacons may only send text/plain,
 * and curl and some SDKs say x-www-form-urlencoded.
 */
final class MediaTypes {
  private static final Set<String> READ =
      Set.of(
          "application/json",
          "text/json",
          "text/plain",
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/octet-stream",
          "application/x-www-form-urlencoded");

  private MediaTypes() {}

  static boolean isRead(@Nullable String contentType) {
    if (contentType == null || READ.contains(contentType)) {
      return true;
    }
    int parameters = contentType.indexOf(';');
    String type =
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.isEmpty() || READ.contains(type) || type.endsWith("+json");
  }
}
