package weir.query.hottail;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.Position;
import weir.lake.rows.MemoryRows;
import weir.log.LogEntry;

/**
 * Consecutive rows of one table and partition, dropped as a whole. One thread adds rows; any may
 * read them.
 */
public final class Generation {
  private final MemoryRows rows;
  private final Map<String, Set<String>> properties = new ConcurrentHashMap<>();
  private final int partition;
  private final Position first;
  private Position end;
  private long accounted;
  private volatile long newest = Long.MIN_VALUE;
  private volatile boolean dropped;

  /**
   * @param first the frame of the first row
   */
  Generation(MemoryRows rows, LogEntry.Frame first) {
    this.rows = rows;
    this.partition = first.partition();
    this.first = first.position();
    this.end = first.position();
  }

  /**
   * Adds a row.
   *
   * @return how much more memory is in use
   */
  long add(LogEntry.Frame frame, CleanRecord row) {
    rows.add(row, frame.position());
    switch (row) {
      case CleanEvent event ->
          properties
              .computeIfAbsent(event.event(), name -> ConcurrentHashMap.newKeySet())
              .addAll(event.properties().keySet());
      case BadEvent ignored -> {}
      default -> throw new IllegalArgumentException("not a row: " + row);
    }
    newest = Math.max(newest, row.origin().receivedAt());
    end = frame.next();
    long bytes = rows.bytes();
    long more = bytes - accounted;
    accounted = bytes;
    return more;
  }

  /** The partition of the clean log that the rows are of. */
  int partition() {
    return partition;
  }

  /** Where the first row stands in its partition. */
  Position first() {
    return first;
  }

  /** Where the partition goes on after the last row. */
  Position end() {
    return end;
  }

  /** Memory in use, as last answered by {@link #add}. */
  long bytes() {
    return accounted;
  }

  void drop() {
    dropped = true;
  }

  /** Whether the lake has all of it, so that no query begun from now on needs it. */
  public boolean isDropped() {
    return dropped;
  }

  public MemoryRows rows() {
    return rows;
  }

  /** The event names that it has, each with the names of its property columns. */
  public Map<String, Set<String>> properties() {
    return properties;
  }

  /** The newest received_at, in microseconds since the epoch. */
  public long newest() {
    return newest;
  }
}
