package weir.query.rendering;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerResponse;
import weir.query.QueryException;

/** Errors in the API's shape. */
public final class HttpErrors {
  /** Is there where the process that answers so is about to end. */
  static final String ENDING_HEADER = "Weir-Process-Ends";

  private static final ObjectMapper JSON = new ObjectMapper();

  private HttpErrors() {}

  public static void send(HttpServerResponse response, QueryException failure) {
    if (response.ended() || response.closed()) {
      return;
    }
    switch (failure.error()) {
      case TOO_MANY_QUERIES, UNAVAILABLE -> response.putHeader("Retry-After", "1");
      case STATEMENT_TOO_EXPENSIVE -> response.putHeader(ENDING_HEADER, "too_expensive");
      case QUERY_LOST -> {
        response.putHeader("Retry-After", "1");
        response.putHeader(ENDING_HEADER, "lost");
      }
      default -> {}
    }
    response
        .setStatusCode(failure.error().status())
        .putHeader("Content-Type", "application/json")
        .end(body(failure));
  }

  /** The JSON of an error. */
  static String body(QueryException failure) {
    ObjectNode error = JSON.createObjectNode();
    error.put("code", failure.error().code());
    error.put("message", failure.getMessage());
    failure
        .place()
        .ifPresent(place -> {
          error.put("line", place.line());
          error.put("column", place.column());
        });
    return JSON.createObjectNode().set("error", error).toString();
  }
}
