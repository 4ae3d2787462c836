package weir.lake.catalog;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import weir.event.Positions;

/**
 * What a table knows of the clean log and of itself, kept in the summary of its snapshots.
 *
 * <p>Every commit carries it forward. Where a foreign commit did not, the newest ancestor that has
 * it answers. Unless foreign commits change rows, the files hold {@code loadedTotal -
 * duplicatesRemoved - expired - erased} rows.
 *
 * @param position the table holds everything before it, in each partition of the clean log
 * @param loadedTotal rows ever appended
 * @param duplicatesRemoved rows ever removed as duplicates by compaction
 * @param expired rows ever removed because of their age
 * @param erased rows ever removed because somebody asked for it
 */
public record TableState(
    Positions position, long loadedTotal, long duplicatesRemoved, long expired, long erased) {
  private static final String POSITION = "weir.position";
  private static final String LOADED_TOTAL = "weir.loaded-total";
  private static final String DUPLICATES_TOTAL = "weir.duplicates-total";
  private static final String EXPIRED_TOTAL = "weir.expired-total";
  private static final String ERASED_TOTAL = "weir.erased-total";
  private static final String COMMIT = "weir.commit";
  private static final String COMMITTED_AT = "weir.committed-at";

  private static final TableState NEW = new TableState(Positions.START, 0, 0, 0, 0);

  public TableState {
    Objects.requireNonNull(position, "position");
  }

  /** The state of a table as it was last refreshed. */
  public static TableState of(Table table) {
    return of(SnapshotUtil.currentAncestors(table));
  }

  /**
   * @param ancestry snapshots, newest first
   */
  public static TableState of(Iterable<Snapshot> ancestry) {
    Snapshot bearer = bearer(ancestry);
    if (bearer == null) {
      return NEW;
    }
    Map<String, String> summary = bearer.summary();
    return new TableState(
        Positions.parse(Objects.requireNonNull(summary.get(POSITION))),
        total(summary, LOADED_TOTAL),
        total(summary, DUPLICATES_TOTAL),
        total(summary, EXPIRED_TOTAL),
        total(summary, ERASED_TOTAL));
  }

  /** The snapshot that a table's state is kept in; null where nothing was committed yet. */
  public static @Nullable Snapshot bearer(Iterable<Snapshot> ancestry) {
    for (Snapshot snapshot : ancestry) {
      if (snapshot.summary().containsKey(POSITION)) {
        return snapshot;
      }
    }
    return null;
  }

  private static long total(Map<String, String> summary, String key) {
    return Long.parseLong(summary.getOrDefault(key, "0"));
  }

  public TableState appended(Positions upTo, long rows) {
    return new TableState(upTo, loadedTotal + rows, duplicatesRemoved, expired, erased);
  }

  public TableState withoutDuplicates(long rows) {
    return new TableState(position, loadedTotal, duplicatesRemoved + rows, expired, erased);
  }

  public TableState withoutExpired(long rows) {
    return new TableState(position, loadedTotal, duplicatesRemoved, expired + rows, erased);
  }

  public TableState withoutErased(long rows) {
    return new TableState(position, loadedTotal, duplicatesRemoved, expired, erased + rows);
  }

  /** Whether a commit of this id is part of a table as it was last refreshed. */
  public static boolean has(Table table, String commitId) {
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (commitId.equals(snapshot.summary().get(COMMIT))) {
        return true;
      }
    }
    return false;
  }

  /** When a snapshot became current. */
  public static Instant committedAt(Snapshot snapshot) {
    String ours = snapshot.summary().get(COMMITTED_AT);
    return Instant.ofEpochMilli(ours == null ? snapshot.timestampMillis() : Long.parseLong(ours));
  }

  /** Puts this state into the snapshot that an update makes. */
  public void writeTo(SnapshotUpdate<?> update, String commitId, Instant now) {
    mark(update, commitId, now);
    update.set(POSITION, position.toString());
    update.set(LOADED_TOTAL, Long.toString(loadedTotal));
    update.set(DUPLICATES_TOTAL, Long.toString(duplicatesRemoved));
    update.set(EXPIRED_TOTAL, Long.toString(expired));
    update.set(ERASED_TOTAL, Long.toString(erased));
  }

  /** Says in the snapshot that an update makes which commit it is, and when it was made. */
  public static void mark(SnapshotUpdate<?> update, String commitId, Instant now) {
    update.set(COMMITTED_AT, Long.toString(now.toEpochMilli()));
    update.set(COMMIT, commitId);
  }
}
