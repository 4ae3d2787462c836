package weir.lake.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeColumn;
import weir.lake.LakeOptions;

/**
 * Writes Parquet through an in-memory DuckDB of its own. The rows come in the files' order from a
 * table function, so DuckDB neither stores nor sorts them. Used by one thread at a time.
 */
public final class ParquetEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ParquetEngine.class);

  /** Rows of a row group; smaller where rows are long, since DuckDB holds a group in memory. */
  private static final int MAX_GROUP_ROWS = 61_440;

  private static final int MIN_GROUP_ROWS = 2_048;
  private static final long GROUP_BYTES = 48L << 20;

  private final LakeOptions options;
  private @Nullable Instance instance;

  /** DuckDB as long as nothing has failed in it: an error of its own may leave it unusable. */
  private record Instance(Connection connection, RowFunction function) {}

  /**
   * A column of a file.
   *
   * @param number its number in the buffer
   */
  public record FileColumn(int number, LakeColumn column) {}

  /**
   * What was written.
   *
   * @param columnBytes compressed bytes by column name
   */
  public record Written(long rows, long bytes, Map<String, Long> columnBytes) {}

  /** Prepares; DuckDB starts with the first file. */
  public ParquetEngine(LakeOptions options) {
    this.options = options;
    Thread.ofPlatform().daemon().name("duckdb-load").start(ParquetEngine::load);
  }

  /** Takes half a second, which is no reason for anything to wait but the first file. */
  private static void load() {
    try {
      DriverManager.getConnection("jdbc:duckdb:").close();
    } catch (SQLException | LinkageError e) {
      LOG.warn("DuckDB cannot be loaded; the first commit tries again", e);
    }
  }

  private Instance start() throws IOException {
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET threads = " + options.engineThreads());
        statement.execute("SET memory_limit = '" + options.engineMemoryBytes() / 1024 + " KiB'");
        statement.execute("SET temp_directory = ''");
        statement.execute("SET preserve_insertion_order = true");
      }
      return new Instance(connection, RowFunction.register(connection));
    } catch (SQLException e) {
      throw new IOException("DuckDB does not start", e);
    }
  }

  /** Writes rows of one day to a file, which is not synced. */
  public Written write(OrderedRows.Day day, List<FileColumn> columns, Path file)
      throws IOException {
    Instance running = instance == null ? start() : instance;
    instance = null;
    RowFeed feed = new RowFeed(day, columns.stream().map(FileColumn::number).toList());
    try (RowFunction.Offer offer = running.function().offer(feed);
        Statement statement = running.connection().createStatement();
        ResultSet stats = statement.executeQuery(copy(offer, day, feed, columns, file))) {
      if (!stats.next()) {
        throw new IOException("DuckDB answered nothing about " + file);
      }
      long rows = stats.getLong("count");
      if (rows != day.count()) {
        throw new IOException(file + " has " + rows + " rows, not " + day.count());
      }
      Written written = new Written(rows, stats.getLong("file_size_bytes"), columnBytes(stats));
      instance = running;
      return written;
    } catch (SQLException e) {
      throw new IOException("cannot write " + file, e);
    } finally {
      if (instance == null) {
        close(running);
      }
    }
  }

  private static void close(Instance failed) {
    try {
      failed.connection().close();
    } catch (SQLException e) {
      LOG.warn("DuckDB does not close after a failure", e);
    }
  }

  private static String copy(
      RowFunction.Offer offer,
      OrderedRows.Day day,
      RowFeed feed,
      List<FileColumn> columns,
      Path file) {
    StringBuilder select = new StringBuilder();
    StringBuilder ids = new StringBuilder();
    for (int slot = 0; slot < columns.size(); slot++) {
      FileColumn column = columns.get(slot);
      String name = quoted(column.column().name());
      String separator = select.isEmpty() ? "" : ", ";
      select.append(separator).append(feed.expression(slot, name)).append(" AS ").append(name);
      ids.append(separator).append(name).append(": ").append(column.column().fieldId());
    }
    return String.format(
        Locale.ROOT,
        "COPY (SELECT %s FROM %s) TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE"
            + " %d, USE_TMP_FILE false, RETURN_STATS true, FIELD_IDS {%s})",
        select,
        offer.expression(),
        file.toString().replace("'", "''"),
        groupRows(day.buffer()),
        ids);
  }

  private static long groupRows(RowBuffer buffer) {
    long rowBytes = Math.max(1, buffer.arena().bytes() / buffer.rows());
    return Math.clamp(GROUP_BYTES / rowBytes, MIN_GROUP_ROWS, MAX_GROUP_ROWS);
  }

  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Compressed bytes by column, of what COPY answers with RETURN_STATS. */
  public static Map<String, Long> columnBytes(ResultSet stats) throws SQLException {
    Map<String, Long> bytes = new HashMap<>();
    if (stats.getObject("column_statistics") instanceof Map<?, ?> byColumn) {
      for (Map.Entry<?, ?> entry : byColumn.entrySet()) {
        String name = String.valueOf(entry.getKey());
        if (entry.getValue() instanceof Map<?, ?> values
            && values.get("column_size_bytes") instanceof String size) {
          bytes.put(name.substring(1, name.length() - 1).replace("\"\"", "\""), Long.valueOf(size));
        }
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    if (instance == null) {
      return;
    }
    try {
      instance.connection().close();
    } catch (SQLException e) {
      throw new IOException("DuckDB does not close", e);
    }
  }
}
