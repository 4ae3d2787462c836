package weir.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;

/**
 * The ledger's database, {@code ledger.db}: a rollback journal and synchronous EXTRA, so that what
 * is committed outlives a power cut and another process may open it with no right to write. Safe
 * for use by several threads.
 */
public final class LedgerDatabase implements AutoCloseable {
  private final SqliteFile file;

  private LedgerDatabase(SqliteFile file) {
    this.file = file;
  }

  /** Opens the database, creates it where there is none, and brings its tables up to date. */
  public static LedgerDatabase open(Path file) throws IOException {
    return open(file, SqliteFile.BUSY);
  }

  /**
   * The same.
   *
   * @param busy how long a transaction waits for readers and writers before it fails
   */
  public static LedgerDatabase open(Path file, Duration busy) throws IOException {
    return new LedgerDatabase(
        SqliteFile.open(
            file, SQLiteConfig.JournalMode.DELETE, "EXTRA", "db/migration/ledger", busy));
  }

  public Jdbi jdbi() {
    return file.jdbi();
  }

  @Override
  public void close() {
    file.close();
  }
}
