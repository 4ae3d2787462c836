package weir.server.plugins;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Plug-ins as the API tells of them. */
public final class PluginJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PluginJson() {}

  /** All there is to tell, or of one project's uses alone. */
  public static ObjectNode write(PluginReport report) {
    ObjectNode answer = JSON.createObjectNode().put("folder", report.folder());
    ArrayNode jars = answer.putArray("jars");
    for (PluginReport.Jar jar : report.jars()) {
      ObjectNode row = jars.addObject().put("file", jar.file());
      row.put("problem", jar.problem().isEmpty() ? null : jar.problem());
      ArrayNode plugins = row.putArray("plugins");
      for (PluginReport.Known each : jar.plugins()) {
        plugins
            .addObject()
            .put("name", each.name())
            .put("version", each.version())
            .put("description", each.description());
      }
    }
    ArrayNode used = answer.putArray("used");
    report.used().forEach(each -> write(used.addObject(), each));
    return answer;
  }

  /** A project's use of a plug-in. */
  public static ObjectNode write(ObjectNode into, PluginReport.Used each) {
    into.put("project", each.project())
        .put("name", each.name())
        .put("version", each.version())
        .put("state", each.state())
        .put("why", each.why().isEmpty() ? null : each.why())
        .put("events_in", each.in())
        .put("events_made", each.made())
        .put("events_dropped", each.dropped())
        .put("events_quarantined", each.quarantined())
        .put("micros_per_event", Math.round(each.micros() * 10) / 10.0)
        .put("restarts", each.restarts());
    try {
      into.set("settings", JSON.readTree(each.settings()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // they were JSON when they were taken
    }
    return into;
  }
}
