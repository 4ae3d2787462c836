package weir.query.tables;

import java.io.IOException;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.SystemTable;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/** Copies a system table into a statement's connection, as far as the statement can see it. */
final class SystemTableCopy {
  private SystemTableCopy() {}

  /**
   * @param sql the statement
   */
  static void make(DuckSession session, SystemTable table, String project, String sql)
      throws QueryException {
    SystemTable.Span span = TimeBounds.of(session, sql, table.name(), table.time());
    session.execute(
        "CREATE TEMP TABLE "
            + ParquetSql.name(table.name())
            + " ("
            + table.columns().stream()
                .map(
                    column -> ParquetSql.name(column.name()) + " " + ParquetSql.type(column.type()))
                .collect(Collectors.joining(", "))
            + ")");
    try (DuckDBAppender appender =
        session.connection().createAppender("temp", "main", table.name())) {
      table
          .rows()
          .forEach(
              project,
              span,
              row -> {
                try {
                  append(appender, table, row);
                } catch (SQLException e) {
                  throw new AppendFailedException(e);
                }
              });
    } catch (SQLException | IOException | AppendFailedException e) {
      session.deadline().check();
      throw new QueryException(
          QueryError.INTERNAL, "cannot read table " + table.name() + "; the log says why", e);
    }
  }

  private static final class AppendFailedException extends RuntimeException {
    AppendFailedException(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static void append(DuckDBAppender appender, SystemTable table, @Nullable Object[] row)
      throws SQLException {
    appender.beginRow();
    for (int i = 0; i < row.length; i++) {
      ColumnType type = table.columns().get(i).type();
      switch (row[i]) {
        case null -> appender.appendNull();
        case Long micros when type == ColumnType.TIMESTAMP -> appender.appendEpochMicros(micros);
        case Boolean value -> appender.append(value);
        case Integer value -> appender.append(value);
        case Long value -> appender.append(value);
        case Double value -> appender.append(value);
        case String value -> appender.append(value);
        default ->
            throw new SQLException(
                "column " + table.columns().get(i).name() + " cannot be a " + row[i].getClass());
      }
    }
    appender.endRow();
  }
}
