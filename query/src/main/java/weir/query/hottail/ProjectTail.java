package weir.query.hottail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.Positions;
import weir.lake.LakeColumn;
import weir.lake.rows.MemoryRows;
import weir.log.LogEntry;

/** A project's newest rows, and what the lake is known to have of them. Guarded by the tail. */
final class ProjectTail {
  private final TailTable events;
  private final TailTable badEvents;
  private final long keptNanos;
  private final Deque<Known> commits = new ArrayDeque<>();
  private LakeState.Committed committed;

  /** A commit whose rows are here still. */
  private record Known(LakeState.Committed committed, long since) {}

  ProjectTail(TailOptions options, LakeState.Committed committed) {
    this.events = new TailTable(options.generationRows());
    this.badEvents = new TailTable(options.generationRows());
    this.keptNanos = options.kept().toNanos();
    this.committed = committed;
    drop(committed);
  }

  /**
   * Adds a row.
   *
   * @return how much more memory is in use
   */
  long add(LogEntry.Frame frame, CleanRecord row) {
    List<LakeColumn> columns = committed.eventColumns();
    return row instanceof CleanEvent
        ? events.add(frame, row, () -> MemoryRows.events(columns))
        : badEvents.add(frame, row, MemoryRows::badEvents);
  }

  /**
   * What is here.
   *
   * @param from no row is missing that came after it, but for those that were dropped
   * @param to as far
   */
  TailPin pin(Positions from, Positions to) {
    return new TailPin(
        events.pinned(),
        badEvents.pinned(),
        from.later(events.committed()),
        from.later(badEvents.committed()),
        to);
  }

  boolean isEmpty() {
    return events.isEmpty() && badEvents.isEmpty();
  }

  /** Takes note of what the lake has; its rows stay until {@link #drop}. */
  void committed(LakeState.Committed now, long at) {
    if (!now.equals(committed)) {
      committed = now;
      commits.addLast(new Known(now, at));
    }
  }

  /**
   * Drops rows that the lake has had for long enough.
   *
   * @param all whether any time is long enough
   * @return how much memory is given back
   */
  long drop(long now, boolean all) {
    long freed = 0;
    while (!commits.isEmpty() && (all || now - commits.getFirst().since() >= keptNanos)) {
      freed += drop(commits.removeFirst().committed());
    }
    return freed;
  }

  private long drop(LakeState.Committed state) {
    return events.committed(state.events()) + badEvents.committed(state.badEvents());
  }
}
