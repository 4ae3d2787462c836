package weir.query;

import java.util.Set;
import weir.event.ProjectProperties;

/**
 * What is known of a project, whichever of its instances found it out.
 *
 * @param catalog what its files hold
 * @param merges its merged actors
 * @param reserved keywords and the engine's own views, folded: names that no view of ours may have
 */
record ProjectFacts(FileCatalog catalog, KnownMerges merges, Set<String> reserved) {
  /** Of a project of whose properties nothing is known. */
  ProjectFacts(Set<String> reserved) {
    this(reserved, () -> ProjectProperties.UNKNOWN);
  }

  ProjectFacts(Set<String> reserved, FileCatalog.PropertyReading properties) {
    this(new FileCatalog(properties), new KnownMerges(), Set.copyOf(reserved));
  }
}
