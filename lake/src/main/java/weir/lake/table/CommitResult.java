package weir.lake.table;

import java.util.Objects;
import weir.event.Positions;

/** How a commit to an {@link EventTable} ended. */
public sealed interface CommitResult {
  /** The files are part of the table, once, durably, and the table stands at {@code upTo}. */
  record Committed(Positions upTo) implements CommitResult {
    public Committed {
      Objects.requireNonNull(upTo, "upTo");
    }
  }

  /**
   * Nothing was committed and nothing can be: the table does not stand where the writer started, so
   * another writer has taken over. The writer must stop.
   *
   * @param tableAt where the table stands
   */
  record Conflict(Positions tableAt) implements CommitResult {
    public Conflict {
      Objects.requireNonNull(tableAt, "tableAt");
    }
  }
}
