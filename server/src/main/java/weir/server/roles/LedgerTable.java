package weir.server.roles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import weir.event.ColumnType;
import weir.query.SystemTable;

/** The ledger as a table in SQL, read from the engine's database with no right to write. */
final class LedgerTable {
  private static final int BUSY_MILLIS = 5_000;
  private static final long MICROS_A_MINUTE = 60_000_000L;
  private static final String ROWS =
      """
      select minute, source, accepted, derived, loaded, quarantined, duplicate, dropped,
        in_flight, uncommitted,
        case span when 1 then 'minute' when 60 then 'hour' else 'day' end
      from ledger_minute where project = ? and minute between ? and ? order by minute, source
      """;

  private LedgerTable() {}

  static SystemTable over(Path database) {
    return new SystemTable(
        "ledger",
        List.of(
            new SystemTable.Column("minute", ColumnType.TIMESTAMP),
            new SystemTable.Column("source", ColumnType.STRING),
            new SystemTable.Column("accepted", ColumnType.LONG),
            new SystemTable.Column("derived", ColumnType.LONG),
            new SystemTable.Column("loaded", ColumnType.LONG),
            new SystemTable.Column("quarantined", ColumnType.LONG),
            new SystemTable.Column("duplicate", ColumnType.LONG),
            new SystemTable.Column("dropped", ColumnType.LONG),
            new SystemTable.Column("in_flight", ColumnType.LONG),
            new SystemTable.Column("uncommitted", ColumnType.LONG),
            new SystemTable.Column("span", ColumnType.STRING)),
        "minute",
        (project, span, row) -> read(database, project, span, row));
  }

  private static void read(
      Path database, String project, SystemTable.Span span, Consumer<@Nullable Object[]> rows)
      throws IOException {
    if (!Files.exists(database)) {
      return;
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    try (Connection connection =
            config.createConnection("jdbc:sqlite:" + database.toAbsolutePath());
        PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setString(1, project);
      statement.setLong(2, Math.floorDiv(span.from(), MICROS_A_MINUTE));
      statement.setLong(3, Math.floorDiv(span.to(), MICROS_A_MINUTE));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.accept(
              new @Nullable Object[] {
                result.getLong(1) * MICROS_A_MINUTE,
                result.getString(2),
                result.getLong(3),
                result.getLong(4),
                result.getLong(5),
                result.getLong(6),
                result.getLong(7),
                result.getLong(8),
                result.getLong(9),
                result.getLong(10),
                result.getString(11)
              });
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot read the ledger", e);
    }
  }
}
