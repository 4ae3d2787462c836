package weir.log;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.event.Position;

/** A reader at a position of its own. Used by one thread at a time. */
public interface LogReader extends AutoCloseable {
  /**
   * The next entry, or null at the durable end, which it never passes.
   *
   * @throws PositionReleasedException if the reader's position was released meanwhile
   */
  @Nullable LogEntry next() throws IOException;

  /** Where {@link #next()} reads next. */
  Position position();

  /**
   * Waits until there is something to read, at most so long.
   *
   * @return whether there is
   */
  boolean await(Duration atMost) throws InterruptedException, IOException;

  @Override
  void close();
}
