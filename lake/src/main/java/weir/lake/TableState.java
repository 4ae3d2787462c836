package weir.lake;

import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import weir.log.Position;

/**
 * What a table knows of the clean log, kept in the summary of its snapshots.
 *
 * <p>Every commit carries it forward. Where a foreign commit did not, the newest ancestor that has
 * it answers.
 *
 * @param position the table holds everything before it
 * @param loadedTotal rows ever appended
 */
record TableState(Position position, long loadedTotal) {
  private static final String POSITION = "weir.position";
  private static final String LOADED_TOTAL = "weir.loaded-total";
  private static final String COMMIT = "weir.commit";

  private static final TableState NEW = new TableState(Position.START, 0);

  TableState {
    Objects.requireNonNull(position, "position");
  }

  /** The state of a table as it was last refreshed. */
  static TableState of(Table table) {
    return of(SnapshotUtil.currentAncestors(table));
  }

  /**
   * @param ancestry snapshots, newest first
   */
  static TableState of(Iterable<Snapshot> ancestry) {
    for (Snapshot snapshot : ancestry) {
      Map<String, String> summary = snapshot.summary();
      String position = summary.get(POSITION);
      if (position != null) {
        long loaded = Long.parseLong(summary.getOrDefault(LOADED_TOTAL, "0"));
        return new TableState(Position.parse(position), loaded);
      }
    }
    return NEW;
  }

  /** Whether a commit of this id is part of a table as it was last refreshed. */
  static boolean has(Table table, String commitId) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (commitId.equals(snapshot.summary().get(COMMIT))) {
        return true;
      }
    }
    return false;
  }

  /** Puts this state into the snapshot that an update makes. */
  void writeTo(SnapshotUpdate<?> update, @Nullable String commitId) {
    update.set(POSITION, position.toString());
    update.set(LOADED_TOTAL, Long.toString(loadedTotal));
    if (commitId != null) {
      update.set(COMMIT, commitId);
    }
  }
}
