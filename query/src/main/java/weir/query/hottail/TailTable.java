package weir.query.hottail;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.lake.rows.MemoryRows;
import weir.log.LogEntry;

/** The generations of one table. Guarded by the tail. */
final class TailTable {
  private final List<Generation> generations = new ArrayList<>();
  private final int generationRows;
  private Position committed = Position.START;
  private @Nullable Generation open;

  TailTable(int generationRows) {
    this.generationRows = generationRows;
  }

  /**
   * Adds a row, unless the lake is known to have it.
   *
   * @return how much more memory is in use
   */
  long add(LogEntry.Frame frame, CleanRecord row, Supplier<MemoryRows> newRows) {
    if (frame.position().isBefore(committed)) {
      return 0;
    }
    Generation generation = open;
    if (generation == null) {
      generation = new Generation(newRows.get(), frame.position());
      generations.add(generation);
      open = generation;
    }
    long more = generation.add(frame, row);
    if (generation.rows().rows() >= generationRows) {
      open = null;
    }
    return more;
  }

  /**
   * The lake holds everything before a position. An open generation that it has part of is closed,
   * so that it can go with the next commit.
   *
   * @return how much memory is given back
   */
  long committed(Position position) {
    if (!committed.isBefore(position)) {
      return 0;
    }
    committed = position;
    long freed = 0;
    for (Iterator<Generation> each = generations.iterator(); each.hasNext(); ) {
      Generation generation = each.next();
      if (!position.isBefore(generation.end())) {
        each.remove();
        generation.drop();
        freed += generation.bytes();
      }
      if (generation == open && generation.first().isBefore(position)) {
        open = null;
      }
    }
    return freed;
  }

  /** No row at or after it is missing that was given to {@link #add}. */
  Position committed() {
    return committed;
  }

  boolean isEmpty() {
    return generations.isEmpty();
  }

  List<TailRows> pinned() {
    return generations.stream()
        .map(generation -> new TailRows(generation, 0, generation.rows().rows()))
        .toList();
  }
}
