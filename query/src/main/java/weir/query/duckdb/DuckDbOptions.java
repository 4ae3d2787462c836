package weir.query.duckdb;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How DuckDB is set up.
 *
 * @param spill the one folder that it may write to; exists. What does not fit into memory, and
 *     Parquet, goes to a folder of the project in it
 * @param memoryBytes what an instance may buffer; it can use more for single values
 * @param spillBytes what an instance may spill there
 * @param threads workers of an instance
 * @param instances how many projects stay open; one that is idle is closed for another
 * @param pricePerTerabyte what 10^12 bytes scanned cost; 0 for no telling
 * @param trusted whether all statements are of our own making: then they run in one instance for
 *     each project, which can open all of its files. Those that users write must not
 */
public record DuckDbOptions(
    Path spill,
    long memoryBytes,
    long spillBytes,
    int threads,
    int instances,
    BigDecimal pricePerTerabyte,
    boolean trusted) {
  private static final long LITTLE = 64L << 20;

  /** For statements that users write. */
  public DuckDbOptions(
      Path spill,
      long memoryBytes,
      long spillBytes,
      int threads,
      int instances,
      BigDecimal pricePerTerabyte) {
    this(spill, memoryBytes, spillBytes, threads, instances, pricePerTerabyte, false);
  }

  /** Without a price. */
  public DuckDbOptions(Path spill, long memoryBytes, long spillBytes, int threads, int instances) {
    this(spill, memoryBytes, spillBytes, threads, instances, BigDecimal.ZERO);
  }

  public DuckDbOptions {
    Objects.requireNonNull(spill, "spill");
    if (pricePerTerabyte.signum() < 0) {
      throw new IllegalArgumentException("pricePerTerabyte is " + pricePerTerabyte);
    }
    if (memoryBytes < 1 << 20) {
      throw new IllegalArgumentException("memoryBytes is " + memoryBytes + ", less than 1 MiB");
    }
    if (spillBytes < 0) {
      throw new IllegalArgumentException("spillBytes is " + spillBytes);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads);
    }
    if (instances < 1) {
      throw new IllegalArgumentException("instances is " + instances);
    }
  }

  /** As these, for statements of our own making alone. */
  public DuckDbOptions trusting() {
    return new DuckDbOptions(
        spill, memoryBytes, spillBytes, threads, instances, pricePerTerabyte, true);
  }

  /**
   * For an instance beside the project's main one: half of the memory and spill, unless that is
   * little.
   */
  DuckDbOptions beside() {
    return new DuckDbOptions(
        spill,
        Math.min(memoryBytes, Math.max(memoryBytes / 2, LITTLE)),
        Math.min(spillBytes, Math.max(spillBytes / 2, LITTLE)),
        threads,
        instances,
        pricePerTerabyte,
        trusted);
  }

  /** The folder that the folders of a project's instances are in. */
  Path folder(String project) {
    return spill.resolve("temporary").resolve(project);
  }
}
