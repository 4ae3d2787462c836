package weir.query.kept;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.RowChunk;

/**
 * Asks what an expression says of the rows of some streams, as far as that is not known.
 *
 * <p>Where the rows of each name lie together, as in files, the number of a row tells its name, and
 * rows that are not asked for may come along. Of a condition that most rows meet, those are read
 * that do not. Used by one thread.
 */
final class ColumnReader {
  /** Files with fewer are read at once. */
  private static final long ROWS_WORTH_A_TRIAL = 500_000;

  /** A share of the rows; where more are asked for, all are read. */
  private static final int SHARE = 4;

  private final EventView view;
  private final Expression expression;
  private final StreamReader.Room room;

  ColumnReader(EventView view, Expression expression, StreamReader.Room room) {
    this.view = view;
    this.expression = expression;
    this.room = room;
  }

  private boolean isCondition() {
    return expression.kind() == Expression.Kind.CONDITION;
  }

  /** Reads for streams that have a column of the expression. */
  void read(List<EventStream> streams) throws QueryException {
    Map<EventView.Part, List<RowRange>> lacking = new LinkedHashMap<>();
    List<KeptColumn> columns = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      EventStream stream = streams.get(i);
      KeptColumn column = stream.column(expression).orElseThrow();
      int place = i;
      stream
          .lacking(column)
          .forEach((part, number) ->
              lacking
                  .computeIfAbsent(part, each -> new ArrayList<>())
                  .add(new RowRange(place, number, stream.rowsOf(number))));
      columns.add(column);
    }
    if (!lacking.isEmpty()) {
      begin(lacking, columns);
      if (isCondition() && expression.columns().equals(Set.of("event"))) {
        decide(streams, columns, lacking.values());
      } else {
        readParts(streams, columns, lacking);
      }
      room.taken();
    }
    for (int i = 0; i < columns.size(); i++) {
      streams.get(i).completed(columns.get(i));
    }
  }

  private void readParts(
      List<EventStream> streams,
      List<KeptColumn> columns,
      Map<EventView.Part, List<RowRange>> lacking)
      throws QueryException {
    Predicate<EventView.Part> isApart =
        part -> RowRange.areApart(lacking.getOrDefault(part, List.of()));
    List<EventView.Part> apart = lacking.keySet().stream().filter(isApart).toList();
    readApart(streams, columns, filesFirst(apart), lacking);
    List<EventView.Part> mixed = lacking.keySet().stream().filter(isApart.negate()).toList();
    readSome(new Reading(streams, columns, filesFirst(mixed), lacking, false, false));
  }

  private void begin(Map<EventView.Part, List<RowRange>> lacking, List<KeptColumn> columns) {
    long bytes = 0;
    for (List<RowRange> ranges : lacking.values()) {
      for (RowRange each : ranges) {
        bytes += columns.get(each.stream()).bytesOf(each.rows());
      }
    }
    room.need(bytes);
    lacking.values().stream()
        .flatMap(List::stream)
        .forEach(each -> columns.get(each.stream()).begin(each.part(), each.rows()));
  }

  /** Decides by the names of events alone. */
  private void decide(
      List<EventStream> streams, List<KeptColumn> columns, Collection<List<RowRange>> ranges)
      throws QueryException {
    Set<String> meeting =
        view.meeting(
            streams.stream().map(EventStream::event).toList(), "(" + expression.sql() + ")");
    for (List<RowRange> ofPart : ranges) {
      for (RowRange each : ofPart) {
        if (meeting.contains(streams.get(each.stream()).event())) {
          columns.get(each.stream()).markAll(each.part());
          columns.get(each.stream()).settle(each.part());
        }
      }
    }
  }

  private static List<EventView.Part> filesFirst(List<EventView.Part> parts) {
    return parts.stream().sorted(Comparator.comparing(part -> part.day().isEmpty())).toList();
  }

  private void readApart(
      List<EventStream> streams,
      List<KeptColumn> columns,
      List<EventView.Part> parts,
      Map<EventView.Part, List<RowRange>> lacking)
      throws QueryException {
    long all = parts.stream().mapToLong(EventView.Part::rows).sum();
    if (!isCondition() || all < ROWS_WORTH_A_TRIAL) {
      readSome(new Reading(streams, columns, parts, lacking, true, false));
      return;
    }
    Reading trial = new Reading(streams, columns, parts.subList(0, 1), lacking, true, false);
    readSome(trial);
    boolean byOthers = 2 * trial.taken() > trial.wanted;
    readSome(
        new Reading(streams, columns, parts.subList(1, parts.size()), lacking, true, byOthers));
  }

  private void readSome(Reading reading) throws QueryException {
    if (reading.parts.isEmpty()) {
      return;
    }
    List<String> select = new ArrayList<>();
    select.add(reading.isApart ? "0::BIGINT" : StreamReader.number(reading.streams));
    switch (expression.kind()) {
      case CONDITION -> {}
      case TEXT -> {
        select.add("CAST(hash(" + expression.sql() + ") >> 1 AS BIGINT)");
        select.add(expression.valueSql());
      }
      case REAL, FLAG -> {
        select.add(expression.valueSql());
        select.add("0");
      }
    }
    Set<String> columns = new TreeSet<>(expression.columns());
    List<String> where = new ArrayList<>();
    long all = reading.parts.stream().mapToLong(EventView.Part::rows).sum();
    if (!reading.isApart || SHARE * reading.wanted < all || columns.isEmpty()) {
      where.add(StreamReader.among(reading.streams));
      columns.add("event");
    }
    if (isCondition()) {
      where.add("(" + expression.sql() + ")" + (reading.isOfOthers ? " IS NOT TRUE" : ""));
    }
    view.read(
        reading.parts,
        columns,
        select,
        where.stream().collect(Collectors.joining(" AND ")),
        reading::taker);
    reading.end();
  }

  /** What is read by one statement, or by some side by side. */
  private final class Reading {
    private final List<EventStream> streams;
    private final List<KeptColumn> columns;
    private final List<EventView.Part> parts;
    private final RowRange[][] ranges;
    private final boolean isApart;
    private final boolean isOfOthers;
    private final List<Taker> takers = new ArrayList<>();
    private long wanted;

    /**
     * Prepares.
     *
     * @param isApart whether the number of a row tells which stream it is of
     * @param isOfOthers whether the rows are read that do not meet the condition
     */
    Reading(
        List<EventStream> streams,
        List<KeptColumn> columns,
        List<EventView.Part> parts,
        Map<EventView.Part, List<RowRange>> lacking,
        boolean isApart,
        boolean isOfOthers) {
      this.streams = streams;
      this.columns = columns;
      this.parts = parts;
      this.isApart = isApart;
      this.isOfOthers = isOfOthers;
      this.ranges = new RowRange[parts.size()][];
      for (int i = 0; i < ranges.length; i++) {
        List<RowRange> ofPart = lacking.getOrDefault(parts.get(i), List.of());
        ranges[i] = isApart ? RowRange.withGaps(ofPart) : RowRange.byStream(ofPart, streams.size());
        for (RowRange each : ofPart) {
          wanted += each.rows().rows();
          if (isOfOthers) {
            columns.get(each.stream()).markAll(each.part());
          }
        }
      }
    }

    Taker taker() {
      takers.add(new Taker(this));
      return takers.getLast();
    }

    long taken() {
      return takers.stream().mapToLong(taker -> taker.taken).sum();
    }

    void end() {
      if (isOfOthers) {
        for (RowRange[] ofPart : ranges) {
          for (RowRange each : ofPart) {
            if (each.isWanted()) {
              columns.get(each.stream()).settle(each.part());
            }
          }
        }
      }
    }
  }

  /** Gives what the expression says to the columns. */
  private final class Taker implements EventView.ChunkHandler {
    private final Reading reading;
    private final int partColumn;
    private int part = -1;
    private RowRange range = RowRange.NONE;
    private final ValueTaker values;
    private long taken;

    Taker(Reading reading) {
      this.reading = reading;
      // columns of one expression share their dictionary
      this.values = new ValueTaker(expression.kind(), reading.columns.getFirst().dictionary());
      this.partColumn = isCondition() ? 1 : 3;
    }

    @Override
    public void chunk(RowChunk chunk) {
      if (isCondition()) {
        for (int row = 0; row < chunk.rows(); row++) {
          int number = find(chunk, row);
          if (number >= 0) {
            taken++;
            reading.columns.get(range.stream()).mark(range.part(), number, !reading.isOfOthers);
          }
        }
        return;
      }
      if (expression.kind() == Expression.Kind.TEXT) {
        takeValues(chunk);
        return;
      }
      synchronized (reading.columns.getFirst().dictionary()) {
        takeValues(chunk);
      }
    }

    private void takeValues(RowChunk chunk) {
      for (int row = 0; row < chunk.rows(); row++) {
        int number = find(chunk, row);
        if (number >= 0) {
          reading.columns.get(range.stream()).set(range.part(), number, values.number(chunk, row));
        }
      }
    }

    /** Sets the range that a row is in, and returns its place there; negative if not wanted. */
    private int find(RowChunk chunk, int row) {
      int number = (int) chunk.number(partColumn + 1, row);
      int ofRow = (int) chunk.number(partColumn, row);
      if (!reading.isApart) {
        range = reading.ranges[ofRow][(int) chunk.number(0, row)];
      } else if (ofRow != part || !range.holds(number)) {
        range = RowRange.of(reading.ranges[ofRow], number);
        part = ofRow;
      }
      return range.isWanted() ? number - range.rows().first() : -1;
    }
  }
}
