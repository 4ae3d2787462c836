package weir.lake;

import java.time.Duration;
import java.util.Objects;

/**
 * How the lake is written.
 *
 * @param commitEvents pending rows of a table at which they are committed
 * @param commitInterval how long rows of a busy table wait for their commit: one that has at least
 *     a fiftieth of {@code commitEvents} pending
 * @param quietCommitInterval how long a row waits for its commit at most, apart from the commit's
 *     time
 * @param pendingBytes memory for pending rows of all tables, in bytes; when it is used up, the
 *     largest tables are committed
 * @param heldLogBytes clean log that pending rows may hold back, in bytes; the tables whose rows
 *     are further behind are committed
 * @param engineMemoryBytes memory limit of the Parquet writer; at least as much as {@code
 *     pendingBytes}
 * @param engineThreads threads of the Parquet writer
 * @param upkeep how the tables are kept in order
 */
public record LakeOptions(
    int commitEvents,
    Duration commitInterval,
    Duration quietCommitInterval,
    long pendingBytes,
    long heldLogBytes,
    long engineMemoryBytes,
    int engineThreads,
    UpkeepOptions upkeep) {
  /** What fits a machine of two cores and a few gigabytes. */
  public static final LakeOptions DEFAULT =
      new LakeOptions(
          500_000,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          192L << 20,
          512L << 20,
          512L << 20,
          1,
          UpkeepOptions.DEFAULT);

  public LakeOptions {
    require(commitEvents > 0, "commitEvents must be positive");
    require(!commitInterval.isNegative(), "commitInterval must not be negative");
    require(
        quietCommitInterval.compareTo(commitInterval) >= 0,
        "quietCommitInterval must not be less than commitInterval");
    require(pendingBytes > 0, "pendingBytes must be positive");
    require(heldLogBytes > 0, "heldLogBytes must be positive");
    require(engineMemoryBytes >= pendingBytes, "engineMemoryBytes must be at least pendingBytes");
    require(engineThreads > 0, "engineThreads must be positive");
    Objects.requireNonNull(upkeep, "upkeep");
  }

  /** These, but every table is committed at this interval, be it busy or not. */
  public LakeOptions committedEvery(Duration interval) {
    return new LakeOptions(
        commitEvents,
        interval,
        interval,
        pendingBytes,
        heldLogBytes,
        engineMemoryBytes,
        engineThreads,
        upkeep);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
