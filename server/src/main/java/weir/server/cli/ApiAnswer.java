package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.config.ConfigurationException;

/** What the API answers to commands that administer. */
final class ApiAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofHours(1);

  private ApiAnswer() {}

  /**
   * The JSON of an answer.
   *
   * @throws IOException with the API's own words, if it refuses
   */
  static JsonNode of(ApiAccess api, String method, String path, @Nullable ObjectNode body)
      throws IOException, InterruptedException, ConfigurationException {
    return read(api.send(method, path, body == null ? null : body.toString(), PATIENCE));
  }

  /** The same for a file that is sent. */
  static JsonNode put(ApiAccess api, String path, Path file, Map<String, String> headers)
      throws IOException, InterruptedException, ConfigurationException {
    return read(api.send("PUT", path, HttpRequest.BodyPublishers.ofFile(file), headers, LONG));
  }

  private static JsonNode read(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream in = answer.body()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (answer.statusCode() >= 300) {
        throw new IOException(refusal(answer.statusCode(), text));
      }
      return JSON.readTree(text);
    }
  }

  private static String refusal(int status, String text) {
    try {
      JsonNode error = JSON.readTree(text).path("error");
      if (error.hasNonNull("message")) {
        return error.path("message").asText();
      }
    } catch (IOException e) {
      return status + ", and no JSON: " + text; // a proxy's page perhaps
    }
    return status + ": " + text;
  }

  /** A path's last segment. */
  static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * All pages of a list as one table.
   *
   * @param path with a question mark behind it where the list has pages
   * @param field what of the answer is the list
   * @param row the texts of an entry; none to leave it out
   */
  static String table(
      ApiAccess api,
      String path,
      String field,
      List<String> columns,
      Function<JsonNode, List<String>> row)
      throws IOException, InterruptedException, ConfigurationException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    ArrayNode names = nodes.arrayNode();
    columns.forEach(name -> names.addObject().put("name", name));
    ArrayNode rows = nodes.arrayNode();
    String cursor = "";
    do {
      String part = path.endsWith("?") ? "limit=1000&cursor=" + encoded(cursor) : "";
      JsonNode page = of(api, "GET", path + part, null);
      for (JsonNode entry : page.path(field)) {
        List<String> cells = row.apply(entry);
        if (!cells.isEmpty()) {
          cells.forEach(rows.addArray()::add);
        }
      }
      cursor = page.path("next_cursor").isTextual() ? page.path("next_cursor").asText() : "";
    } while (!cursor.isEmpty());
    return TextTable.of(names, rows);
  }
}
