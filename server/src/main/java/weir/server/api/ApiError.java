package weir.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import weir.metadata.RefusedException;

/**
 * An answer that says what went wrong.
 *
 * @param code stable, in lower snake case
 * @param message what is wrong and what to do
 */
record ApiError(int status, String code, String message) {
  static final ApiError UNAUTHORIZED =
      new ApiError(
          401,
          "unauthorized",
          "send an API key as \"Authorization: Bearer API_KEY\"; credentials.json holds the first");

  /** The same for a key that sends events; whether there is such a one, this does not say. */
  static final ApiError WRITE_KEY =
      new ApiError(
          401,
          "unauthorized",
          "this is a write key, which sends events to the collector's port; the API takes an API"
              + " key, which begins with ak_; credentials.json holds the first");

  static ApiError of(RefusedException refused) {
    return switch (refused.reason()) {
      case UNKNOWN -> new ApiError(404, "not_found", refused.why());
      case TAKEN -> new ApiError(409, "taken", refused.why());
      case LIMITS_KEYS -> new ApiError(409, "limits_keys", refused.why());
      case NO_WRITE_KEY -> new ApiError(400, "invalid_request", refused.why());
      case TOO_MANY -> new ApiError(409, "too_many", refused.why());
      case LAST_KEY -> new ApiError(409, "last_key", refused.why());
    };
  }

  static ApiError.Thrown invalid(String message) {
    return new ApiError.Thrown(new ApiError(400, "invalid_request", message));
  }

  String json() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return nodes
        .objectNode()
        .set("error", nodes.objectNode().put("code", code).put("message", message))
        .toString();
  }

  /** To be thrown where a handler cannot go on. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ApiError error;

    Thrown(ApiError error) {
      super(error.message());
      this.error = error;
    }

    ApiError error() {
      return error;
    }
  }
}
