package weir.lake.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;

/**
 * A lake's catalog, opened without writing, beside a writer in another process. Safe for use by
 * several threads.
 */
public final class ReadOnlyCatalog implements AutoCloseable {
  private static final int ATTEMPTS = 40;

  /** A locked catalog lets each attempt wait. */
  private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Path dir;
  private final FileIO io;
  private final LongSupplier ticker;
  private @Nullable JdbcCatalog catalog;

  /**
   * @param ticker nanoseconds
   */
  public ReadOnlyCatalog(Path dir, FileIO io, LongSupplier ticker) {
    this.dir = dir;
    this.io = io;
    this.ticker = ticker;
  }

  /** Reads something of the lake. */
  public interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Tries again where a writer is in the way: a locked catalog, a journal that only a writer can
   * roll back, metadata that was replaced and removed meanwhile.
   *
   * @param forget run before each further try
   */
  public <T> T patiently(Reading<T> reading, Runnable forget) throws IOException {
    long begin = ticker.getAsLong();
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.read();
      } catch (IllegalArgumentException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        if (attempt == ATTEMPTS || ticker.getAsLong() - begin > AT_MOST_NANOS) {
          throw new IOException("cannot read the lake in " + dir, e);
        }
        forget.run();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** The catalog; null as long as no writer has made it. */
  public synchronized @Nullable JdbcCatalog open() throws IOException {
    if (catalog == null && exists()) {
      catalog = LakeCatalog.openForReading(dir, io);
    }
    return catalog;
  }

  /** Whether a writer has finished creating the catalog. */
  private boolean exists() throws IOException {
    if (!java.nio.file.Files.exists(LakeCatalog.database(dir))) {
      return false;
    }
    Properties properties = new Properties();
    properties.put("open_mode", "1");
    properties.put("busy_timeout", Integer.toString(LakeCatalog.BUSY_MILLIS));
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + LakeCatalog.database(dir), properties);
        Statement statement = connection.createStatement();
        ResultSet columns =
            statement.executeQuery(
                "SELECT count(*) FROM pragma_table_info('iceberg_tables')"
                    + " WHERE name = 'iceberg_type'")) {
      return columns.next() && columns.getInt(1) == 1;
    } catch (SQLException e) {
      throw new IOException("cannot read the catalog in " + dir, e);
    }
  }

  @Override
  public synchronized void close() {
    if (catalog != null) {
      catalog.close();
      catalog = null;
    }
  }
}
