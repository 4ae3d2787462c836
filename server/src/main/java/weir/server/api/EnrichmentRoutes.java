package weir.server.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.enrich.Enrichment;
import weir.enrich.Enrichments;
import weir.enrich.channel.Channels;
import weir.enrich.settings.EnrichmentSettings;
import weir.enrich.settings.SettingsJson;
import weir.metadata.RefusedException;
import weir.server.enrichment.ProjectSettings;

/** The routes of what a project wants of its enrichments. */
final class EnrichmentRoutes {
  private static final String PATH = "/api/v1/enrichments";
  private static final String JSON = "application/json";
  private static final int BODY_LIMIT = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ProjectSettings control;
  private final Answers answers;

  EnrichmentRoutes(ProjectSettings control, Answers answers) {
    this.control = control;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT, this::show),
        new Route(HttpMethod.PUT, PATH, Access.PROJECT_ADMIN, this::set));
  }

  private void show(Call call) {
    answers.of(call, JSON, () -> shown(call.project()));
  }

  private String shown(String project) {
    EnrichmentSettings settings = control.settings(project);
    List<Enrichment> inForce = control.inForce(project);
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("enrichments");
    for (String name : Enrichments.NAMES) {
      ObjectNode row = list.addObject().put("name", name);
      inForce.stream()
          .filter(each -> each.name().equals(name))
          .findFirst()
          .ifPresentOrElse(
              each -> row.put("on", true).put("description", each.description()),
              () -> row.put("on", false).put("description", ""));
    }
    answer.set("settings", SettingsJson.write(settings));
    answer.set("default_channels", SettingsJson.write(Channels.defaults()));
    return answer.toString();
  }

  private void set(Call call) {
    call.body(
        BODY_LIMIT,
        body ->
            answers.of(
                call,
                JSON,
                () -> set(call.project(), new String(body.getBytes(), StandardCharsets.UTF_8))));
  }

  private String set(String project, String body) throws RefusedException {
    EnrichmentSettings settings;
    try {
      settings = SettingsJson.read(body);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(String.valueOf(e.getMessage()));
    }
    control.set(project, settings);
    return shown(project);
  }
}
