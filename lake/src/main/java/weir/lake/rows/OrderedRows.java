package weir.lake.rows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import weir.lake.catalog.FileMetrics;

/** A buffer's rows in the table's order, and its cuts into days. */
public final class OrderedRows {
  /** Each column costs a file some 0.1 ms and 200 bytes, which only few rows cannot make up for. */
  private static final int FEW_ROWS = 20_000;

  private final RowBuffer buffer;
  private final int[] order;
  private final int[] days;
  private final long[] times;
  private final int[] eventOf;
  private final Names.Ranks events;
  private final int[] actorOf;
  private final Names.Ranks actors;

  OrderedRows(
      RowBuffer buffer,
      int[] order,
      int[] days,
      long[] times,
      int[] eventOf,
      Names.Ranks events,
      int[] actorOf,
      Names.Ranks actors) {
    this.buffer = buffer;
    this.order = order;
    this.days = days;
    this.times = times;
    this.eventOf = eventOf;
    this.events = events;
    this.actorOf = actorOf;
    this.actors = actors;
  }

  /**
   * Rows of one day, in order.
   *
   * @param day days since 1970-01-01
   * @param from the first one's place in the order
   * @param to the place after the last one's
   */
  public record Day(OrderedRows rows, int day, int from, int to)
      implements RowSequence, FileMetrics.KeyBounds {
    @Override
    public RowBuffer buffer() {
      return rows.buffer;
    }

    @Override
    public int count() {
      return to - from;
    }

    /**
     * The buffer's numbers of the columns in which these rows have values; of a day with many rows,
     * those in which any row of the buffer has, which costs less to find out.
     */
    public BitSet usedColumns() {
      RowBuffer buffer = rows.buffer;
      BitSet used = new BitSet();
      if (count() > FEW_ROWS) {
        for (int column = 0; column < buffer.columns().size(); column++) {
          used.set(column, buffer.isUsed(column));
        }
      } else {
        for (int place = from; place < to; place++) {
          buffer.arena().addColumns(rows.order[place], buffer.columns(), used);
        }
      }
      return used;
    }

    @Override
    public int row(int place) {
      return rows.order[from + place];
    }

    @Override
    public FileMetrics.Bounds<String> texts(String column) {
      return column.equals("event") ? rows.events(this) : rows.actors(this);
    }

    @Override
    public FileMetrics.Bounds<Long> times(String column) {
      return rows.times(this);
    }
  }

  public List<Day> days() {
    List<Day> cuts = new ArrayList<>();
    int from = 0;
    for (int place = 1; place <= order.length; place++) {
      if (place == order.length || days[order[place]] != days[order[from]]) {
        cuts.add(new Day(this, days[order[from]], from, place));
        from = place;
      }
    }
    return cuts;
  }

  private FileMetrics.Bounds<Long> times(Day day) {
    long lower = Long.MAX_VALUE;
    long upper = Long.MIN_VALUE;
    for (int place = day.from(); place < day.to(); place++) {
      lower = Math.min(lower, times[order[place]]);
      upper = Math.max(upper, times[order[place]]);
    }
    return new FileMetrics.Bounds<>(lower, upper, 0);
  }

  private FileMetrics.Bounds<String> events(Day day) {
    return bounds(day, eventOf, events);
  }

  private FileMetrics.Bounds<String> actors(Day day) {
    return bounds(day, actorOf, actors);
  }

  private FileMetrics.Bounds<String> bounds(Day day, int[] numberOf, Names.Ranks ranks) {
    int lower = Integer.MAX_VALUE;
    int upper = 0;
    long nulls = 0;
    for (int place = day.from(); place < day.to(); place++) {
      int rank = ranks.rankOf()[numberOf[order[place]]];
      if (rank == 0) {
        nulls++;
      } else {
        lower = Math.min(lower, rank);
        upper = Math.max(upper, rank);
      }
    }
    return upper == 0
        ? new FileMetrics.Bounds<>(null, null, nulls)
        : new FileMetrics.Bounds<>(ranks.at(lower), ranks.at(upper), nulls);
  }
}
