package weir.enrich;

import java.util.Optional;
import weir.enrich.plugin.PluginChain;

/** The enrichments that each project wants. Safe for use by several threads. */
public interface ProjectEnrichments {
  /** Of no project any. */
  ProjectEnrichments NONE = project -> Enrichments.NONE;

  /** Those of a project as of now; quick, since every request asks. */
  Enrichments of(String project);

  /** The plug-ins that a project's events pass after that, if any; as quick. */
  default Optional<PluginChain> plugins(String project) {
    return Optional.empty();
  }
}
