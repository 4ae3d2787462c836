package weir.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A SQLite database file, migrated when it is opened. One connection stays open until it is closed,
 * so that a write-ahead log is not folded back each time the last of the others goes.
 */
final class SqliteFile implements AutoCloseable {
  static final Duration BUSY = Duration.ofSeconds(10);

  private final Connection kept;
  private final Jdbi jdbi;

  private SqliteFile(Connection kept, Jdbi jdbi) {
    this.kept = kept;
    this.jdbi = jdbi;
  }

  /**
   * @param busy how long a statement waits for others' locks before it fails
   */
  static SqliteFile open(
      Path file,
      SQLiteConfig.JournalMode journal,
      String synchronous,
      String migrations,
      Duration busy)
      throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(journal);
    config.setPragma(SQLiteConfig.Pragma.SYNCHRONOUS, synchronous);
    config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      Connection kept = source.getConnection();
      Flyway.configure(SqliteFile.class.getClassLoader())
          .loggers("slf4j")
          .dataSource(source)
          .locations("classpath:" + migrations)
          .load()
          .migrate();
      mapSharedMemory(kept);
      return new SqliteFile(kept, Jdbi.create(source));
    } catch (SQLException e) {
      throw new IOException("cannot open " + file, e);
    }
  }

  /** Opens a file that is there, to be read as it is: its tables are not brought up to date. */
  static SqliteFile openToRead(Path file, Duration busy) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    try {
      return new SqliteFile(source.getConnection(), Jdbi.create(source));
    } catch (SQLException e) {
      throw new IOException("cannot open " + file, e);
    }
  }

  /**
   * A write-ahead log is read by way of a small file beside it. The first to read makes that, and
   * could not on a full disk; later ones find it made.
   */
  private static void mapSharedMemory(Connection kept) throws SQLException {
    try (Statement statement = kept.createStatement();
        ResultSet ignored = statement.executeQuery("select count(*) from sqlite_schema")) {
      ignored.next();
    }
  }

  Jdbi jdbi() {
    return jdbi;
  }

  @Override
  public void close() {
    try {
      kept.close();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot close the database", e);
    }
  }
}
