package weir.server.enrichment;

import java.util.List;
import weir.enrich.Enrichment;
import weir.enrich.settings.EnrichmentSettings;
import weir.metadata.RefusedException;
import weir.server.plugins.PluginReport;

/** What projects want of their enrichments, as the API gives and takes it. All may block. */
public interface ProjectSettings {
  /** What a project wants. */
  EnrichmentSettings settings(String project);

  /** The enrichments that a project's events pass, in their order. */
  List<Enrichment> inForce(String project);

  /** The plug-ins that there are, and those that projects use. May take seconds. */
  PluginReport pluginReport();

  /**
   * Keeps what a project wants, and brings it into force for what is decided from then on.
   *
   * @throws RefusedException if there is no such project
   */
  void set(String project, EnrichmentSettings settings) throws RefusedException;
}
