package weir.collect;

import java.time.InstantSource;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.GroupCommit;

/** A partition of the raw log: what waits for it, and whether it takes appends. */
final class LogPartition implements AutoCloseable {
  private final String name;
  private final GroupCommit queue;
  private final LogHealth health;

  /**
   * @param name in messages, such as "the raw log"
   * @param log stays its owner's to close, after this
   * @param maxQueuedBytes how much may wait
   */
  LogPartition(
      String name, EventLog log, long maxQueuedBytes, String threadName, InstantSource clock) {
    this.name = name;
    this.queue = new GroupCommit(log, maxQueuedBytes, threadName);
    this.health = new LogHealth(clock);
  }

  /** As {@link GroupCommit#submit}. */
  boolean submit(byte[] frame, GroupCommit.Callback told) {
    return queue.submit(frame, new Noting(told));
  }

  long queuedBytes() {
    return queue.queuedBytes();
  }

  LogHealth health() {
    return health;
  }

  @Override
  public void close() {
    queue.close();
  }

  /** Notes how the log is before it passes on how an append ended. */
  private final class Noting implements GroupCommit.Callback {
    private final GroupCommit.Callback told;

    Noting(GroupCommit.Callback told) {
      this.told = told;
    }

    @Override
    public void done(Appended outcome) {
      switch (outcome) {
        case Appended.Stored stored -> health.stored();
        case Appended.Full full ->
            health.troubled(
                name
                    + " is full ("
                    + full.why()
                    + "); log.raw_limit and log.disk_reserve bound it");
      }
      told.done(outcome);
    }

    @Override
    public void failed(Exception failure) {
      if (!(failure instanceof IllegalArgumentException)) {
        health.troubled(name + " has failed");
      }
      told.failed(failure);
    }
  }
}
