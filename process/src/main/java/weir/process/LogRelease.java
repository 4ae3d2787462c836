package weir.process;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.EventLog;

/** Gives back what every holder of a log has passed. Used by one thread. */
public final class LogRelease {
  private static final Logger LOG = LoggerFactory.getLogger(LogRelease.class);

  private final EventLog log;
  private final List<Supplier<Position>> holders;
  private Position released = Position.START;

  /**
   * @param holders each says from where on it needs the log; none ever goes back
   */
  public LogRelease(EventLog log, List<Supplier<Position>> holders) {
    if (holders.isEmpty()) {
      throw new IllegalArgumentException("a log without holders");
    }
    this.log = log;
    this.holders = List.copyOf(holders);
  }

  /**
   * Releases up to the holder that is furthest behind; a failure is logged, and tried next time.
   */
  public void run() {
    try {
      Position upTo = holders.stream().map(Supplier::get).min(Position::compareTo).orElseThrow();
      if (released.isBefore(upTo)) {
        log.releaseBefore(upTo);
        released = upTo;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot release what every holder has passed", e);
    }
  }
}
