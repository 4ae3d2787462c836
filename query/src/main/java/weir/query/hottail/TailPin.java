package weir.query.hottail;

import java.util.ArrayList;
import java.util.List;
import weir.log.Position;

/**
 * What a project's tail held at one moment; it stays as it is, whatever the tail drops.
 *
 * @param events the rows of {@code events}
 * @param badEvents the rows of {@code bad_events}
 */
public record TailPin(List<TailRows> events, List<TailRows> badEvents) {
  /** A tail without rows. */
  public static final TailPin EMPTY = new TailPin(List.of(), List.of());

  public TailPin {
    events = List.copyOf(events);
    badEvents = List.copyOf(badEvents);
  }

  /**
   * Those rows that a table of the lake lacks.
   *
   * @param position that of a snapshot of the table, taken after the tail was pinned
   */
  public static List<TailRows> after(Position position, List<TailRows> pinned) {
    List<TailRows> rows = new ArrayList<>();
    for (TailRows each : pinned) {
      int from = each.generation().rows().rowsBefore(position);
      if (from < each.to()) {
        rows.add(new TailRows(each.generation(), from, each.to()));
      }
    }
    return rows;
  }
}
