package weir.lake.stored;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import weir.lake.StoredColumn;
import weir.lake.catalog.StoredTypes;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.SortedRows;

/**
 * Writes a Parquet file of what an in-memory DuckDB of its own reads: on one thread, in bounded
 * memory, and with nothing in its reach but one folder. Closed after one file.
 */
final class StoredFileWriter implements AutoCloseable {
  private static final int GROUP_ROWS = 61_440;
  private static final int MESSAGE_LINES = 4;
  private static final int LONGEST_LINE = 300;

  private static final Pattern LINE = Pattern.compile("Line: (\\d+)");

  /** In bytes: what DuckDB reads at once. */
  static final int LONGEST_ROW = 2_000_000;

  static final String TOO_LONG = "more than 2,000,000 bytes, the most that a row of CSV may have";

  private final Connection connection;
  private final Path folder;

  /**
   * @param folder of input and output, and for what does not fit into memory
   */
  StoredFileWriter(Path folder, long memoryBytes) throws IOException {
    this.folder = folder;
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", memoryBytes / 1024 + "KiB");
    settings.setProperty("temp_directory", folder.resolve("temporary").toString());
    settings.setProperty("allowed_directories", "[" + text(folder.toString()) + "]");
    settings.setProperty("enable_external_access", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:", settings);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET GLOBAL TimeZone = 'UTC'");
        statement.execute("SET GLOBAL lock_configuration = true");
      }
    } catch (SQLException e) {
      throw new IOException("DuckDB does not start", e);
    }
  }

  static String parquet(Path file) {
    return "read_parquet(" + text(file.toString()) + ")";
  }

  static String csv(Path file, CsvShape shape) {
    String columns =
        shape.columns().entrySet().stream()
            .map(column -> text(column.getKey()) + ": " + text(column.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
    String separator = text(String.valueOf(shape.separator()));
    return "read_csv("
        + text(file.toString())
        + ", auto_detect = false, header = true, quote = '\"', escape = '\"', max_line_size = "
        + LONGEST_ROW
        + ", delim = "
        + separator
        + ", columns = "
        + columns
        + ")";
  }

  private static String text(String value) {
    return SortedRows.text(value);
  }

  /** Words that DuckDB keeps for itself, and its own views: no table can be asked for by them. */
  Set<String> reserved() throws IOException {
    Set<String> reserved = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT lower(view_name) FROM duckdb_views() UNION SELECT lower(keyword_name)"
                    + " FROM duckdb_keywords() WHERE keyword_category = 'reserved'")) {
      while (rows.next()) {
        reserved.add(rows.getString(1));
      }
      return reserved;
    } catch (SQLException e) {
      throw new IOException("DuckDB does not tell its keywords", e);
    }
  }

  /** The columns of what is read, with DuckDB's types, in order. */
  Map<String, String> columns(String source, ConversionWatch watch)
      throws UnreadableInputException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      watch.running(statement);
      try (ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
        while (rows.next()) {
          columns.put(rows.getString(1), rows.getString(2));
        }
      }
      return columns;
    } catch (SQLException e) {
      throw unreadable(e, watch);
    } finally {
      watch.running(null);
    }
  }

  /** How many rows a Parquet file says that it has. */
  long rowsOf(Path parquet, ConversionWatch watch) throws UnreadableInputException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT num_rows FROM parquet_file_metadata(" + text(parquet.toString()) + ")")) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException e) {
      throw unreadable(e, watch);
    }
  }

  /**
   * Writes all rows, and one more than there may be where there are more.
   *
   * @param types DuckDB's, of the columns that are read
   * @param columns the same ones as they are kept
   * @param output an empty file; not synced
   */
  ParquetEngine.Written write(
      String source,
      Map<String, String> types,
      List<StoredColumn> columns,
      Path output,
      ConversionWatch watch)
      throws UnreadableInputException, IOException {
    String select =
        types.entrySet().stream()
            .map(column -> expression(column.getKey(), column.getValue()))
            .collect(Collectors.joining(", "));
    String ids =
        columns.stream()
            .map(column -> ParquetEngine.quoted(column.name()) + ": " + column.fieldId())
            .collect(Collectors.joining(", "));
    String copy =
        String.format(
            Locale.ROOT,
            "COPY (SELECT %s FROM %s LIMIT %d) TO %s (FORMAT parquet, COMPRESSION zstd,"
                + " ROW_GROUP_SIZE %d, USE_TMP_FILE false, RETURN_STATS true, FIELD_IDS {%s})",
            select,
            source,
            watch.rowLimit() + 1,
            text(output.toString()),
            GROUP_ROWS,
            ids);
    try (Statement statement = connection.createStatement()) {
      watch.running(statement);
      try (ResultSet stats = statement.executeQuery(copy)) {
        if (!stats.next()) {
          throw new IOException("DuckDB answered nothing about " + output);
        }
        return new ParquetEngine.Written(
            stats.getLong("count"),
            stats.getLong("file_size_bytes"),
            ParquetEngine.columnBytes(stats));
      }
    } catch (SQLException e) {
      throw unreadable(e, watch);
    } finally {
      watch.running(null);
    }
  }

  private static String expression(String name, String type) {
    String quoted = ParquetEngine.quoted(name);
    String value = StoredTypes.isNested(type) ? "to_json(" + quoted + ")" : quoted;
    return "CAST(" + value + " AS " + StoredTypes.kept(type) + ") AS " + quoted;
  }

  /** What went wrong in a user's words, unless it was ended. */
  private UnreadableInputException unreadable(SQLException e, ConversionWatch watch) {
    return watch.verdict().orElseGet(() -> new UnreadableInputException(message(e), e));
  }

  private String message(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Maximum line size")) {
      Matcher line = LINE.matcher(message);
      return (line.find() ? "line " + line.group(1) : "a line") + " has " + TOO_LONG;
    }
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .takeWhile(line -> !line.startsWith("LINE ") && !line.startsWith("Possible fixes"))
        .limit(MESSAGE_LINES)
        .map(line -> line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...")
        .collect(Collectors.joining("; "))
        .replaceAll("[\"']?\\Q" + folder + "\\E[^\\s\"',;:]*[\"']?", "the file");
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
