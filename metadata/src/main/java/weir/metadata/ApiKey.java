package weir.metadata;

import java.util.Optional;

/**
 * An API key that is in force.
 *
 * @param id names the key and opens nothing
 * @param project that it belongs to
 * @param installation whether it opens every project, and what is of no project
 * @param limit the rows that it sees; empty for all
 */
public record ApiKey(
    String id, String project, KeyScope scope, boolean installation, Optional<KeyLimit> limit) {
  public ApiKey {
    if (limit.isPresent() && (installation || scope != KeyScope.READ)) {
      throw new IllegalArgumentException("a limited key reads one project");
    }
  }

  /** Who asks when this key is used. */
  public Asker asks(String ofProject) {
    return new Asker(ofProject, id, limit);
  }
}
