package weir.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import weir.event.ProjectName;
import weir.metadata.Project;
import weir.metadata.ProjectStore;
import weir.metadata.RefusedException;
import weir.server.statements.Statements;

/** The routes that open, list and close projects. */
final class ProjectRoutes {
  private static final String JSON = "application/json";
  private static final String PATH = "/api/v1/projects";
  private static final int BODY_LIMIT = 1 << 14;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ProjectStore projects;
  private final Statements statements;
  private final Answers answers;

  ProjectRoutes(ProjectStore projects, Statements statements, Answers answers) {
    this.projects = projects;
    this.statements = statements;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.INSTALLATION, this::list),
        new Route(HttpMethod.POST, PATH, Access.INSTALLATION_ADMIN, this::create),
        new Route(HttpMethod.DELETE, PATH + "/{name}", Access.INSTALLATION_ADMIN, this::close));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PageParameters asked = PageParameters.of(call);
          ProjectStore.Page page = projects.list(asked.cursor().orElse(""), asked.limit());
          ObjectNode answer = NODES.objectNode();
          ArrayNode list = answer.putArray("projects");
          page.projects().forEach(project -> put(list.addObject(), project));
          PageParameters.next(answer, page.next());
          return answer.toString();
        });
  }

  private static ObjectNode put(ObjectNode into, Project project) {
    return into.put("name", project.name()).put("created_at", project.createdAt().toString());
  }

  private void create(Call call) {
    call.body(
        BODY_LIMIT,
        body -> {
          call.request().response().putHeader("Cache-Control", "no-store");
          answers.of(call, 201, JSON, () -> create(body));
        });
  }

  private String create(Buffer body) throws RefusedException {
    JsonNode name = JsonBody.object(body.getBytes(), List.of("name")).path("name");
    ProjectStore.Created created =
        projects.create(
            Optional.ofNullable(name.textValue())
                .flatMap(ProjectName::of)
                .orElseThrow(() ->
                    ApiError.invalid(
                        "name must be 1 to 63 of a-z, 0-9, _ and -, and begin with a letter or"
                            + " digit")));
    return put(NODES.objectNode(), created.project())
        .put("write_key", created.writeKey().secret())
        .put("api_key", created.apiKey().secret())
        .toString();
  }

  private void close(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          ProjectStore.Closed closed = projects.close(call.lastSegment());
          statements.end(closed.name());
          return NODES
              .objectNode()
              .put("name", closed.name())
              .put("closed_at", closed.closedAt().toString())
              .put(
                  "note",
                  "all its keys are revoked; its events stay on the disk, and its name is not given"
                      + " again")
              .toString();
        });
  }
}
