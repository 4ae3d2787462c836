package weir.query;

import java.util.Objects;
import java.util.Optional;

/**
 * Who asks, and what they may see.
 *
 * @param project whose tables are seen
 * @param key names the API key that asks; queries of one key are not shown to another. Empty for
 *     the project itself
 * @param limit to some rows; empty for all
 */
public record Access(String project, String key, Optional<RowLimit> limit) {
  public Access {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(limit, "limit");
  }

  /** All rows of a project. */
  public static Access to(String project) {
    return new Access(project, "", Optional.empty());
  }

  /** As this, but to the rows alone that a limit allows. */
  public Access limitedTo(RowLimit rows) {
    return new Access(project, key, Optional.of(rows));
  }
}
