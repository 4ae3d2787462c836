package weir.lake;

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
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Makes a Parquet file of a user's file, through an in-memory DuckDB of its own: on one thread, in
 * bounded memory, and with nothing in its reach but the folders that it is given. Closed after one
 * file.
 */
final class StoredFileWriter implements AutoCloseable {
  private static final int GROUP_ROWS = 61_440;
  private static final int MESSAGE_LINES = 4;

  private final Connection connection;
  private final Path staging;
  private final String source;

  /**
   * @param staging folder of the input, and for what does not fit into memory
   * @param target folder of the output
   */
  StoredFileWriter(StoredInput input, Path staging, Path target, long memoryBytes)
      throws IOException {
    this.staging = staging;
    this.source = source(input);
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", memoryBytes / 1024 + "KiB");
    settings.setProperty("temp_directory", staging.resolve("temporary").toString());
    settings.setProperty(
        "allowed_directories",
        "[" + text(staging.toString()) + ", " + text(target.toString()) + "]");
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

  private static String source(StoredInput input) {
    String file = text(input.file().toString());
    return switch (input.format()) {
      case PARQUET -> "read_parquet(" + file + ")";
      case CSV ->
          "read_csv("
              + file
              + ", header = true, sample_size = -1"
              + (input.types().isEmpty()
                  ? ""
                  : input.types().entrySet().stream()
                      .map(type -> text(type.getKey()) + ": " + text(type.getValue()))
                      .collect(Collectors.joining(", ", ", types = {", "}")))
              + ")";
    };
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

  /** The input's columns with DuckDB's types, in order. */
  Map<String, String> columns() throws UnreadableInputException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + source)) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
      return columns;
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /**
   * Writes all rows.
   *
   * @param columns of the input
   * @param schema has the same columns, in order
   * @param output an empty file; not synced
   */
  ParquetEngine.Written write(Map<String, String> columns, Schema schema, Path output)
      throws UnreadableInputException, IOException {
    String select =
        columns.entrySet().stream()
            .map(column -> expression(column.getKey(), column.getValue()))
            .collect(Collectors.joining(", "));
    String ids =
        schema.columns().stream()
            .map(field -> ParquetEngine.quoted(field.name()) + ": " + field.fieldId())
            .collect(Collectors.joining(", "));
    String copy =
        String.format(
            Locale.ROOT,
            "COPY (SELECT %s FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d,"
                + " USE_TMP_FILE false, RETURN_STATS true, FIELD_IDS {%s})",
            select,
            source,
            text(output.toString()),
            GROUP_ROWS,
            ids);
    try (Statement statement = connection.createStatement();
        ResultSet stats = statement.executeQuery(copy)) {
      if (!stats.next()) {
        throw new IOException("DuckDB answered nothing about " + output);
      }
      return new ParquetEngine.Written(
          stats.getLong("count"),
          stats.getLong("file_size_bytes"),
          ParquetEngine.columnBytes(stats));
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static String expression(String name, String type) {
    String quoted = ParquetEngine.quoted(name);
    String value = StoredTypes.isNested(type) ? "to_json(" + quoted + ")" : quoted;
    return "CAST(" + value + " AS " + StoredTypes.kept(type) + ") AS " + quoted;
  }

  /** The schema that a table of the input has; field ids are the catalog's to give. */
  static Schema schema(Map<String, String> columns) {
    int[] id = {0};
    List<Types.NestedField> fields =
        columns.entrySet().stream()
            .map(column ->
                Types.NestedField.optional(
                    ++id[0],
                    column.getKey(),
                    StoredTypes.iceberg(StoredTypes.kept(column.getValue()))))
            .toList();
    return new Schema(fields);
  }

  private UnreadableInputException unreadable(SQLException e) {
    String message =
        String.valueOf(e.getMessage())
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .takeWhile(line -> !line.startsWith("LINE "))
            .limit(MESSAGE_LINES)
            .collect(Collectors.joining("; "))
            .replaceAll("[\"']?\\Q" + staging + "\\E[^\\s\"',;:]*[\"']?", "the file");
    return new UnreadableInputException(message, e);
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
