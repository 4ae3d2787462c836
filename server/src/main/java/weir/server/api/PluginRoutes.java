package weir.server.api;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import weir.server.enrichment.ProjectSettings;
import weir.server.plugins.PluginJson;
import weir.server.plugins.PluginReport;

/** The route that tells of plug-ins; {@link EnrichmentRoutes} sets which a project uses. */
final class PluginRoutes {
  private static final String PATH = "/api/v1/plugins";
  private static final String JSON = "application/json";

  private final ProjectSettings control;
  private final Answers answers;

  PluginRoutes(ProjectSettings control, Answers answers) {
    this.control = control;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(new Route(HttpMethod.GET, PATH, Access.PROJECT, this::show));
  }

  private void show(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PluginReport report = control.pluginReport();
          List<PluginReport.Used> seen =
              report.used().stream()
                  .filter(
                      each -> call.known().installation() || each.project().equals(call.project()))
                  .toList();
          return PluginJson.write(new PluginReport(report.folder(), report.jars(), seen))
              .toString();
        });
  }
}
