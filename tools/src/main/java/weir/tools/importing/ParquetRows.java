package weir.tools.importing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Parquet file, in the order of its rows, streamed by DuckDB. Times are in UTC. */
final class ParquetRows implements RowSource {
  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private final long size;
  private long row;

  ParquetRows(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    properties.setProperty("memory_limit", "512MB");
    properties.setProperty("threads", "1");
    try {
      this.connection = DriverManager.getConnection("jdbc:duckdb:", properties);
      try {
        this.size = count(file);
        this.statement =
            connection.prepareStatement(
                "select to_json(%1$s)::varchar from read_parquet(?) %1$s"
                    .formatted(freeName(file)));
        statement.setString(1, literal(file));
        this.rows = statement.executeQuery();
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private long count(Path file) throws SQLException {
    connection.createStatement().execute("set TimeZone = 'UTC'");
    try (PreparedStatement counting =
        connection.prepareStatement("select num_rows from parquet_file_metadata(?)")) {
      counting.setString(1, literal(file));
      try (ResultSet result = counting.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  /** A name that no column has: one that a column has would be the column. */
  private String freeName(Path file) throws SQLException {
    Set<String> taken = new HashSet<>();
    try (PreparedStatement describing =
        connection.prepareStatement("select name from parquet_schema(?)")) {
      describing.setString(1, literal(file));
      try (ResultSet names = describing.executeQuery()) {
        while (names.next()) {
          taken.add(names.getString(1).toLowerCase(Locale.ROOT));
        }
      }
    }
    String name = "rows_of_file";
    while (taken.contains(name)) {
      name += "_";
    }
    return name;
  }

  /** The file's name; what would be a pattern to DuckDB stands for itself. */
  private static String literal(Path file) {
    return file.toAbsolutePath().toString().replaceAll("([\\[*?])", "[$1]");
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      if (!rows.next()) {
        return null;
      }
      row++;
      return NdjsonRows.parse(row, rows.getString(1).getBytes(StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw new IOException("cannot read on after row " + row + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String describe() {
    return "Parquet, " + size + " rows";
  }

  @Override
  public long done() {
    return row;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean countsBytes() {
    return false;
  }

  @Override
  public void close() throws IOException {
    try (connection;
        statement;
        rows) {
      // closed in reverse order
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
