package weir.metadata;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Who asks the query process, which keeps the queries of different keys apart and shows a limited
 * key its own rows alone.
 *
 * @param project that is asked
 * @param key the id of the key
 */
public record Asker(String project, String key, Optional<KeyLimit> limit) {
  /** As the query process takes it in its URLs, after the question mark. */
  public String parameters() {
    StringBuilder text = new StringBuilder("project=").append(encoded(project));
    text.append("&key=").append(encoded(key));
    limit.ifPresent(rows ->
        text.append("&limit_property=")
            .append(encoded(rows.property()))
            .append("&limit_value=")
            .append(encoded(rows.json())));
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
