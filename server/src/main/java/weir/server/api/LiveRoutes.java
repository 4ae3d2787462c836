package weir.server.api;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import weir.event.RawPosition;

/** The routes that show single events and how to send them. */
final class LiveRoutes {
  private static final String JSON = "application/json";
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private final LiveEvents events;
  private final Answers answers;

  LiveRoutes(LiveEvents events, Answers answers) {
    this.events = events;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, "/api/v1/setup", Access.PROJECT, this::setup),
        new Route(HttpMethod.GET, "/api/v1/events/recent", Access.PROJECT, this::recent),
        new Route(HttpMethod.GET, "/api/v1/events/raw", Access.PROJECT, this::raw));
  }

  private void setup(Call call) {
    answers.of(call, JSON, () -> events.setup(call.project()));
  }

  private void recent(Call call) {
    Optional<String> after =
        Optional.ofNullable(call.request().getParam("after")).filter(text -> !text.isEmpty());
    answers.of(
        call,
        JSON,
        () -> events.recent(call.project(), after, limit(call.request().getParam("limit"))));
  }

  private static int limit(@org.jspecify.annotations.Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw invalidLimit(text);
    }
    throw invalidLimit(text);
  }

  private static ApiError.Thrown invalidLimit(String text) {
    return new ApiError.Thrown(
        new ApiError(
            400,
            "invalid_limit",
            "limit must be a whole number from 1 to " + MAX_LIMIT + ", not '" + text + "'"));
  }

  private void raw(Call call) {
    answers.of(call, JSON, () -> raw(call.project(), call.request().getParam("position")));
  }

  private String raw(String project, @org.jspecify.annotations.Nullable String position)
      throws IOException {
    return switch (events.sent(project, parse(position))) {
      case LiveEvents.Sent.Held held -> held.json();
      case LiveEvents.Sent.Released released ->
          throw new ApiError.Thrown(
              new ApiError(
                  410,
                  "raw_released",
                  "the raw log has given this event back: what was sent is kept only until the"
                      + " event is safe in the lake"));
      case LiveEvents.Sent.Busy busy ->
          throw new ApiError.Thrown(
              new ApiError(
                  429,
                  "too_many_requests",
                  "others look at what was sent as well; one request is opened at a time: ask"
                      + " again"));
      case LiveEvents.Sent.Unknown unknown ->
          throw new ApiError.Thrown(
              new ApiError(404, "not_found", "no event of this project stands at " + position));
    };
  }

  private static RawPosition parse(@org.jspecify.annotations.Nullable String text) {
    try {
      return RawPosition.parse(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw new ApiError.Thrown(
          new ApiError(
              400,
              "invalid_position",
              "position must be a _raw_position of events, not '" + text + "'"));
    }
  }
}
