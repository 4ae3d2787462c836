package weir.enrich;

/** The enrichments that each project wants. Safe for use by several threads. */
public interface ProjectEnrichments {
  /** Of no project any. */
  ProjectEnrichments NONE = project -> Enrichments.NONE;

  /** Those of a project as of now; quick, since every request asks. */
  Enrichments of(String project);
}
