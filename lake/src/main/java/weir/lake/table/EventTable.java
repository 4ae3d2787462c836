package weir.lake.table;

import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import weir.event.Positions;
import weir.lake.catalog.OutcomeUnknownException;

/**
 * A table that holds the clean log's rows of one project, exactly once, and knows up to which
 * clean-log position in each of its partitions. Used by one thread at a time; other writers, in
 * this process or another, may have the same table open, and at most one of those that start at the
 * same position succeeds.
 */
public interface EventTable {
  /** Starts to gather rows. Nothing of them is in the table before they are committed. */
  RowWriter newWriter();

  /**
   * Makes files part of the table and moves it to a new position, both or neither. When this
   * answers Committed, a power cut does not undo it. Idempotent: files that were committed before
   * are not committed again, whatever the answer was then.
   *
   * @param files what a {@link RowWriter} of this table wrote; empty to move the position only
   * @param from where the table stood when the writer began
   * @param upTo where it stands then: the files hold everything between the two; of no partition
   *     before {@code from}
   * @throws OutcomeUnknownException if nobody knows
   * @throws IOException if it is certain that nothing was committed; the same commit may be tried
   *     again
   */
  CommitResult commit(List<DataFile> files, Positions from, Positions upTo) throws IOException;

  /**
   * The clean-log position up to which the table holds everything, read from the table; {@link
   * Positions#START} before the first commit.
   *
   * @throws IOException if the table cannot be read
   */
  Positions committedUpTo() throws IOException;
}
