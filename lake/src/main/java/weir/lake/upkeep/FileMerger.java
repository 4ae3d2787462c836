package weir.lake.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.FileMetrics;
import weir.lake.catalog.TableLayout;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.SortedRows;

/**
 * Merges Parquet files of one day into one that is sorted, through an in-memory DuckDB of its own
 * whose memory is bounded; what does not fit is sorted on the disk. Used by one thread, but for
 * {@link #cancel()}.
 *
 * <p>DuckDB sorts some hundred thousand rows at once, which need not fit; then the order is found
 * by the keys alone, and the rows are gathered in pieces.
 *
 * <p>Duplicates are found before anything is written: first the hashes that occur twice, then the
 * rows behind them, by file and row number. So the usual day, which has none, is not sorted by id.
 */
final class FileMerger implements AutoCloseable {
  private static final int MAX_GROUP_ROWS = 61_440;
  private static final int MIN_GROUP_ROWS = 2_048;
  private static final long GROUP_BYTES = 48L << 20;

  /** How much longer rows are in memory than compressed, about. */
  private static final int EXPANSION = 8;

  private static final int FIRST_PIECE_ROWS = 16_384;
  private static final int LAST_PIECE_ROWS = 256;
  private static final int PIECE_RATIO = 8;
  private static final Logger LOG = LoggerFactory.getLogger(FileMerger.class);

  private final Connection connection;
  private final Path spill;
  private volatile @Nullable Statement running;
  private volatile boolean cancelled;

  /**
   * What was written.
   *
   * @param duplicates rows that were left out
   * @param columnBytes compressed bytes by column
   */
  record Merged(
      long rows,
      long duplicates,
      long bytes,
      Map<String, Long> columnBytes,
      FileMetrics.KeyBounds bounds) {}

