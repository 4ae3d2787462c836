package weir.query.hottail;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import weir.event.ColumnType;
import weir.lake.rows.MemoryRows;
import weir.lake.rows.RowLoader;
import weir.query.Deadline;
import weir.query.QueryException;
import weir.query.sql.ParquetSql;

/**
 * A project's tail as tables of its DuckDB instance, a table for each generation, filled as far as
 * queries ask for it. A table is dropped once its generation is and no query uses it. Thread-safe.
 */
public final class TailTables {
  /**
   * The column that numbers a table's rows from 0. It is not the engine's own rowid: a statement
   * that orders and limits rows, or takes a sample of them, has the engine fetch columns late by
   * rowid, and that fails where rowid is read already.
   */
  public static final String ROW = "weir_row";

  private static final int ROWS_PER_INSERT = 20_000;

  private final Connection connection;
  private final RowLoader loader;
  private final Map<Generation, Loaded> loaded = new IdentityHashMap<>();
  private long tables;

  /**
   * A table, and which rows of its generation it has: an instance that opens after a commit does
   * not need those that the lake has by then.
   */
  private static final class Loaded {
    private final String name;
    private final Map<String, ColumnType> columns = new LinkedHashMap<>();
    private int from;
    private int to;
    private int users;

    Loaded(String name, int from) {
      this.name = name;
      this.from = from;
      this.to = from;
    }
  }

  /**
   * Rows of a table that stay until they are released.
   *
   * @param table its name as SQL
   * @param columns its columns; those that it lacks are null in all rows
   * @param from the first row's number
   * @param to the number after the last row's
   */
  public record Slice(
      Generation generation, String table, Map<String, ColumnType> columns, int from, int to) {
    /** The same with fewer columns. */
    Slice with(Predicate<String> wanted) {
      Map<String, ColumnType> fewer = new LinkedHashMap<>(columns);
      return fewer.keySet().removeIf(wanted.negate())
          ? new Slice(generation, table, fewer, from, to)
          : this;
    }
  }

  /**
   * Prepares an instance.
   *
   * @param connection to the instance; used by this class alone from now on
   */
  public TailTables(Connection connection) throws SQLException {
    this.connection = connection;
    this.loader = RowLoader.register(connection);
  }

  /**
   * Brings rows into tables, as far as they are not there yet.
   *
   * @return as many slices as rows were asked for; to be released
   * @throws QueryException if the deadline ends meanwhile
   */
  synchronized List<Slice> load(List<TailRows> wanted, Deadline deadline)
      throws SQLException, QueryException {
    List<Slice> slices = new ArrayList<>();
    try {
      for (TailRows rows : wanted) {
        Loaded table = table(rows);
        table.users++;
        slices.add(new Slice(rows.generation(), table.name, Map.of(), rows.from(), rows.to()));
        fill(table, rows, deadline);
        Map<String, ColumnType> columns = new LinkedHashMap<>(table.columns);
        slices.set(
            slices.size() - 1,
            new Slice(rows.generation(), table.name, columns, rows.from(), rows.to()));
      }
      return slices;
    } catch (SQLException | QueryException | RuntimeException e) {
      release(slices);
      throw e;
    }
  }

  private Loaded table(TailRows wanted) {
    return loaded.computeIfAbsent(
        wanted.generation(),
        added -> new Loaded("memory.main.weir_tail_" + tables++, wanted.from()));
  }

  private void fill(Loaded table, TailRows wanted, Deadline deadline)
      throws SQLException, QueryException {
    MemoryRows rows = wanted.generation().rows();
    if (table.from <= wanted.from() && wanted.to() <= table.to && !table.columns.isEmpty()) {
      return;
    }
    List<MemoryRows.Column> columns = rows.columns();
    addColumns(table, columns);
    while (table.from > wanted.from()) {
      deadline.check();
      int before = Math.max(wanted.from(), table.from - ROWS_PER_INSERT);
      loader.insert(connection, table.name, columns, ROW, rows, before, table.from);
      table.from = before;
    }
    while (table.to < wanted.to()) {
      deadline.check();
      int next = Math.min(wanted.to(), table.to + ROWS_PER_INSERT);
      loader.insert(connection, table.name, columns, ROW, rows, table.to, next);
      table.to = next;
    }
  }

  private void addColumns(Loaded table, List<MemoryRows.Column> columns) throws SQLException {
    List<MemoryRows.Column> added =
        columns.stream().filter(column -> !table.columns.containsKey(column.name())).toList();
    if (table.columns.isEmpty()) {
      execute(
          "CREATE TABLE "
              + table.name
              + " ("
              + String.join(", ", added.stream().map(TailTables::definition).toList())
              + ", "
              + ROW
              + " BIGINT)");
    } else {
      for (MemoryRows.Column column : added) {
        execute("ALTER TABLE " + table.name + " ADD COLUMN " + definition(column));
      }
    }
    added.forEach(column -> table.columns.put(column.name(), column.type()));
  }

  private static String definition(MemoryRows.Column column) {
    return ParquetSql.name(column.name()) + " " + ParquetSql.type(column.type());
  }

  /** Gives slices back; their tables may go now. */
  synchronized void release(List<Slice> slices) {
    for (Slice slice : slices) {
      Loaded table = loaded.get(slice.generation());
      if (table != null) {
        table.users--;
      }
    }
    dropUnused();
  }

  /** Drops the tables of dropped generations that no query uses. */
  public synchronized void dropUnused() {
    for (Iterator<Map.Entry<Generation, Loaded>> each = loaded.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<Generation, Loaded> entry = each.next();
      Loaded table = entry.getValue();
      if (entry.getKey().isDropped() && table.users == 0) {
        each.remove();
        try {
          execute("DROP TABLE IF EXISTS " + table.name);
        } catch (SQLException e) {
          throw new IllegalStateException("cannot drop a table in memory", e);
        }
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
