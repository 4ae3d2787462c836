package weir.server.api;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.tools.importing.ImportId;
import weir.tools.undo.Imports;

/** The routes of imports. */
final class ImportRoutes {
  private static final String PATH = "/api/v1/imports";
  private static final String ONE = PATH + "/{id}";
  private static final String JSON = "application/json";
  private static final Pattern WAIT = Pattern.compile("(\\d{1,2})s");
  private static final int LONGEST_WAIT = 60;

  private final Imports imports;
  private final Answers answers;

  ImportRoutes(Imports imports, Answers answers) {
    this.imports = imports;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, ONE, Access.PROJECT, this::describe),
        new Route(HttpMethod.DELETE, ONE, Access.PROJECT_ADMIN, this::undo));
  }

  private static ImportId id(Call call) {
    String text = call.lastSegment();
    if (!ImportId.isOne(text)) {
      throw new ApiError.Thrown(new ApiError(404, "not_found", "no import is called " + text));
    }
    return new ImportId(text);
  }

  private static Duration wait(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher seconds = WAIT.matcher(text);
    if (!seconds.matches() || Integer.parseInt(seconds.group(1)) > LONGEST_WAIT) {
      throw ApiError.invalid("wait must be seconds, up to " + LONGEST_WAIT + "s");
    }
    return Duration.ofSeconds(Integer.parseInt(seconds.group(1)));
  }

  private void describe(Call call) {
    answers.of(
        call,
        JSON,
        () -> imports.describe(call.project(), id(call), wait(call.request().getParam("wait"))));
  }

  private void undo(Call call) {
    answers.of(call, 202, JSON, () -> imports.undo(call.project(), id(call)));
  }
}
