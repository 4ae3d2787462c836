package weir.query.hottail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.event.Positions;
import weir.lake.rows.MemoryRows;
import weir.log.LogEntry;

/** The generations of one table. Guarded by the tail. */
final class TailTable {
  private final List<Generation> generations = new ArrayList<>();
  private final int generationRows;
  private final Map<Integer, Generation> open = new HashMap<>();
  private Positions committed = Positions.START;

  TailTable(int generationRows) {
    this.generationRows = generationRows;
  }

  /**
   * Adds a row, unless the lake is known to have it.
   *
   * @return how much more memory is in use
   */
  long add(LogEntry.Frame frame, CleanRecord row, Supplier<MemoryRows> newRows) {
    if (frame.position().isBefore(committed.of(frame.partition()))) {
      return 0;
    }
    Generation generation = open.get(frame.partition());
    if (generation == null) {
      generation = new Generation(newRows.get(), frame);
      generations.add(generation);
      open.put(frame.partition(), generation);
    }
    long more = generation.add(frame, row);
    if (generation.rows().rows() >= generationRows) {
      open.remove(frame.partition());
    }
    return more;
  }

  /**
   * The lake holds everything before a position. An open generation that it has part of is closed,
   * so that it can go with the next commit.
   *
   * @return how much memory is given back
   */
  long committed(Positions position) {
    Positions later = committed.later(position);
    if (later.equals(committed)) {
      return 0;
    }
    committed = later;
    long freed = 0;
    for (Iterator<Generation> each = generations.iterator(); each.hasNext(); ) {
      Generation generation = each.next();
      Position has = later.of(generation.partition());
      if (!has.isBefore(generation.end())) {
        each.remove();
        generation.drop();
        freed += generation.bytes();
      }
      if (generation.first().isBefore(has)) {
        open.remove(generation.partition(), generation);
      }
    }
    return freed;
  }

  /** No row at or after it is missing that was given to {@link #add}. */
  Positions committed() {
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
