package weir.benchmarks;

import java.util.function.Predicate;
import weir.testkit.powercut.DiskModel;

/**
 * Which fsyncs a disk passes over, as if the code had forgotten them: a run of power cuts that
 * finds nothing wrong then would prove nothing.
 */
enum Forgotten {
  /** None: the code as it is. */
  NOTHING(path -> false),
  /** Those of the raw log's segments. */
  RAW(path -> path.startsWith("raw/")),
  /** Those of the clean log's segments. */
  CLEAN(path -> path.startsWith("clean/")),
  /** Those of Parquet files. */
  DATA(path -> path.startsWith("lake/") && path.endsWith(".parquet")),
  /** Those of directories. */
  DIRECTORIES(path -> !path.substring(path.lastIndexOf('/') + 1).contains(".")),
  /** Those of the catalog, its journal included. */
  CATALOG(path -> path.startsWith("lake/catalog.db"));

  private final Predicate<String> ignored;

  Forgotten(Predicate<String> ignored) {
    this.ignored = ignored;
  }

  /** The paths whose fsync does nothing, for {@link DiskModel}. */
  Predicate<String> ignored() {
    return ignored;
  }
}
