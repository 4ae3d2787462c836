package weir.lake.writing;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.catalog.TableName;
import weir.lake.table.CommitResult;
import weir.lake.table.EventTable;
import weir.lake.table.IcebergRowWriter;
import weir.lake.table.RowWriter;
import weir.lake.table.WriterSupersededException;
import weir.log.LogEntry;

/**
 * A table and what waits for its next commit.
 *
 * <p>A commit that failed or whose outcome is unknown keeps its files, which need no memory, and is
 * made again with them, after a pause that doubles, before any other. Meanwhile rows go on
 * gathering.
 */
final class PendingTable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final TableName name;
  private final EventTable table;
  private Positions position;
  private @Nullable RowWriter rows;

  /** Where the first row of each partition stands that is not prepared. */
  private SortedMap<Integer, Position> firstRows = new TreeMap<>();

  private Instant since = Instant.EPOCH;
  private @Nullable Prepared prepared;
  private Duration pause = Duration.ZERO;
  private Instant failedAt = Instant.EPOCH;

  /** Files that are written and not known to be committed. */
  private record Prepared(
      List<DataFile> files,
      SortedMap<Integer, Position> firstRows,
      Positions upTo,
      Committed counts) {}

  /** What a commit brought. */
  record Committed(int rows, long misfits) {
    static final Committed NOTHING = new Committed(0, 0);
  }

  PendingTable(TableName name, EventTable table) throws IOException {
    this.name = name;
    this.table = table;
    this.position = table.committedUpTo();
  }

  TableName name() {
    return name;
  }

  /** The position up to which this writer has committed rows, or found them. */
  Positions position() {
    return position;
  }

  /** Adds the row of a frame. */
  void add(CleanRecord row, LogEntry.Frame frame, Instant now) {
    if (rows == null) {
      rows = table.newWriter();
      since = prepared == null ? now : since;
    }
    rows.add(row);
    firstRows.putIfAbsent(frame.partition(), frame.position());
  }

  boolean hasPending() {
    return rows != null || prepared != null;
  }

  int rows() {
    return (rows == null ? 0 : rows.rows()) + (prepared == null ? 0 : prepared.counts().rows());
  }

  long bytes() {
    return rows == null ? 0 : rows.bytes();
  }

  /**
   * From where on the log is needed for what is pending.
   *
   * @param readTo how far it was read
   */
  Positions holdsFrom(Positions readTo) {
    if (!hasPending()) {
      return readTo;
    }
    TreeMap<Integer, Position> first = new TreeMap<>(readTo.known());
    first.putAll(firstRows);
    if (prepared != null) {
      first.putAll(prepared.firstRows());
    }
    return Positions.of(first);
  }

  /** When the first pending row came. */
  Instant since() {
    return since;
  }

  boolean isFailing() {
    return pause.isPositive();
  }

  /** How long to wait until the next try; nothing or less where one may be made. */
  Duration untilTry(Instant now) {
    return now.isBefore(failedAt) ? Duration.ZERO : Duration.between(now, failedAt.plus(pause));
  }

  /**
   * Commits what is pending; of two commits, one that failed and the rows since then, both.
   *
   * @param readTo how far the log has been read; where the table is further already, since it was
   *     before the writer began, it stays there
   * @throws WriterSupersededException if another writer has taken over
   * @throws IOException if it may be tried again
   */
  Committed commit(Positions readTo, Instant now) throws IOException {
    failedAt = now;
    Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    Committed first = commitPrepared();
    RowWriter pending = rows;
    Committed second = Committed.NOTHING;
    if (pending != null) {
      prepared = prepare(pending, position.later(readTo));
      rows = null;
      firstRows = new TreeMap<>();
      second = commitPrepared();
    }
    pause = Duration.ZERO;
    failedAt = Instant.EPOCH;
    return new Committed(first.rows() + second.rows(), first.misfits() + second.misfits());
  }

  private Committed commitPrepared() throws IOException {
    Prepared commit = prepared;
    if (commit == null) {
      return Committed.NOTHING;
    }
    switch (table.commit(commit.files(), position, commit.upTo())) {
      case CommitResult.Committed committed -> {
        position = committed.upTo();
        prepared = null;
      }
      case CommitResult.Conflict conflict -> throw superseded(conflict.tableAt());
    }
    return commit.counts();
  }

  private Prepared prepare(RowWriter pending, Positions upTo) throws IOException {
    try {
      List<DataFile> files = pending.write();
      long misfits = pending instanceof IcebergRowWriter writer ? writer.misfits() : 0;
      return new Prepared(files, firstRows, upTo, new Committed(pending.rows(), misfits));
    } catch (IOException e) {
      Positions tableAt = table.committedUpTo();
      if (!tableAt.equals(position)) {
        throw superseded(tableAt);
      }
      throw e;
    }
  }

  private WriterSupersededException superseded(Positions tableAt) {
    return new WriterSupersededException(
        name
            + " stands at "
            + tableAt
            + ", not at "
            + position
            + ": another writer has taken over");
  }
}
