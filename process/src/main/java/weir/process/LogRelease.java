package weir.process;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Positions;
import weir.log.PartitionedLog;

/** Gives back what every holder of a log has passed. Used by one thread. */
public final class LogRelease {
  private static final Logger LOG = LoggerFactory.getLogger(LogRelease.class);

  private final PartitionedLog log;
  private final List<Supplier<Positions>> holders;
  private Positions released = Positions.START;

  /**
   * @param holders each says from where on it needs the log; none ever goes back
   */
  public LogRelease(PartitionedLog log, List<Supplier<Positions>> holders) {
    if (holders.isEmpty()) {
      throw new IllegalArgumentException("a log without holders");
    }
    this.log = log;
    this.holders = List.copyOf(holders);
  }

  /**
   * Releases each partition up to the holder that is furthest behind in it; a failure is logged,
   * and tried next time.
   */
  public void run() {
    try {
      Positions upTo = holders.stream().map(Supplier::get).reduce(Positions::earlier).orElseThrow();
      if (!released.covers(upTo)) {
        log.releaseBefore(upTo);
        released = upTo;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot release what every holder has passed", e);
    }
  }
}
