package weir.query;

import java.util.Set;

/**
 * What is known of a project, whichever of its instances found it out.
 *
 * @param catalog what its files hold
 * @param merges its merged actors
 * @param reserved keywords and the engine's own views, folded: names that no view of ours may have
 */
record ProjectFacts(FileCatalog catalog, KnownMerges merges, Set<String> reserved) {
  ProjectFacts(Set<String> reserved) {
    this(new FileCatalog(), new KnownMerges(), Set.copyOf(reserved));
  }
}
