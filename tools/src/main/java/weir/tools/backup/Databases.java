package weir.tools.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/** Copies of SQLite databases that others write. */
final class Databases {
  private static final int BUSY_MILLIS = 30_000;

  private Databases() {}

  /**
   * Where the processor stood.
   *
   * @param clean a position of the clean log
   * @param raw the raw event decided before it, position and index
   */
  record Stamp(long clean, long raw, int index) {}

  private static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }

  /** A whole copy as of one moment; writers wait for it no longer than it takes. */
  static void copy(Path database, Path to) throws IOException {
    try (Connection connection = open(database);
        PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, to.toString());
      statement.execute();
    } catch (SQLException e) {
      throw new IOException("cannot copy " + database + ": " + e.getMessage(), e);
    }
  }

  static Optional<Stamp> stamp(Path metadata) throws IOException {
    try (Connection connection = open(metadata);
        Statement statement = connection.createStatement()) {
      try (ResultSet tables =
          statement.executeQuery(
              "select count(*) from sqlite_master where name = 'process_position'")) {
        if (!tables.next() || tables.getInt(1) == 0) {
          return Optional.empty();
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "select clean_position, raw_position, raw_index from process_position")) {
        return row.next()
            ? Optional.of(new Stamp(row.getLong(1), row.getLong(2), row.getInt(3)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + metadata, e);
    }
  }

  /** Makes a copy of the metadata say that the processor stood there. */
  static void setStamp(Path copy, Optional<Stamp> stamp) throws IOException {
    if (stamp(copy).isEmpty()) {
      return;
    }
    String sql =
        stamp.isEmpty()
            ? "delete from process_position"
            : "update process_position set clean_position = ?, raw_position = ?, raw_index = ?";
    try (Connection connection = open(copy);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      if (stamp.isPresent()) {
        statement.setLong(1, stamp.get().clean());
        statement.setLong(2, stamp.get().raw());
        statement.setInt(3, stamp.get().index());
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IOException("cannot change " + copy, e);
    }
  }
}
