package weir.query.duckdb;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeSnapshot;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * Makes the instance of a project's newest state ready while the one of the state before still
 * answers, so that no statement waits for a commit. Safe for use by several threads.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final Opening opening;
  private final Handover handover;
  private @Nullable Deadline running;
  private boolean failed;
  private boolean ended;

  /** Opens an instance. */
  interface Opening {
    ProjectDatabase open(Reach reach) throws QueryException;
  }

  /** Puts an instance in the place of another one; answers whether it was there still. */
  interface Handover {
    boolean succeed(ProjectDatabase before, ProjectDatabase next);
  }

  /** Has an instance load what the next statement would wait for. */
  interface Ready {
    void make(ProjectDatabase next, LakeSnapshot snapshot, Deadline deadline)
        throws QueryException, SQLException;
  }

  Succession(Opening opening, Handover handover) {
    this.opening = opening;
    this.handover = handover;
  }

  /**
   * Begins, unless it has begun.
   *
   * @param reaching of the snapshot; asked where it begins
   * @return whether the one before is to answer meanwhile; if not, the last attempt failed: who
   *     opens an instance learns why
   */
  synchronized boolean begin(
      ProjectDatabase before, LakeSnapshot snapshot, OpenProject.Reaching reaching, Ready ready)
      throws QueryException {
    if (failed || ended) {
      failed = false;
      return false;
    }
    if (running == null) {
      Reach reach = reaching.reach();
      Deadline deadline = new Deadline(System::nanoTime, Duration.ofDays(1));
      running = deadline;
      Thread.ofPlatform()
          .daemon()
          .name("weir-query-next")
          .start(() -> run(before, reach, snapshot, ready, deadline));
    }
    return true;
  }

  private void run(
      ProjectDatabase before, Reach reach, LakeSnapshot snapshot, Ready ready, Deadline deadline) {
    ProjectDatabase next = null;
    boolean made = false;
    try {
      next = opening.open(reach);
      ready.make(next, snapshot, deadline);
      made = handover.succeed(before, next);
      ends(false);
    } catch (QueryException | SQLException | RuntimeException e) {
      if (ends(true)) {
        LOG.warn("No instance was made ready for a new state of the lake", e);
      }
    } finally {
      if (next != null && !made) {
        OpenProject.close(next);
      }
    }
  }

  /** Answers whether the project is still open. */
  private synchronized boolean ends(boolean inFailure) {
    running = null;
    failed = inFailure;
    return !ended;
  }

  /** Ends what runs; nothing begins any more. */
  synchronized void end() {
    ended = true;
    if (running != null) {
      running.end(QueryError.QUERY_CANCELLED);
    }
  }
}
