package weir.lake;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import weir.event.CleanRecord;
import weir.log.Position;

/**
 * A table and what waits for its next commit.
 *
 * <p>A commit that failed or whose outcome is unknown keeps its files, and is made again with them
 * before any further row is added.
 */
final class PendingTable {
  private final LakeWriter.TableName name;
  private final EventTable table;
  private Position position;
  private @Nullable RowWriter rows;
  private Position firstPending = Position.START;
  private Instant since = Instant.EPOCH;
  private @Nullable Prepared prepared;

  private record Prepared(List<DataFile> files, Position upTo) {}

  PendingTable(LakeWriter.TableName name, EventTable table) throws IOException {
    this.name = name;
    this.table = table;
    this.position = table.committedUpTo();
  }

  LakeWriter.TableName name() {
    return name;
  }

  EventTable table() {
    return table;
  }

  /** The position at which this writer left or found the table. */
  Position position() {
    return position;
  }

  void add(CleanRecord row, Position at, Instant now) {
    if (prepared != null) {
      throw new IllegalStateException(name + " has a commit that is not finished");
    }
    if (rows == null) {
      rows = table.newWriter();
      firstPending = at;
      since = now;
    }
    rows.add(row);
  }

  boolean hasPending() {
    return rows != null;
  }

  int rows() {
    return rows == null ? 0 : rows.rows();
  }

  long bytes() {
    return rows == null ? 0 : rows.bytes();
  }

  /** Where the first pending row stands in the log. */
  Position firstPending() {
    return firstPending;
  }

  /** When the first pending row came. */
  Instant since() {
    return since;
  }

  /** Property values among the pending rows that found no column. */
  long misfits() {
    return rows instanceof IcebergRowWriter writer ? writer.misfits() : 0;
  }

  /**
   * Commits what is pending.
   *
   * @param upTo the log has been read up to here; ignored where an earlier try is to be finished
   * @throws WriterSupersededException if another writer has taken over
   * @throws IOException if it may be tried again
   */
  void commit(Position upTo) throws IOException {
    RowWriter pending = rows;
    if (pending == null) {
      return;
    }
    Prepared commit = prepared;
    if (commit == null) {
      commit = prepare(pending, upTo);
      prepared = commit;
    }
    switch (table.commit(commit.files(), position, commit.upTo())) {
      case CommitResult.Committed committed -> {
        position = committed.upTo();
        rows = null;
        prepared = null;
      }
      case CommitResult.Conflict conflict -> throw superseded(conflict.tableAt());
      case CommitResult.Unknown unknown ->
          throw new IOException(
              "it is not known whether " + name + " was written", unknown.cause());
    }
  }

  private Prepared prepare(RowWriter pending, Position upTo) throws IOException {
    try {
      return new Prepared(pending.write(), upTo);
    } catch (IOException e) {
      Position tableAt = table.committedUpTo();
      if (!tableAt.equals(position)) {
        throw superseded(tableAt);
      }
      throw e;
    }
  }

  private WriterSupersededException superseded(Position tableAt) {
    return new WriterSupersededException(
        name
            + " stands at "
            + tableAt
            + ", not at "
            + position
            + ": another writer has taken over");
  }
}
