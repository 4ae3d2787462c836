package weir.lake.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Copies rows in memory into tables of a DuckDB instance. Thread-safe. */
public final class RowLoader {
  private final RowFunction function;

  private RowLoader(RowFunction function) {
    this.function = function;
  }

  /** Prepares the instance of a connection. */
  public static RowLoader register(Connection connection) throws SQLException {
    return new RowLoader(RowFunction.register(connection));
  }

  /**
   * Inserts rows in their order; meanwhile others can be added after them.
   *
   * @param connection to the instance
   * @param table its name as SQL; it has the columns
   * @param columns at least those that the rows have values in: {@link MemoryRows#columns()} after
   *     the last of them was added
   * @param rowColumn a further column, of BIGINT, that gets the rows' numbers
   * @param from the first row's number
   * @param to the number after the last row's
   */
  public void insert(
      Connection connection,
      String table,
      List<MemoryRows.Column> columns,
      String rowColumn,
      MemoryRows rows,
      int from,
      int to)
      throws SQLException {
    RowFeed feed = feed(columns, rows, from, to);
    try (RowFunction.Offer offer = function.offer(feed);
        Statement statement = connection.createStatement()) {
      statement.execute(insert(table, feed, offer, rowColumn, from));
    }
  }

  private static RowFeed feed(List<MemoryRows.Column> columns, MemoryRows rows, int from, int to) {
    Set<String> names =
        columns.stream().map(MemoryRows.Column::name).collect(Collectors.toUnmodifiableSet());
    synchronized (rows) {
      RowBuffer buffer = rows.buffer();
      List<Integer> numbers =
          rows.numbers().stream()
              .filter(number -> names.contains(buffer.columns().get(number).name()))
              .toList();
      return new RowFeed(new Range(buffer, from, to), numbers);
    }
  }

  private static String insert(
      String table, RowFeed feed, RowFunction.Offer offer, String rowColumn, int from) {
    List<String> names =
        feed.columns().stream().map(column -> ParquetEngine.quoted(column.name())).toList();
    StringBuilder select = new StringBuilder();
    for (int slot = 0; slot < names.size(); slot++) {
      select.append(slot == 0 ? "" : ", ").append(feed.expression(slot, names.get(slot)));
    }
    return "INSERT INTO "
        + table
        + names.stream().collect(Collectors.joining(", ", " (", ", "))
        + ParquetEngine.quoted(rowColumn)
        + ") SELECT "
        + select
        + ", row_number() OVER () + "
        + (from - 1)
        + " FROM "
        + offer.expression();
  }

  private record Range(RowBuffer buffer, int from, int to) implements RowSequence {
    @Override
    public int count() {
      return to - from;
    }

    @Override
    public int row(int place) {
      return from + place;
    }
  }
}
