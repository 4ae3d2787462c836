package weir.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.collect.HttpCaching;
import weir.server.web.WebFile;
import weir.server.web.WebFiles;

/** Serves the live page. It is open: what it shows, it asks for with the visitor's key. */
final class PageRoutes {
  /** Files are asked for again each time, which costs 304 and no bytes. */
  private static final String CACHE = "no-cache";

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");

  private final WebFiles files;
  private final URI collector;

  /**
   * @param collector where the page may send a first event, besides to its own origin
   */
  PageRoutes(WebFiles files, String collector) {
    this.files = files;
    this.collector = URI.create(collector);
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, "/", Access.OPEN, call -> serve(call, "index.html")),
        new Route(
            HttpMethod.GET,
            "/web/{file}",
            Access.OPEN,
            call -> serve(call, call.request().path().substring("/web/".length()))));
  }

  private void serve(Call call, String name) {
    Optional<WebFile> found = files.named(name);
    if (found.isEmpty()) {
      call.fail(new ApiError(404, "not_found", "the page has no file " + name));
      return;
    }
    WebFile file = found.get();
    HttpServerResponse response =
        call.request()
            .response()
            .putHeader("ETag", file.etag())
            .putHeader("Cache-Control", CACHE)
            .putHeader("Vary", "Accept-Encoding")
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Cross-Origin-Opener-Policy", "same-origin")
            .putHeader("Content-Security-Policy", policy(call.request().authority()));
    if (HttpCaching.matches(call.request().getHeader("If-None-Match"), file.etag())) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", file.type());
    if (HttpCaching.takesGzip(call.request().getHeader("Accept-Encoding"))) {
      response.putHeader("Content-Encoding", "gzip");
      call.end(Buffer.buffer(file.gzip()));
    } else {
      call.end(Buffer.buffer(file.plain()));
    }
  }

  /** The page may talk to this server, and to the collector by the name it was opened with. */
  private String policy(@Nullable HostAndPort asked) {
    StringBuilder connect = new StringBuilder("'self' ").append(collector);
    if (asked != null && asked.host() != null && HOST.matcher(asked.host()).matches()) {
      connect.append(' ').append(collector.getScheme()).append("://").append(asked.host());
      connect.append(':').append(collector.getPort());
    }
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
        + connect
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }
}
