package weir.query;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a query had before it.
 *
 * @param bytesScanned the size of the lake files that its tables consist of, whether or not all of
 *     each was read
 * @param files how many files those are
 * @param freshTo the newest received_at in those tables; empty if they are empty, or none of them
 *     holds events
 */
public record QueryStats(long bytesScanned, int files, Optional<Instant> freshTo) {
  /** Of a query that reads no lake table. */
  public static final QueryStats NONE = new QueryStats(0, 0, Optional.empty());

  public QueryStats {
    Objects.requireNonNull(freshTo, "freshTo");
  }
}
