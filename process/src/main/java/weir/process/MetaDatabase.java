package weir.process;

import java.io.IOException;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;

/**
 * The metadata database, {@code meta.db}: write-ahead log, synchronous FULL, so that what is
 * committed outlives a power cut. Its tables come from every {@code db/migration/meta} on the class
 * path. Safe for use by several threads.
 */
public final class MetaDatabase implements AutoCloseable {
  private final SqliteFile file;

  private MetaDatabase(SqliteFile file) {
    this.file = file;
  }

  /** Opens the database, creates it where there is none, and brings its tables up to date. */
  public static MetaDatabase open(Path file) throws IOException {
    return new MetaDatabase(
        SqliteFile.open(
            file, SQLiteConfig.JournalMode.WAL, "FULL", "db/migration/meta", SqliteFile.BUSY));
  }

  /**
   * Opens a database that is there, to be read as it is, also while others write it. Its tables are
   * those of the version that wrote it last.
   */
  public static MetaDatabase openToRead(Path file) throws IOException {
    return new MetaDatabase(SqliteFile.openToRead(file, SqliteFile.BUSY));
  }

  public Jdbi jdbi() {
    return file.jdbi();
  }

  @Override
  public void close() {
    file.close();
  }
}
