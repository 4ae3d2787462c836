package weir.log;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.event.Positions;

/**
 * A reader of all partitions of a log, at positions of its own. Used by one thread at a time. No
 * partition is kept waiting for ever by another.
 */
public interface PartitionedReader extends AutoCloseable {
  /**
   * The next entry of some partition, or null at the durable end of all, which it never passes.
   *
   * @throws PositionReleasedException if one of the reader's positions was released meanwhile
   */
  @Nullable LogEntry next() throws IOException;

  /** Where {@link #next()} goes on in each partition. */
  Positions positions();

  /**
   * Waits until there is something to read, at most so long.
   *
   * @return whether there is
   */
  boolean await(Duration atMost) throws InterruptedException, IOException;

  @Override
  void close();
}
