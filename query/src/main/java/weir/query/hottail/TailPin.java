package weir.query.hottail;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import weir.event.Positions;
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
    Positions eventsFrom,
    Positions badEventsFrom,
    Positions to) {
  /** A tail without rows. */
  public static final TailPin EMPTY =
      new TailPin(List.of(), List.of(), Positions.START, Positions.START, Positions.START);

  public TailPin {
    events = List.copyOf(events);
    badEvents = List.copyOf(badEvents);
    Objects.requireNonNull(eventsFrom, "eventsFrom");
    Objects.requireNonNull(badEventsFrom, "badEventsFrom");
    Objects.requireNonNull(to, "to");
  }

  /** Whether it has all rows that the lake was given between two states. */
  public boolean spans(LakeSnapshot older, LakeSnapshot newer) {
    return older.events().position().covers(eventsFrom)
        && older.badEvents().position().covers(badEventsFrom)
        && to.covers(newer.events().position())
        && to.covers(newer.badEvents().position());
  }

  /**
   * Those rows that a table of the lake lacks.
   *
   * @param position that of a snapshot of the table, taken after the tail was pinned
   */
  public static List<TailRows> after(Positions position, List<TailRows> pinned) {
    List<TailRows> rows = new ArrayList<>();
    for (TailRows each : pinned) {
      Generation generation = each.generation();
      int from = generation.rows().rowsBefore(position.of(generation.partition()));
      if (from < each.to()) {
        rows.add(new TailRows(generation, from, each.to()));
      }
    }
    return rows;
  }
}
