package weir.query.kept;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room on disk for rows that there is no memory for. Files lose their names as soon as they are
 * there, so that none outlives the process. Safe for use by several threads.
 */
public final class RowDisk {
  /** No room at all. */
  public static final RowDisk NONE = new RowDisk(Path.of(""), 0, () -> 0);

  private static final Logger LOG = LoggerFactory.getLogger(RowDisk.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final long ROWS_WORTH_A_FILE = 20_000;
  private static final int WAITS = 100;
  private static final long WAIT_NANOS = 5_000_000;

  /** After no garbage made room, none is collected for so long. */
  private static final long NANOS_FULL = 10_000_000_000L;

  private final Path folder;
  private final long maxBytes;
  private final long fewestRows;
  private final AtomicLong bytes = new AtomicLong();
  private final LongSupplier ticker;
  private final AtomicLong fullSince;

  /**
   * Writes nothing yet.
   *
   * @param folder of this process alone
   * @param maxBytes how much may be taken
   * @param ticker nanoseconds from some origin
   */
  public RowDisk(Path folder, long maxBytes, LongSupplier ticker) {
    this(folder, maxBytes, ROWS_WORTH_A_FILE, ticker);
  }

  RowDisk(Path folder, long maxBytes, long fewestRows, LongSupplier ticker) {
    this.ticker = ticker;
    this.fullSince = new AtomicLong(ticker.getAsLong() - NANOS_FULL);
    this.fewestRows = fewestRows;
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** Whether so many rows are worth a file. */
  boolean isFor(long rows) {
    return maxBytes > 0 && rows >= fewestRows;
  }

  long maxBytes() {
    return maxBytes;
  }

  /** How much is taken: by rows that are kept, and by some that soon are not any more. */
  public long bytes() {
    return bytes.get();
  }

  /**
   * Writes rows.
   *
   * @param most how many there may be
   * @param partitions gives those of each; called by several threads
   * @throws TooLargeException if there is no room
   */
  RowStore write(long most, IntFunction<Rows> partitions) {
    long needed = most * Rows.BYTES + (long) Rows.PARTITIONS * Long.BYTES;
    take(needed);
    long taken = 0;
    try {
      RowFile file = written(most, partitions);
      taken = file.diskBytes();
      AtomicLong all = bytes;
      long ofFile = taken;
      CLEANER.register(file, () -> all.addAndGet(-ofFile));
      return file;
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Rows cannot be kept in {}: {}", folder, e.toString());
      throw new TooLargeException();
    } finally {
      bytes.addAndGet(taken - needed);
    }
  }

  /** What nobody refers to any more is given back when garbage is collected. */
  private void take(long needed) {
    if (bytes.addAndGet(needed) <= maxBytes) {
      return;
    }
    long now = ticker.getAsLong();
    if (needed <= maxBytes && now - fullSince.get() > NANOS_FULL) {
      System.gc();
      for (int i = 0; i < WAITS && bytes.get() > maxBytes; i++) {
        LockSupport.parkNanos(WAIT_NANOS);
      }
    }
    if (bytes.get() > maxBytes) {
      fullSince.set(now);
      bytes.addAndGet(-needed);
      throw new TooLargeException();
    }
  }

  private RowFile written(long most, IntFunction<Rows> partitions) throws IOException {
    Path path = Files.createTempFile(folder, "rows", "");
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Files.delete(path);
      RowFile.Writer writer = new RowFile.Writer(channel);
      Partitions.each(
          most, () -> partition -> writer.write(partition, partitions.apply(partition)));
      return writer.end();
    }
  }
}