  /**
   * @param spill folder for what does not fit into memory
   */
  FileMerger(UpkeepOptions options, Path spill) throws IOException {
    this.spill = spill;
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET memory_limit = '" + options.memoryBytes() / 1024 + " KiB'");
        statement.execute("SET temp_directory = " + SortedRows.text(spill.toString()));
        statement.execute("SET preserve_insertion_order = true");
      }
    } catch (SQLException e) {
      throw new IOException("DuckDB does not start", e);
    }
  }

  /**
   * Merges files.
   *
   * @param all the table's columns; those that no file has are left out
   * @param output an empty file; not synced
   */
  Merged merge(TableLayout layout, List<LakeColumn> all, List<LakeFile> inputs, Path output)
      throws IOException {
    List<Path> paths = inputs.stream().map(LakeFile::path).toList();
    long rows = inputs.stream().mapToLong(LakeFile::rows).sum();
    long bytes = inputs.stream().mapToLong(LakeFile::bytes).sum();
    try {
      List<LakeColumn> columns = present(all, paths);
      long duplicates = layout.hasDistinctIds() ? findDuplicates(columns, paths) : 0;
      Map<String, Long> columnBytes = new HashMap<>();
      SortedRows sorted = new SortedRows(layout, columns, paths, duplicates > 0);
      long written = write(sorted, groupRows(rows, bytes), output, columnBytes);
      if (written != rows - duplicates) {
        throw new IOException(
            output + " has " + written + " rows, not " + rows + " less " + duplicates);
      }
      FileMetrics.KeyBounds bounds = bounds(sorted, output, written);
      long size = java.nio.file.Files.size(output);
      return new Merged(written, duplicates, size, columnBytes, bounds);
    } catch (SQLException e) {
      throw new IOException("cannot merge " + inputs.size() + " files to " + output, e);
    } finally {
      running = null;
    }
  }

  /**
   * Writes a file anew without some of its rows, in the same order.
   *
   * @param all the table's columns; those that the file does not have are left out
   * @param condition of the rows that are left out, in SQL
   * @param output an empty file; not synced
   */
  Merged without(
      TableLayout layout, List<LakeColumn> all, LakeFile input, String condition, Path output)
      throws IOException {
    List<Path> paths = List.of(input.path());
    try {
      List<LakeColumn> columns = present(all, paths);
      SortedRows rows = new SortedRows(layout, columns, paths, false);
      String select =
          "SELECT "
              + rows.names()
              + " FROM "
              + SortedRows.relation(columns, paths, false)
              + " WHERE ("
              + condition
              + ") IS NOT TRUE";
      Map<String, Long> columnBytes = new HashMap<>();
      long written =
          write(select, columns, groupRows(input.rows(), input.bytes()), output, columnBytes);
      long size = java.nio.file.Files.size(output);
      return new Merged(written, 0, size, columnBytes, bounds(rows, output, written));
    } catch (SQLException e) {
      throw new IOException("cannot write " + input.path() + " anew", e);
    } finally {
      running = null;
    }
  }

  /**
   * Reads texts of the rows of a file for which a condition holds.
   *
   * @param columns that the condition and what is read need
   */
  void read(
      List<LakeColumn> columns, LakeFile input, String select, String condition, Reader reader)
      throws IOException {
    String from = SortedRows.relation(columns, List.of(input.path()), false);
    try (Statement statement = start();
        ResultSet found =
            statement.executeQuery("SELECT " + select + " FROM " + from + " WHERE " + condition)) {
      while (found.next()) {
        reader.row(found);
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + input.path(), e);
    } finally {
      running = null;
    }
  }

  /** Takes rows. */
  interface Reader {
    void row(ResultSet row) throws SQLException, IOException;
  }

  /** Sorts all rows at once; where that runs out of memory, in ever smaller pieces. */
  private long write(SortedRows sorted, long groupRows, Path output, Map<String, Long> columnBytes)
      throws SQLException, IOException {
    try {
      return write(sorted.select(), sorted.columns(), groupRows, output, columnBytes);
    } catch (SQLException e) {
      if (!isOutOfMemory(e)) {
        throw e;
      }
    }
    for (int rows = FIRST_PIECE_ROWS; ; rows /= PIECE_RATIO) {
      LOG.info("Rows too long for lake.compaction_memory are sorted {} at a time", rows);
      try (SortedPieces pieces = new SortedPieces(sorted, rows, spill, this::start)) {
        return write(pieces.select(), sorted.columns(), rows, output, columnBytes);
      } catch (SQLException e) {
        if (!isOutOfMemory(e) || rows <= LAST_PIECE_ROWS) {
          throw e;
        }
      }
    }
  }

  private static boolean isOutOfMemory(SQLException e) {
    return String.valueOf(e.getMessage()).startsWith("Out of Memory Error");
  }

  /** A statement, which {@link #cancel()} ends. */
  private Statement start() throws SQLException {
    Statement statement = connection.createStatement();
    running = statement;
    if (cancelled) {
      statement.close();
      throw new SQLException("merging was cancelled");
    }
    return statement;
  }

  private List<LakeColumn> present(List<LakeColumn> all, List<Path> paths) throws SQLException {
    Set<Integer> ids = new HashSet<>();
    try (Statement statement = start();
        ResultSet result =
            statement.executeQuery(
                "SELECT DISTINCT field_id FROM parquet_schema(" + SortedRows.list(paths) + ")")) {
      while (result.next()) {
        ids.add(result.getInt(1));
      }
    }
    return all.stream().filter(column -> ids.contains(column.fieldId())).toList();
  }

  /** Fills the table {@code duplicates} and answers how many there are. */
  private long findDuplicates(List<LakeColumn> columns, List<Path> paths) throws SQLException {
    List<LakeColumn> few =
        columns.stream()
            .filter(c -> Set.of("event_id", "received_at", "_raw_position").contains(c.name()))
            .toList();
    if (few.stream().noneMatch(c -> c.name().equals("event_id"))) {
      return 0;
    }
    String order =
        few.stream()
            .filter(c -> !c.name().equals("event_id"))
            .map(c -> quoted(c.name()) + ", ")
            .collect(Collectors.joining());
    try (Statement statement = start()) {
      statement.execute(
          "CREATE OR REPLACE TEMP TABLE twice AS SELECT hash(event_id) AS h FROM "
              + SortedRows.relation(few, paths, false)
              + " WHERE event_id IS NOT NULL GROUP BY h HAVING count(*) > 1");
      statement.execute(
          String.format(
              Locale.ROOT,
              """
              CREATE OR REPLACE TEMP TABLE duplicates AS
              SELECT file, number FROM (
                SELECT %1$s AS file, %2$s AS number, row_number()
                  OVER (PARTITION BY event_id ORDER BY %3$s%1$s, %2$s) AS n
                FROM %4$s WHERE event_id IS NOT NULL AND hash(event_id) IN (SELECT h FROM twice))
              WHERE n > 1
              """,
              quoted(SortedRows.FILE),
              SortedRows.NUMBER,
              order,
              SortedRows.relation(few, paths, true)));
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM duplicates")) {
        return count.next() ? count.getLong(1) : 0;
      }
    }
  }

  private long write(
      String select,
      List<LakeColumn> columns,
      long groupRows,
      Path output,
      Map<String, Long> columnBytes)
      throws SQLException {
    String ids =
        columns.stream()
            .map(c -> quoted(c.name()) + ": " + c.fieldId())
            .collect(Collectors.joining(", "));
    String copy =
        "COPY ("
            + select
            + ") TO "
            + SortedRows.text(output.toString())
            + " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE "
            + groupRows
            + ", USE_TMP_FILE false, RETURN_STATS true, FIELD_IDS {"
            + ids
            + "})";
    try (Statement statement = start();
        ResultSet stats = statement.executeQuery(copy)) {
      if (!stats.next()) {
        return 0;
      }
      columnBytes.putAll(ParquetEngine.columnBytes(stats));
      return stats.getLong("count");
    }
  }

  private static long groupRows(long rows, long bytes) {
    long rowBytes = Math.max(1, bytes * EXPANSION / Math.max(1, rows));
    return Math.clamp(GROUP_BYTES / rowBytes, MIN_GROUP_ROWS, MAX_GROUP_ROWS);
  }

  /** Reads the file that was written, and with it whether it can be read. */
  private FileMetrics.KeyBounds bounds(SortedRows sorted, Path output, long rows)
      throws SQLException, IOException {
    Map<String, FileMetrics.Bounds<String>> texts = new HashMap<>();
    Map<String, FileMetrics.Bounds<Long>> times = new HashMap<>();
    TableLayout layout = sorted.layout();
    List<LakeColumn> keys = sorted.keys();
    String select =
        keys.stream()
            .map(c -> {
              String name = quoted(c.name());
              String value = layout.isText(c.name()) ? name : "epoch_us(" + name + ")";
              return ", count(%1$s), min(%2$s), max(%2$s)".formatted(name, value);
            })
            .collect(Collectors.joining());
    String from = SortedRows.relation(keys, List.of(output), false);
    try (Statement statement = start();
        ResultSet result = statement.executeQuery("SELECT count(*)" + select + " FROM " + from)) {
      if (!result.next() || result.getLong(1) != rows) {
        throw new IOException(output + " does not have the " + rows + " rows that were written");
      }
      for (int i = 0; i < keys.size(); i++) {
        int at = 2 + 3 * i;
        String name = keys.get(i).name();
        long nulls = rows - result.getLong(at);
        if (layout.isText(name)) {
          texts.put(
              name,
              new FileMetrics.Bounds<>(result.getString(at + 1), result.getString(at + 2), nulls));
        } else {
          times.put(
              name,
              new FileMetrics.Bounds<>(result.getLong(at + 1), result.getLong(at + 2), nulls));
        }
      }
    }
    return new Found(texts, times, rows);
  }

  private record Found(
      Map<String, FileMetrics.Bounds<String>> texts,
      Map<String, FileMetrics.Bounds<Long>> times,
      long rows)
      implements FileMetrics.KeyBounds {
    @Override
    public FileMetrics.Bounds<String> texts(String column) {
      return texts.getOrDefault(column, new FileMetrics.Bounds<>(null, null, rows));
    }

    @Override
    public FileMetrics.Bounds<Long> times(String column) {
      return times.getOrDefault(column, new FileMetrics.Bounds<>(null, null, rows));
    }
  }

  private static String quoted(String name) {
    return ParquetEngine.quoted(name);
  }

  /** Ends a merge that is running, and all later ones, with an exception; from any thread. */
  void cancel() {
    cancelled = true;
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        running = null;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("DuckDB does not close", e);
    }
  }
}
