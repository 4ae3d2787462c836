package weir.query.door;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Bounds of the query role.
 *
 * @param results an existing folder for results that wait to be fetched or sent; emptied at start
 * @param timeout of a query that names none
 * @param maxTimeout that a query may name
 * @param concurrent queries at one time
 * @param projectConcurrent queries of one project at one time
 * @param waiting queries of one project that may wait until others have ended
 * @param jsonLimit rows in a JSON result that names no limit
 * @param keptResults how many asynchronous results are kept
 * @param keptBytes how large they may be together; no single one, and no Parquet file, may be
 *     larger
 * @param keptFor how long each is kept
 * @param residentBytes of memory that the process may hold before running queries are ended; 0 for
 *     no bound
 * @param overrun how long past its end a query may go on before the process is halted
 */
public record QueryOptions(
    Path results,
    Duration timeout,
    Duration maxTimeout,
    int concurrent,
    int projectConcurrent,
    int waiting,
    long jsonLimit,
    int keptResults,
    long keptBytes,
    Duration keptFor,
    long residentBytes,
    Duration overrun) {
  public QueryOptions {
    Objects.requireNonNull(results, "results");
    positive(timeout, "timeout");
    positive(maxTimeout, "maxTimeout");
    positive(keptFor, "keptFor");
    positive(overrun, "overrun");
    if (timeout.compareTo(maxTimeout) > 0) {
      throw new IllegalArgumentException("timeout " + timeout + " is above maxTimeout");
    }
    positive(concurrent, "concurrent");
    positive(projectConcurrent, "projectConcurrent");
    if (waiting < 0) {
      throw new IllegalArgumentException("waiting is " + waiting);
    }
    positive(jsonLimit, "jsonLimit");
    positive(keptResults, "keptResults");
    positive(keptBytes, "keptBytes");
    if (residentBytes < 0) {
      throw new IllegalArgumentException("residentBytes is " + residentBytes);
    }
  }

  /** The usual bounds. */
  public static QueryOptions defaults(Path results) {
    return new QueryOptions(
        results,
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        8,
        6,
        100,
        10_000,
        100,
        1L << 30,
        Duration.ofHours(1),
        0,
        Duration.ofSeconds(2));
  }

  private static void positive(Duration value, String name) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value);
    }
  }

  private static void positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value);
    }
  }
}
