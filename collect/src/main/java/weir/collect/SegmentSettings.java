package weir.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Segment's browser SDK asks for before it sends: {@code GET /v1/projects/KEY/settings}. The
 * answer names the collector itself, as the page has reached it, so that the SDK needs to be told
 * of it once, and lets it report its own metrics to nobody.
 */
final class SegmentSettings {
  private static final Pattern PATH = Pattern.compile("/v1/projects/([^/]+)/settings");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final JsonFactory JSON = new JsonFactory();

  private SegmentSettings() {}

  /** The key that a path names; null if it is none of these. */
  static @Nullable String key(String path) {
    Matcher matcher = PATH.matcher(path);
    return matcher.matches() ? matcher.group(1) : null;
  }

  static String json(String key, HttpServerRequest request) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("integrations");
      json.writeObjectFieldStart("Segment.io");
      json.writeStringField("apiKey", key);
      HostAndPort asked = request.authority();
      if (asked != null && HOST.matcher(asked.host()).matches()) {
        json.writeStringField("apiHost", asked + "/v1");
        json.writeStringField("protocol", scheme(request));
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeObjectFieldStart("plan");
      json.writeEndObject();
      json.writeObjectFieldStart("metrics");
      json.writeNumberField("sampleRate", 0);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A proxy before the collector may have taken TLS off. */
  private static String scheme(HttpServerRequest request) {
    boolean secure =
        request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    return secure ? "https" : "http";
  }
}
