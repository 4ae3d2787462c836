package weir.query;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How DuckDB is set up.
 *
 * @param spill the one folder that it may write to; exists. What does not fit into memory goes to
 *     {@code temporary} in it; results go anywhere else in it
 * @param memoryBytes what an instance may buffer; it can use more for single values
 * @param spillBytes what an instance may spill there
 * @param threads workers of an instance
 * @param instances how many projects stay open; one that is idle is closed for another
 */
public record DuckDbOptions(
    Path spill, long memoryBytes, long spillBytes, int threads, int instances) {
  public DuckDbOptions {
    Objects.requireNonNull(spill, "spill");
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
}
