package weir.query.kept;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import weir.lake.sidecar.Sidecar;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.RowChunk;

/** Reads events that streams lack, for as many together as can be. Used by one thread. */
final class StreamReader {
  /** Rows that are put in order at once, if there is memory for so many. */
  static final long ROWS_AT_ONCE = 4_000_000;

  /** A share of rows from sidecars that are there in both forms while they are put in order. */
  private static final int SHARE_SORTED = 8;

  private final EventView view;
  private final PersonKeys keys;
  private final Room room;
  private final long now;

  /** What memory there is. */
  interface Room {
    /**
     * Makes room; for any thread.
     *
     * @throws TooLargeException if there is none
     */
    void need(long bytes);

    /** Says that streams have grown. */
    void taken();

    /** How many rows can be read and put in order at once. */
    long rowsAtOnce();

    /** Says that files were not read, but what lies beside them. */
    void readBeside(int files);

    /** How many rows can be read that are put in order in their places. */
    long rowsInPlace();
  }

  /**
   * Prepares.
   *
   * @param now nanoseconds
   */
  StreamReader(EventView view, PersonKeys keys, Room room, long now) {
    this.view = view;
    this.keys = keys;
    this.room = room;
    this.now = now;
  }

  /** Brings streams up to what the view sees, from a day on. */
  void read(Map<EventStream, EventStream.Plan> plans) throws QueryException {
    Map<List<EventView.Part>, List<EventStream>> together = new LinkedHashMap<>();
    plans.forEach((stream, plan) -> {
      stream.forget(plan.dead(), now);
      together.computeIfAbsent(plan.read(), parts -> new ArrayList<>()).add(stream);
    });
    for (Map.Entry<List<EventView.Part>, List<EventStream>> each : together.entrySet()) {
      List<EventView.Part> others = readSidecars(each.getValue(), each.getKey());
      for (List<EventView.Part> some : pieces(others)) {
        readRows(each.getValue(), some);
      }
    }
  }

  /** Reads what lies beside parts, and returns those that have nothing beside. */
  private List<EventView.Part> readSidecars(List<EventStream> streams, List<EventView.Part> parts)
      throws QueryException {
    Set<String> names = Set.copyOf(names(streams));
    List<EventView.Part> others = new ArrayList<>();
    List<SidecarRows.Source> some = new ArrayList<>();
    long most = room.rowsInPlace();
    long rows = 0;
    for (EventView.Part part : parts) {
      Optional<Sidecar> sidecar = view.sidecar(part);
      if (sidecar.isEmpty()) {
        others.add(part);
        continue;
      }
      SidecarRows.Source source = new SidecarRows.Source(part, sidecar.get());
      long more = source.rows(names);
      if (rows + more > most) {
        others.addAll(readSidecars(streams, some, rows));
        some = new ArrayList<>();
        rows = 0;
      }
      some.add(source);
      rows += more;
    }
    others.addAll(readSidecars(streams, some, rows));
    others.sort(Comparator.comparing(part -> part.day().isEmpty()));
    return others;
  }

  private List<EventView.Part> readSidecars(
      List<EventStream> streams, List<SidecarRows.Source> some, long rows) {
    List<EventView.Part> damaged = new ArrayList<>();
    if (!some.isEmpty()) {
      room.need(PlacedRuns.MOST_BYTES * rows + rows * Rows.BYTES / SHARE_SORTED);
      SidecarRows read = SidecarRows.load(some, streams, keys, rows, damaged);
      for (int i = 0; i < streams.size(); i++) {
        EventStream stream = streams.get(i);
        Rows[] sorted = read.sorted(i, stream.nextPart());
        stream.add(read.parts(), read.described(i), sorted, now);
      }
      room.taken();
      room.readBeside(read.parts().size());
    }
    return damaged;
  }

  private List<List<EventView.Part>> pieces(List<EventView.Part> parts) {
    List<List<EventView.Part>> pieces = new ArrayList<>();
    long atOnce = Math.min(ROWS_AT_ONCE, room.rowsAtOnce());
    long rows = atOnce;
    for (EventView.Part part : parts) {
      if (rows + part.rows() > atOnce) {
        pieces.add(new ArrayList<>());
        rows = 0;
      }
      pieces.getLast().add(part);
      rows += part.rows();
    }
    return pieces;
  }

  private void readRows(List<EventStream> streams, List<EventView.Part> parts)
      throws QueryException {
    List<EventView.Part> read = new ArrayList<>();
    int[] places = new int[parts.size()];
    for (int i = 0; i < parts.size(); i++) {
      if (mayHaveAny(parts.get(i), streams)) {
        places[read.size()] = i;
        read.add(parts.get(i));
      }
    }
    List<RowTaker> takers = new ArrayList<>();
    if (!read.isEmpty()) {
      AtomicLong taken = new AtomicLong();
      Supplier<RowTaker> taker =
          () -> {
            takers.add(new RowTaker(streams, places, taken));
            return takers.getLast();
          };
      view.read(
          read,
          Set.of("event", "actor", "timestamp"),
          List.of(EventView.ACTOR, EventView.MICROS, number(streams)),
          among(streams),
          taker);
    }
    for (int i = 0; i < streams.size(); i++) {
      int stream = i;
      streams.get(i).add(parts, takers.stream().map(each -> each.rows[stream]).toList(), now);
    }
    room.taken();
  }

  /** Gives rows to the streams that they are of. */
  private final class RowTaker implements EventView.ChunkHandler {
    private final RowCollector[] rows;
    private final int[] places;
    private final int[] firstParts;
    private final AtomicLong taken;
    private long actor = -1;
    private long person = -1;

    RowTaker(List<EventStream> streams, int[] places, AtomicLong taken) {
      this.rows = streams.stream().map(stream -> new RowCollector()).toArray(RowCollector[]::new);
      this.firstParts = streams.stream().mapToInt(EventStream::nextPart).toArray();
      this.places = places;
      this.taken = taken;
    }

    @Override
    public void chunk(RowChunk chunk) {
      // unsorted, then sorted
      room.need(2 * Rows.BYTES * taken.addAndGet(chunk.rows()));
      for (int row = 0; row < chunk.rows(); row++) {
        long next = chunk.number(0, row);
        if (next != actor) {
          actor = next;
          person = keys.key(next);
        }
        int stream = (int) chunk.number(2, row);
        int part = firstParts[stream] + places[(int) chunk.number(3, row)];
        rows[stream].add(person, chunk.number(1, row), part, (int) chunk.number(4, row));
      }
    }
  }

  private boolean mayHaveAny(EventView.Part part, List<EventStream> streams) throws QueryException {
    for (EventStream stream : streams) {
      if (view.mayHave(part, stream.event())) {
        return true;
      }
    }
    return false;
  }

  /** An expression for which of the streams an event is of. */
  static String number(List<EventStream> streams) {
    return EventView.place(names(streams));
  }

  static String among(List<EventStream> streams) {
    return EventView.among(names(streams));
  }

  private static List<String> names(List<EventStream> streams) {
    return streams.stream().map(EventStream::event).toList();
  }
}
