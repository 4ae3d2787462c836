package weir.server.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.metadata.ApiKey;
import weir.metadata.MetaStore;

/** Tells who calls, about which project, and whether they may. */
final class Authentication {
  private static final String BEARER = "bearer ";
  private static final String PROJECT = "Weir-Project";

  /** What every write key begins with; no API key does. */
  private static final String WRITE_KEY = "wk_";

  private final MetaStore store;

  Authentication(MetaStore store) {
    this.store = store;
  }

  /** What a request says of its sender. */
  record Claim(String secret, @Nullable String project) {
    /** Empty if it bears no key. */
    static Optional<Claim> of(HttpServerRequest request) {
      String given = request.getHeader("Authorization");
      if (given == null || !given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        return Optional.empty();
      }
      String header = request.getHeader(PROJECT);
      String project = header == null ? request.getParam("project") : header;
      return Optional.of(new Claim(given.substring(BEARER.length()).strip(), project));
    }

    /** What is answered if nobody knows the secret. */
    ApiError refusal() {
      return secret.startsWith(WRITE_KEY) ? ApiError.WRITE_KEY : ApiError.UNAUTHORIZED;
    }
  }

  /** Who calls about which project. */
  record Caller(ApiKey key, String project) {}

  /**
   * Checks a claim. Blocks.
   *
   * @throws ApiError.Thrown if it does not hold, or does not suffice
   */
  Caller check(Claim claim, Access access) {
    ApiKey key =
        store.keys().find(claim.secret()).orElseThrow(() -> new ApiError.Thrown(claim.refusal()));
    access
        .refuses(key)
        .ifPresent(error -> {
          throw new ApiError.Thrown(error);
        });
    String project = claim.project();
    if (project == null || project.equals(key.project())) {
      return new Caller(key, key.project());
    }
    if (!key.installation()) {
      throw new ApiError.Thrown(
          new ApiError(
              403, "not_allowed", "this API key opens the project " + key.project() + " alone"));
    }
    if (!store.projects().isOpen(project)) {
      throw new ApiError.Thrown(
          new ApiError(404, "not_found", "there is no project '" + project + "'"));
    }
    return new Caller(key, project);
  }
}
