package weir.server.api;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import weir.server.tables.Snapshots;

/** The routes of named snapshots. */
final class SnapshotRoutes {
  private static final String PATH = "/api/v1/snapshots";
  private static final String ONE = PATH + "/{name}";
  private static final String JSON = "application/json";
  private static final int BODY_LIMIT = 10_000;

  private final Snapshots snapshots;
  private final Answers answers;

  SnapshotRoutes(Snapshots snapshots, Answers answers) {
    this.snapshots = snapshots;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT, this::list),
        new Route(HttpMethod.POST, PATH, Access.PROJECT_ADMIN, this::create),
        new Route(HttpMethod.GET, ONE, Access.PROJECT, this::describe),
        new Route(HttpMethod.DELETE, ONE, Access.PROJECT_ADMIN, this::delete));
  }

  private static String name(Call call) {
    return call.request().path().substring(PATH.length() + 1);
  }

  private static ApiError notFound(Call call) {
    return new ApiError(404, "not_found", "there is no snapshot " + name(call));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PageParameters page = PageParameters.of(call);
          return snapshots.list(call.project(), page.cursor(), page.limit());
        });
  }

  private void describe(Call call) {
    answers.of(
        call,
        JSON,
        () ->
            snapshots
                .describe(call.project(), name(call))
                .orElseThrow(() -> new ApiError.Thrown(notFound(call))));
  }

  private void create(Call call) {
    call.body(
        BODY_LIMIT,
        body ->
            answers.of(call, 201, JSON, () -> snapshots.create(call.project(), body.getBytes())));
  }

  private void delete(Call call) {
    answers.deleted(call, () -> snapshots.delete(call.project(), name(call)), notFound(call));
  }
}
