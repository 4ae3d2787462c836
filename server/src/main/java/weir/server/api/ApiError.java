package weir.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

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
