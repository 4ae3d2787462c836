package weir.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import weir.config.ConfigurationException;
import weir.metadata.Credentials;

/** The way to the API of a running Weir: as told, else as its credentials file says. */
final class ApiAccess {
  @Option(names = "--url", paramLabel = "U", description = "URL of the API.")
  @Nullable String url;

  @Option(names = "--key", paramLabel = "K", description = "API key.")
  @Nullable String key;

  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Another project than the key's own; for keys of the installation.")
  @Nullable String project;

  @Mixin KnownWeir known = new KnownWeir();
  @Mixin TrustOptions trust = new TrustOptions();

  /**
   * Sends a request.
   *
   * @param json the body of a POST, or null for a GET
   * @throws IOException saying what to do, if the API cannot be reached
   */
  HttpResponse<InputStream> send(String path, @Nullable String json, Duration timeout)
      throws IOException, InterruptedException, ConfigurationException {
    return send(json == null ? "GET" : "POST", path, json, timeout);
  }

  /** The same with any method. */
  HttpResponse<InputStream> send(
      String method, String path, @Nullable String json, Duration timeout)
      throws IOException, InterruptedException, ConfigurationException {
    return send(
        method,
        path,
        json == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(json),
        json == null ? Map.of() : Map.of("Content-Type", "application/json"),
        timeout);
  }

  /** The same with any body. */
  HttpResponse<InputStream> send(
      String method,
      String path,
      HttpRequest.BodyPublisher body,
      Map<String, String> headers,
      Duration timeout)
      throws IOException, InterruptedException, ConfigurationException {
    String base = url;
    String bearer = key;
    if (base == null || bearer == null) {
      Credentials credentials = known.credentials();
      base = base == null ? credentials.api() : base;
      bearer = bearer == null ? credentials.apiKey() : bearer;
    }
    // not closed before the answer's body is read: closing waits for that
    HttpClient client =
        trust.client(
            URI.create(base), url == null ? Optional.of(known.directory()) : Optional.empty());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.replaceAll("/+$", "") + path))
            .header("Authorization", "Bearer " + bearer)
            .timeout(timeout)
            .method(method, body);
    headers.forEach(request::header);
    if (project != null) {
      request.header("Weir-Project", project);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (java.net.ConnectException e) {
      throw new IOException(
          "nothing answers at "
              + base
              + ": Weir does not run there (weir start), or its engine is just restarting",
          e);
    }
  }
}
