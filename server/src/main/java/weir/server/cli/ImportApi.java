package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import weir.config.ConfigurationException;
import weir.tools.importing.ImportId;
import weir.tools.importing.ImportLookup;

/** What the API says of imports, to the command that makes them. */
final class ImportApi implements ImportLookup {
  private static final String PATH = "/api/v1/imports/";
  private static final String WAIT = "?wait=30s";

  @Option(
      names = "--api-url",
      paramLabel = "U",
      description = "URL of the API, which counts what was there before (default: as --data says).")
  @Nullable String url;

  @Option(names = "--api-key", paramLabel = "K", description = "API key.")
  @Nullable String key;

  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Project of --api-key's imports; for keys of the installation.")
  @Nullable String project;

  private @Nullable ApiAccess access;

  /**
   * @param collector how the collector is reached: what nobody said of the API is looked up in the
   *     same place
   */
  void use(CollectorAccess collector) {
    ApiAccess api = new ApiAccess();
    api.url = url;
    api.key = key;
    api.project = project;
    api.known = collector.known;
    api.trust = collector.trust;
    boolean elsewhere = collector.url != null && url == null;
    boolean others = collector.key != null && key == null; // perhaps another project's
    access = elsewhere || others ? null : api;
  }

  @Override
  public OptionalLong count(ImportId id) throws IOException, InterruptedException {
    ApiAccess api = access;
    if (api == null) {
      return OptionalLong.empty();
    }
    JsonNode answer = send(api, "GET", id.text() + WAIT);
    return answer.path("decided").asBoolean()
        ? OptionalLong.of(answer.path("events").asLong() + answer.path("bad_events").asLong())
        : OptionalLong.empty();
  }

  /** Has an import taken out again; answers how far that is. */
  JsonNode undo(ImportId id) throws IOException, InterruptedException {
    return send(known(), "DELETE", id.text()).path("undo");
  }

  /** How far the taking out of an import is. */
  JsonNode undone(ImportId id) throws IOException, InterruptedException {
    return send(known(), "GET", id.text()).path("undo");
  }

  private ApiAccess known() throws IOException {
    ApiAccess api = access;
    if (api == null) {
      throw new IOException("give --api-url and --api-key, not --url and --key");
    }
    return api;
  }

  private static JsonNode send(ApiAccess api, String method, String path)
      throws IOException, InterruptedException {
    try {
      return ApiAnswer.of(api, method, PATH + path, null);
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
