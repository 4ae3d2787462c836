package weir.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Which part of a list a request asks for: {@code limit} and {@code cursor}. */
record PageParameters(Optional<String> cursor, int limit) {
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  /**
   * Reads them.
   *
   * @throws ApiError.Thrown if the limit is none
   */
  static PageParameters of(Call call) {
    Optional<String> cursor =
        Optional.ofNullable(call.request().getParam("cursor")).filter(text -> !text.isEmpty());
    String limit = call.request().getParam("limit");
    return new PageParameters(cursor, limit == null ? USUAL : limit(limit, MOST));
  }

  /**
   * Reads how many are asked for.
   *
   * @throws ApiError.Thrown if that is not a number from 1 to {@code most}
   */
  static int limit(String text, int most) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw invalid(text, most);
    }
    throw invalid(text, most);
  }

  private static ApiError.Thrown invalid(String text, int most) {
    return new ApiError.Thrown(
        new ApiError(
            400,
            "invalid_limit",
            "limit must be a whole number from 1 to " + most + ", not '" + text + "'"));
  }

  /** Says in an answer where the next page goes on: null if there is none. */
  static void next(ObjectNode answer, Optional<String> cursor) {
    answer.put("next_cursor", cursor.orElse(null));
  }
}
