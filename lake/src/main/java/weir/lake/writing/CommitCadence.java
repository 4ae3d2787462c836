package weir.lake.writing;

import java.time.Duration;
import java.time.Instant;
import weir.lake.LakeOptions;

/**
 * When a table's pending rows are to be committed: when they are enough, or when it is time.
 *
 * <p>A table is busy when it has at least a fiftieth of {@link LakeOptions#commitEvents()} pending
 * (10,000 rows unless set). A busy one is committed once its oldest row has waited for {@link
 * LakeOptions#commitInterval()}; any other one only after {@link
 * LakeOptions#quietCommitInterval()}, so that many small tables cost few commits and leave few
 * small files.
 */
final class CommitCadence {
  private static final int BUSY_PART = 50;

  private final LakeOptions options;
  private final int busyRows;

  CommitCadence(LakeOptions options) {
    this.options = options;
    this.busyRows = Math.max(1, options.commitEvents() / BUSY_PART);
  }

  boolean isEnough(int rows) {
    return rows >= options.commitEvents();
  }

  /** Whether rows are to be committed of which the oldest one came at an instant. */
  boolean isDue(int rows, Instant since, Instant now) {
    return isEnough(rows) || now.isBefore(since) || !untilDue(rows, since, now).isPositive();
  }

  /** How long to wait if no more rows come. */
  Duration untilDue(int rows, Instant since, Instant now) {
    Duration interval = rows >= busyRows ? options.commitInterval() : options.quietCommitInterval();
    return Duration.between(now, since.plus(interval));
  }
}
