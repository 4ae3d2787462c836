package weir.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.TableState;
import weir.lake.sidecar.Sidecar;

/**
 * Makes a table's commits, of whatever kind, each at most once.
 *
 * <p>A commit bears an id. Before each attempt the table is read: it may have that id already,
 * since an answer was lost or the same commit was asked for before. Then the commit is planned upon
 * what was read, and made only if the table's state is still that one: Iceberg's own attempts check
 * it, too, against the snapshot that they build on. So two commits that cross never lose each
 * other's position or totals; one of them is planned again.
 *
 * <p>What Iceberg wants to delete after a failure is deleted only when the table was read and does
 * not have the commit.
 */
final class TableCommits {
  private static final Logger LOG = LoggerFactory.getLogger(TableCommits.class);

  /** Attempts that may fail for other reasons than that another commit was faster. */
  private static final int FAILURES = 4;

  private final Table table;
  private final InstantSource clock;

  TableCommits(Table table, InstantSource clock) {
    this.table = table;
    this.clock = clock;
  }

  /** How a commit ended. */
  sealed interface Outcome {
    /** It is part of the table, durably. */
    record Done(TableState state) implements Outcome {}

    /** Nothing was committed: the plan found that it does not fit the table as it is. */
    record Refused(TableState state) implements Outcome {}
  }

  /**
   * A commit upon a state.
   *
   * @param update not committed yet
   * @param next the state of the table with it
   * @param alone whether no other commit may come between, of whatever kind
   */
  record Planned(SnapshotUpdate<?> update, TableState next, boolean alone) {
    Planned(SnapshotUpdate<?> update, TableState next) {
      this(update, next, false);
    }
  }

  /** The table as it was just read, and whether it has the commit. */
  private record Read(TableState state, boolean has) {}

  interface Plan {
    /**
     * Plans the commit upon the table as it was just refreshed.
     *
     * @param attempt 0 at first
     * @return null where the commit does not fit any more
     */
    @Nullable Planned upon(TableState state, int attempt) throws IOException;
  }

  /**
   * Commits.
   *
   * @throws OutcomeUnknownException if the table cannot be read, so that nobody knows
   * @throws IOException if it is certain that nothing was committed
   */
  Outcome commit(String id, int attempts, Plan plan) throws IOException {
    List<String> leftovers = new ArrayList<>();
    Exception failure = null;
    int failures = 0;
    for (int attempt = 0; attempt <= attempts; attempt++) {
      Read read = OutcomeUnknownException.read(table.name(), () -> read(id));
      TableState state = read.state();
      if (read.has()) {
        return new Outcome.Done(state);
      }
      remove(leftovers);
      if (attempt == attempts || failures == FAILURES) {
        break;
      }
      Planned planned = plan(plan, state, attempt);
      if (planned == null) {
        return new Outcome.Refused(state);
      }
      failure = attempt(planned, state, id, leftovers);
      if (failure == null) {
        remove(leftovers);
        return new Outcome.Done(planned.next());
      }
      failures += failure instanceof ValidationException ? 0 : 1;
      LOG.info("commit {} to {} did not succeed", id, table.name(), failure);
    }
    throw new IOException("cannot commit to " + table.name(), failure);
  }

  private Read read(String id) {
    table.refresh();
    return new Read(TableState.of(table), TableState.has(table, id));
  }

  private @Nullable Planned plan(Plan plan, TableState state, int attempt) throws IOException {
    try {
      return plan.upon(state, attempt);
    } catch (RuntimeException e) {
      throw new IOException("cannot plan a commit to " + table.name(), e);
    }
  }

  private @Nullable RuntimeException attempt(
      Planned planned, TableState state, String id, List<String> leftovers) {
    SnapshotUpdate<?> update = planned.update();
    planned.next().writeTo(update, id, clock.instant());
    update.deleteWith(leftovers::add);
    Snapshot base = table.currentSnapshot();
    update.validateWith(ancestry ->
        TableState.of(ancestry).equals(state)
            && (!planned.alone() || isSame(newest(ancestry), base)));
    try {
      update.commit();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static boolean isSame(@Nullable Snapshot one, @Nullable Snapshot other) {
    return one == null || other == null ? one == other : one.snapshotId() == other.snapshotId();
  }

  private static @Nullable Snapshot newest(Iterable<Snapshot> ancestry) {
    Iterator<Snapshot> snapshots = ancestry.iterator();
    return snapshots.hasNext() ? snapshots.next() : null;
  }

  private void remove(List<String> leftovers) {
    leftovers.forEach(this::remove);
    leftovers.clear();
  }

  /**
   * Deletes a file that nothing refers to, and its sidecar; one that stays is collected another
   * time.
   */
  void remove(String useless) {
    try {
      if (useless.endsWith(TableFiles.SUFFIX)) {
        table.io().deleteFile(Sidecar.of(Path.of(useless)).toString());
      }
      table.io().deleteFile(useless);
    } catch (RuntimeException e) {
      LOG.warn("{} is of no use any more and stays until it is collected", useless, e);
    }
  }
}
