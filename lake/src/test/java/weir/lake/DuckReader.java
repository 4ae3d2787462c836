package weir.lake;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import weir.event.ColumnType;

/** Reads a table's files with plain DuckDB, by field id. */
public final class DuckReader implements AutoCloseable {
  private final Connection connection;

  public DuckReader() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
  }

  /**
   * @param sql with {@code $table} for the table
   */
  public List<List<Object>> rows(LakeTable table, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql.replace("$table", relation(table)))) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getObject(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  public List<String> column(LakeTable table, String sql) throws SQLException {
    return rows(table, sql).stream().map(row -> String.valueOf(row.getFirst())).toList();
  }

  private static String relation(LakeTable table) {
    if (table.files().isEmpty()) {
      return "(SELECT "
          + table.columns().stream()
              .map(c -> "NULL::" + sqlType(c.type()) + " AS \"" + c.name() + '"')
              .collect(Collectors.joining(", "))
          + " LIMIT 0)";
    }
    return "read_parquet(["
        + table.files().stream()
            .map(file -> "'" + file.path() + "'")
            .collect(Collectors.joining(", "))
        + "], schema = map {"
        + table.columns().stream()
            .map(c ->
                c.fieldId()
                    + ": {name: '"
                    + c.name().replace("'", "''")
                    + "', type: '"
                    + sqlType(c.type())
                    + "', default_value: NULL}")
            .collect(Collectors.joining(", "))
        + "})";
  }

  private static String sqlType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case STRING -> "VARCHAR";
      case TIMESTAMP -> "TIMESTAMPTZ";
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
