package weir.server.plugins;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a project's process is to run.
 *
 * @param links in their order
 */
record ChainSpec(String project, List<Link> links) {
  /**
   * A plug-in with its settings.
   *
   * @param settings a JSON object
   */
  record Link(PluginCatalog.Available plugin, String settings) {
    String told() {
      return "the plug-in " + plugin.name() + " " + plugin.version();
    }
  }

  ChainSpec {
    links = List.copyOf(links);
  }

  /** For people. */
  String names() {
    return links.stream().map(link -> link.plugin().name()).collect(Collectors.joining(", "));
  }
}
