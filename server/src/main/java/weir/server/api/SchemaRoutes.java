package weir.server.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import weir.server.schemas.Schemas;

/** The routes of the columns that properties have. */
final class SchemaRoutes {
  private static final String PATH = "/api/v1/schemas/properties";
  private static final String JSON = "application/json";
  private static final int MOST = 1_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Schemas schemas;
  private final Answers answers;

  SchemaRoutes(Schemas schemas, Answers answers) {
    this.schemas = schemas;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT, this::list),
        new Route(HttpMethod.DELETE, PATH, Access.PROJECT_ADMIN, this::drop));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PageParameters page = PageParameters.of(call);
          List<Schemas.Column> all = schemas.list(call.project());
          int from = page.cursor().map(cursor -> after(cursor, all)).orElse(0);
          int to = Math.min(all.size(), from + page.limit());
          ObjectNode answer = MAPPER.createObjectNode();
          put(answer.putArray("properties"), all.subList(from, to));
          PageParameters.next(
              answer, to < all.size() ? Optional.of(all.get(to - 1).column()) : Optional.empty());
          return answer.toString();
        });
  }

  private static int after(String cursor, List<Schemas.Column> all) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).column().equals(cursor)) {
        return i + 1;
      }
    }
    throw ApiError.invalid("cursor must be the next_cursor of an answer before");
  }

  private static void put(ArrayNode list, List<Schemas.Column> columns) {
    for (Schemas.Column column : columns) {
      list.addObject()
          .put("name", column.property())
          .put("column", column.column())
          .put("type", column.type())
          .put("source", column.source())
          .put("since", column.since().toString())
          .put("state", column.state().name().toLowerCase(Locale.ROOT));
    }
  }

  private void drop(Call call) {
    Set<String> names = new HashSet<>(call.request().params().getAll("name"));
    Optional<String> source = Optional.ofNullable(call.request().getParam("source"));
    if ((names.isEmpty() && source.isEmpty()) || names.size() > MOST) {
      call.fail(
          new ApiError(
              400,
              "invalid_request",
              "name the properties, as ?name=price&name=colour, up to "
                  + MOST
                  + ", or the source of the write key that brought them, as ?source=web"));
      return;
    }
    answers.of(
        call,
        JSON,
        () -> {
          ObjectNode answer = MAPPER.createObjectNode();
          put(answer.putArray("properties"), schemas.drop(call.project(), names, source));
          return answer
              .put(
                  "note",
                  "values that were in these columns are gone, but for snapshots that were taken"
                      + " before; new ones are in the column properties")
              .toString();
        });
  }
}
