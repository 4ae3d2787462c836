package weir.server.api;

import java.util.Optional;
import weir.metadata.ApiKey;
import weir.metadata.KeyScope;

/** Whose key a route needs. */
enum Access {
  /** Nobody's. */
  OPEN,
  /** Any key of the project; one with a limit too, which the route enforces. */
  QUERY,
  /** As QUERY, or a token of such a key; the route looks for itself. */
  STREAM,
  /** Any key of the project that sees all its rows. */
  PROJECT,
  /** A key that administers the project. */
  PROJECT_ADMIN,
  /** A key of the installation. */
  INSTALLATION,
  /** A key that administers the installation. */
  INSTALLATION_ADMIN;

  /** Why a key does not open what needs this; empty if it does. */
  Optional<ApiError> refuses(ApiKey key) {
    if (this == OPEN || this == QUERY || this == STREAM) {
      return Optional.empty();
    }
    if (key.limit().isPresent()) {
      return refusal(
          "this API key is limited to rows of one "
              + key.limit().get().property()
              + " and takes SQL and insights alone; this answer would show others");
    }
    if (!key.installation() && (this == INSTALLATION || this == INSTALLATION_ADMIN)) {
      return refusal(
          "this API key is of one project; this needs a key of the installation, such as the one"
              + " in credentials.json");
    }
    if (key.scope() != KeyScope.ADMIN && (this == PROJECT_ADMIN || this == INSTALLATION_ADMIN)) {
      return refusal("this API key has the scope read; this needs the scope admin");
    }
    return Optional.empty();
  }

  private static Optional<ApiError> refusal(String message) {
    return Optional.of(new ApiError(403, "not_allowed", message));
  }
}
