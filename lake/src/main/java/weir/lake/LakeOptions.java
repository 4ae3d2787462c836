package weir.lake;

import java.time.Duration;

/**
 * How the lake is written.
 *
 * @param commitEvents pending rows of a table at which they are committed
 * @param commitInterval how long a row waits for its commit at most, apart from the commit's time
 * @param pendingBytes memory for pending rows of all tables, in bytes; when it is used up, all are
 *     committed
 * @param engineMemoryBytes memory limit of the Parquet writer; at least as much as {@code
 *     pendingBytes}
 * @param engineThreads threads of the Parquet writer
 * @param snapshotAge how long old snapshots of a table stay readable for other Iceberg readers
 */
public record LakeOptions(
    int commitEvents,
    Duration commitInterval,
    long pendingBytes,
    long engineMemoryBytes,
    int engineThreads,
    Duration snapshotAge) {
  /** What fits a machine of two cores and a few gigabytes. */
  public static final LakeOptions DEFAULT =
      new LakeOptions(
          500_000, Duration.ofSeconds(1), 192L << 20, 512L << 20, 1, Duration.ofMinutes(10));

  public LakeOptions {
    require(commitEvents > 0, "commitEvents must be positive");
    require(!commitInterval.isNegative(), "commitInterval must not be negative");
    require(pendingBytes > 0, "pendingBytes must be positive");
    require(engineMemoryBytes >= pendingBytes, "engineMemoryBytes must be at least pendingBytes");
    require(engineThreads > 0, "engineThreads must be positive");
    require(!snapshotAge.isNegative(), "snapshotAge must not be negative");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
