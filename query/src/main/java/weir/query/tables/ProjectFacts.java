package weir.query.tables;

import java.util.Set;
import weir.event.ProjectProperties;

/**
 * What is known of a project, whichever of its instances found it out.
 *
 * @param catalog what its files hold
 * @param merges its merged actors
 * @param reserved keywords and the engine's own views, folded: names that no view of ours may have
 */
public record ProjectFacts(FileCatalog catalog, KnownMerges merges, Set<String> reserved) {
  /** Of a project of whose properties nothing is known. */
  public ProjectFacts(Set<String> reserved) {
    this(reserved, () -> ProjectProperties.UNKNOWN);
  }

  public ProjectFacts(Set<String> reserved, FileCatalog.PropertyReading properties) {
    this(new FileCatalog(properties), reserved);
  }

  private ProjectFacts(FileCatalog catalog, Set<String> reserved) {
    this(catalog, new KnownMerges(catalog), Set.copyOf(reserved));
  }
}
