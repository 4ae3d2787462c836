package weir.query.hottail;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import weir.event.Position;
import weir.lake.LakeSnapshot;

/**
 * What a project's tail held at one moment; it stays as it is, whatever the tail drops.
 *
 * @param events the rows of {@code events}
 * @param badEvents the rows of {@code bad_events}
 * @param eventsFrom no row of {@code events} is missing from here to {@code to}
 * @param badEventsFrom no row of {@code bad_events} is
 * @param to where the clean log was read to, or before
 */
public record TailPin(
    List<TailRows> events,
    List<TailRows> badEvents,
    Position eventsFrom,
    Position badEventsFrom,
    Position to) {
  /** A tail without rows. */
  public static final TailPin EMPTY =
      new TailPin(List.of(), List.of(), Position.START, Position.START, Position.START);

  public TailPin {
    events = List.copyOf(events);
    badEvents = List.copyOf(badEvents);
    Objects.requireNonNull(eventsFrom, "eventsFrom");
    Objects.requireNonNull(badEventsFrom, "badEventsFrom");
    Objects.requireNonNull(to, "to");
  }

  /** Whether it has all rows that the lake was given between two states. */
  public boolean spans(LakeSnapshot older, LakeSnapshot newer) {
    return !older.events().position().isBefore(eventsFrom)
        && !older.badEvents().position().isBefore(badEventsFrom)
        && !to.isBefore(newer.events().position())
        && !to.isBefore(newer.badEvents().position());
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
