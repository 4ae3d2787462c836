package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogLockedException;
import weir.log.LogReader;
import weir.log.PositionReleasedException;
import weir.log.Seekable;
import weir.log.files.FileLocks;
import weir.log.files.Files;

/**
 * An event log in a directory of segment files, written by one process and read by any number of
 * processes. Its positions count the bytes of all segments, without their headers. The bytes are
 * described in docs/formats/log.md.
 *
 * <p>Both sides are {@link Seekable} also.
 */
public final class EmbeddedLog {
  private EmbeddedLog() {}

  /**
   * Opens a log for writing, creates it if there is none, and recovers what a writer that died has
   * left: frames that were written but not synced are made durable or cut off.
   *
   * @param files must have {@link FileLocks}
   * @param clock for the index by time
   * @throws LogLockedException if it has a writer, in this process or another
   */
  public static EventLog writer(
      Files files, Path directory, LogOptions options, InstantSource clock) throws IOException {
    return writer(files, directory, 0, options, clock);
  }

  /**
   * Opens one of a log's partitions for writing, as {@link #writer(Files, Path, LogOptions,
   * InstantSource)}.
   */
  public static EventLog writer(
      Files files, Path directory, int partition, LogOptions options, InstantSource clock)
      throws IOException {
    return EmbeddedWriter.open(new LogDirectory(files, directory, partition), options, clock);
  }

  /**
   * Opens a log for reading, in any process and also before it exists. The durable end is the one
   * that the writer has published; until one is known, only what lies before the newest segment.
   * Appending throws {@link UnsupportedOperationException}; releasing works, unless the files are
   * {@link Files#readOnly}.
   */
  public static EventLog reader(Files files, Path directory) {
    return reader(files, directory, 0);
  }

  /** Opens one of a log's partitions for reading, as {@link #reader(Files, Path)}. */
  public static EventLog reader(Files files, Path directory, int partition) {
    return new EmbeddedReader(new LogDirectory(files, directory, partition));
  }

  static LogReader reader(LogDirectory directory, DurableEnd end, Position from)
      throws IOException {
    Position earliest = directory.earliest();
    if (from.isBefore(earliest) && !from.equals(Position.START)) {
      throw new PositionReleasedException(from, earliest);
    }
    return new SegmentedReader(directory, end, Math.max(from.value(), earliest.value()));
  }
}
